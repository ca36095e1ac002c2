import type { Db } from '../db/db.ts'
import { customerPhone } from '../db/tables/customer-places.ts'
import { customer } from '../db/tables/customers.ts'
import { NotFound } from '../errors.ts'
import type { Context } from '../web/context.ts'
import type { FormData } from '../web/form.ts'
import type { Key, Part, PartKind } from './part.ts'
import type { PersonFacts, PhoneRow } from './person-facts.ts'
import { phoneForm } from './person-forms.ts'
import { addRow, changeRow, removeRow } from './rows.ts'

type Phone = FormData<typeof phoneForm>
type At = { key: Key; version: number }
type Stored = { number: string; phoneTypeId: number | null }

/**
 * The phone numbers of a customer. The primary one stands in the customer's own row: a single number is primary
 * [001-124], one that becomes primary changes places with it, and when it is deleted the next one takes its place.
 */
export const phones: PartKind<Phone> = {
  path: 'phones',
  noun: 'phone number',
  title: 'Setup Phone No.',
  form: phoneForm,
  options: ({ phoneTypeId }) => ({ options: { phoneTypeId } }),
  initial: ({ values }) =>
    values.phone ? { values: {}, readonly: [] } : { values: { primary: true }, readonly: ['primary'] },
  find: async (person, key) => (key === 'primary' ? primaryOf(person) : furtherOf(person, key)),
  save: savePhone,
  remove: removePhone,
}

function primaryOf({ values, version }: PersonFacts): Part | undefined {
  if (!values.phone) return undefined
  const number = String(values.phone)
  const shown = { number, phoneTypeId: values.phoneTypeId, primary: true }
  return { key: 'primary', version, name: number, values: shown, readonly: ['primary'] }
}

function furtherOf(person: PersonFacts, id: number): Part | undefined {
  const found = person.phones.find((each) => each.id === id)
  if (!found) return undefined
  const { version, number, phoneTypeId } = found
  return { key: id, version, name: number, values: { number, phoneTypeId, primary: false }, readonly: [] }
}

/** Adds or changes a number; ticked Primary, or the only one, it is the primary one. */
export async function savePhone({ db, actor }: Context, person: PersonFacts, data: Phone, at?: At): Promise<void> {
  const typed: Stored = { number: data.number, phoneTypeId: data.phoneTypeId }
  const was = primaryStored(person)
  const primary = data.primary || was === undefined
  await db.transaction(async (tx) => {
    if (at?.key === 'primary') return setPrimary(tx, person, typed, actor.id, at.version)
    if (!primary) return void (await put(tx, person, typed, actor.id, at))
    // what was primary takes the place of the one that becomes it
    if (was) await put(tx, person, was, actor.id, at)
    else if (at) await removeFurther(tx, at, actor.id)
    await setPrimary(tx, person, typed, actor.id)
  })
}

/** Deletes a number; the next one becomes primary where it was the primary one. */
export async function removePhone({ db, actor }: Context, person: PersonFacts, at: At): Promise<void> {
  if (at.key !== 'primary') return removeFurther(db, at, actor.id)
  const next = person.phones[0]
  await db.transaction(async (tx) => {
    await setPrimary(tx, person, next ?? { number: null, phoneTypeId: null }, actor.id, at.version)
    if (next) await removeFurther(tx, { key: next.id, version: next.version }, actor.id)
  })
}

function primaryStored({ values }: PersonFacts): Stored | undefined {
  return values.phone ? { number: String(values.phone), phoneTypeId: values.phoneTypeId as number | null } : undefined
}

async function setPrimary(
  db: Db,
  { id, version }: PersonFacts,
  { number, phoneTypeId }: Pick<PhoneRow, 'phoneTypeId'> & { number: string | null },
  by: number,
  seen = version,
): Promise<void> {
  await changeRow(db, customer, { id, version: seen }, { phone: number, phoneTypeId }, by, {})
}

async function put(db: Db, person: PersonFacts, row: Stored, by: number, at?: At): Promise<void> {
  if (at === undefined) await addRow(db, customerPhone, { customerId: person.id, ...row }, by, {})
  else await changeRow(db, customerPhone, rowAt(at), row, by, {})
}

const removeFurther = (db: Db, at: At, by: number): Promise<void> =>
  removeRow(db, customerPhone, rowAt(at), by, 'This phone number is used.')

function rowAt({ key, version }: At): { id: number; version: number } {
  if (key === 'primary') throw new NotFound('phone number')
  return { id: key, version }
}
