import { byCode, CUSTOMER, code, column, day, flag, LOCATION, oneOf, ref, text } from '../columns.ts'
import { moment, name } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import { utc } from '../sql-out.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'
import { addLastFour, sealed } from './customers.ts'

const CONTACT = { table: 'contact', by: 'number' }
const MASTER = { table: 'master_contact', by: 'number' }

/** A contact hangs on a customer or on a location. */
export const contacts: TownFile = {
  name: 'contacts.csv',
  table: 'public.contact',
  key: ['contact'],
  columns: [
    code('contact', { into: 'number', required: true }),
    ref('customer_number', CUSTOMER, { into: 'customer_id' }),
    ref('location_number', LOCATION, { into: 'location_id' }),
    { ...ref('type', byCode('contact_type'), { into: 'contact_type_id' }), required: true },
    oneOf('notices', ['mail', 'email', 'none'], { empty: 'none' }),
    column('first_name', name, { required: true }),
    text('middle_name'),
    column('last_name', name, { required: true }),
    text('suffix'),
    day('birth_date'),
    column('licence_sealed', sealed),
    text('licence_last4'),
    column('ssn_sealed', sealed),
    text('ssn_last4'),
    ref('master_contact', MASTER),
  ],
  complete(row) {
    oneOfTwo(row, 'customer_number', 'location_number')
    for (const field of ['licence', 'ssn']) addLastFour(row, field)
  },
}

function oneOfTwo(row: SetUpRow, one: string, other: string): void {
  if ((row.cell(one) === '') === (row.cell(other) === '')) row.fault(other, `it names a ${one} or a ${other}, not both`)
}

const OF_CONTACT = { ...ref('contact', CONTACT), required: true }
const PRIMARY = flag('primary', 'no', { into: 'is_primary' })

const met = new WeakMap<Picture, Set<string>>()

/** Of each kind one is primary. */
const onePrimary = (kind: string) => (row: SetUpRow, picture: Picture) => {
  if (row.cell('primary') !== 'yes') return
  const known = met.get(picture) ?? new Set()
  met.set(picture, known)
  const key = `${kind} ${row.cell('contact')}`
  if (known.has(key)) row.fault('primary', `the contact has a primary ${kind} already`)
  known.add(key)
}

export const contactAddresses: TownFile = {
  name: 'contact_addresses.csv',
  table: 'public.contact_address',
  key: [],
  columns: [
    OF_CONTACT,
    PRIMARY,
    { ...ref('type', byCode('address_type'), { into: 'address_type_id' }), required: true },
    text('care_of'),
    text('address_line_1', { required: true }),
    text('address_line_2'),
    text('city', { required: true }),
    text('state', { required: true }),
    text('zip'),
    text('country', { required: true }),
    text('county'),
    text('geo_code'),
  ],
  complete: onePrimary('address'),
}

export const contactEmails: TownFile = {
  name: 'contact_emails.csv',
  table: 'public.contact_email',
  key: [],
  columns: [
    OF_CONTACT,
    PRIMARY,
    { ...ref('type', byCode('email_type'), { into: 'email_type_id' }), required: true },
    text('address', { required: true }),
    text('description'),
  ],
  complete: onePrimary('e-mail address'),
}

export const contactPhones: TownFile = {
  name: 'contact_phones.csv',
  table: 'public.contact_phone',
  key: [],
  columns: [
    OF_CONTACT,
    PRIMARY,
    { ...ref('type', byCode('phone_type'), { into: 'phone_type_id' }), required: true },
    text('number', { required: true }),
    text('extension'),
    text('description'),
  ],
  complete: onePrimary('phone number'),
}

/** Customers and contacts name their master contact themselves. */
export const masterContacts: TownFile = {
  name: 'master_contacts.csv',
  table: 'public.master_contact',
  key: ['master_contact'],
  columns: [
    code('master_contact', { into: 'number', required: true }),
    column('name', name, { required: true }),
    text('address_line_1'),
    text('address_line_2'),
    text('city'),
    text('state'),
    text('zip'),
    text('phone'),
    text('email'),
    flag('held_back', 'no', { extra: true }),
  ],
}

/** Master contacts that went into another one. */
export const masterMerges: TownFile = {
  name: 'master_merges.csv',
  table: 'public.master_merge',
  key: ['master_contact'],
  conflict: ['master_contact_id'],
  columns: [
    { ...ref('master_contact', MASTER), required: true },
    { ...ref('into', MASTER), required: true },
    column('merged_at', moment, { required: true, select: utc('t.merged_at') }),
    text('merged_by', { required: true }),
  ],
  complete(row) {
    if (row.cell('into') === row.cell('master_contact')) row.fault('into', 'it went into itself')
  },
}

/** What a merge moved, so that undoing it moves it back. */
export const masterMoves: TownFile = {
  name: 'master_moves.csv',
  table: 'public.master_moved',
  key: [],
  columns: [
    { ...ref('master_contact', MASTER), required: true },
    ref('customer_number', CUSTOMER, { into: 'customer_id' }),
    ref('contact', CONTACT),
  ],
  complete: (row) => oneOfTwo(row, 'customer_number', 'contact'),
}
