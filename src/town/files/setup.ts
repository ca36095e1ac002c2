import { isDay } from '../../ledger/calendar.ts'
import {
  ACCOUNT,
  CUSTOMER,
  code,
  column,
  count,
  day,
  dollars,
  flag,
  json,
  LOCATION,
  ref,
  SERVICE,
  text,
} from '../columns.ts'
import { jsonIn, whole, words } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const account = { ...ref('account_number', ACCOUNT, { into: 'account_id' }), required: true }

/** Who shares responsibility for a customer's accounts. */
export const cosigners: TownFile = {
  name: 'cosigners.csv',
  table: 'public.cosigner',
  key: ['customer_number'],
  columns: [
    { ...ref('customer_number', CUSTOMER, { into: 'customer_id' }), required: true },
    { ...ref('cosigner_number', CUSTOMER, { into: 'cosigner_customer_id' }), required: true },
  ],
  complete(row) {
    if (row.cell('customer_number') === row.cell('cosigner_number'))
      row.fault('cosigner_number', 'this is the customer')
  },
}

/** What was agreed with the owners of rented locations. */
export const landlordAgreements: TownFile = {
  name: 'landlord_agreements.csv',
  table: 'public.landlord_agreement',
  key: ['location_number'],
  columns: [
    { ...ref('location_number', LOCATION, { into: 'location_id' }), required: true },
    flag('auto_connect', 'yes'),
    flag('notice_copies', 'no'),
    day('since'),
  ],
}

/** Deposits that customers are to pay; what was paid stands in transactions.csv under the same number. */
export const depositAgreements: TownFile = {
  name: 'deposit_agreements.csv',
  table: 'public.deposit_agreement',
  key: ['deposit'],
  columns: [
    code('deposit', { into: 'number', required: true }),
    account,
    { ...ref('service', SERVICE), required: true },
    dollars('amount', { required: true }),
    column('installments', whole(1, 24), { empty: '1' }),
    day('agreed_on', { required: true }),
    text('description'),
  ],
}

const isRead = (read: unknown): boolean => {
  const { meter, date } = (read ?? {}) as Record<string, unknown>
  return typeof meter === 'string' && typeof date === 'string' && isDay(date)
}

/** How customers left: what undoing a final bill puts back. */
export const moveOuts: TownFile = {
  name: 'move_outs.csv',
  table: 'public.move_out',
  key: ['account_number'],
  columns: [
    account,
    day('date', { required: true }),
    column('services', words, { into: null, select: `array_to_string(t.services, E'\\n')` }),
    json('reads', { empty: '[]' }),
    text('application'),
    text('statement'),
  ],
  complete(row) {
    row.values.services = row
      .cell('services')
      .split(/\r?\n/)
      .filter((service) => service !== '')
    const reads = jsonIn(row.cell('reads'))
    if (reads !== null && !(Array.isArray(reads) && reads.every(isRead)))
      row.fault('reads', 'this is not a list of meters and days')
  },
}

/** The read that an account begins with at each meter. */
export const beginningReads: TownFile = {
  name: 'beginning_reads.csv',
  table: 'public.beginning_read',
  key: ['account_number', 'meter'],
  columns: [
    account,
    { ...ref('meter', { table: 'meter', by: 'number' }), required: true },
    day('read_date', { required: true }),
    count('reading', { required: true }),
  ],
}
