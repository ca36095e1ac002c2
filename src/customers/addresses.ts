import type { Db } from '../db/db.ts'
import { customerAddress } from '../db/tables/customer-places.ts'
import { customer } from '../db/tables/customers.ts'
import { NotFound, Refused } from '../errors.ts'
import type { Context } from '../web/context.ts'
import type { FormData } from '../web/form.ts'
import { type Season, seasonsOverlap } from './mailing-rules.ts'
import type { Key, Part, PartKind } from './part.ts'
import { ADDRESS_LINES, type AddressRow, type PersonFacts } from './person-facts.ts'
import { addressForm } from './person-forms.ts'
import { slashed } from './person-page.ts'
import { addRow, changeRow, removeRow } from './rows.ts'

type Address = FormData<typeof addressForm>
type At = { key: Key; version: number }

type Lines = Record<(typeof ADDRESS_LINES)[number], unknown>

/**
 * The addresses of a customer beside the primary mailing address, which stands in the customer's own row. A single
 * address is primary [001-104]; one that becomes primary changes places with it. One with a season (both days included,
 * every year) is mailed to in its season; two seasons never share a day.
 */
export const addresses: PartKind<Address> = {
  path: 'addresses',
  noun: 'address',
  title: 'Address',
  form: addressForm,
  options: ({ addressTypeId }) => ({ options: { addressTypeId } }),
  initial: ({ values }) =>
    values.addressLine1 ? { values: {}, readonly: [] } : { values: { primary: true }, readonly: ['primary'] },
  find: async (person, key) => (key === 'primary' ? undefined : partOf(person.addresses.find(({ id }) => id === key))),
  save: saveAddress,
  remove: async ({ db, actor }, _person, at) =>
    removeRow(db, customerAddress, rowAt(at), actor.id, 'This address is used.'),
}

function partOf(found: AddressRow | undefined): Part | undefined {
  if (!found) return undefined
  const season = { mailFrom: slashed(found.mailFrom), mailTo: slashed(found.mailTo) }
  const name = found.addressLine1 ?? ''
  return { key: found.id, version: found.version, name, values: { ...found, ...season, primary: false }, readonly: [] }
}

/** Adds or changes an address. Refuses half a season, a primary one with a season, and a season that overlaps another. */
export async function saveAddress({ db, actor }: Context, person: PersonFacts, data: Address, at?: At): Promise<void> {
  const hasPrimary = Boolean(person.values.addressLine1)
  const primary = data.primary || !hasPrimary
  refuseSeason(person, data, primary, at)
  const season = { mailFrom: data.mailFrom ?? null, mailTo: data.mailTo ?? null }
  await db.transaction(async (tx) => {
    if (!primary) return put(tx, person, { ...linesOf(data), ...season }, actor.id, at)
    // what was primary takes the place of the one that becomes it
    if (hasPrimary) await put(tx, person, { ...linesOf(person.values), mailFrom: null, mailTo: null }, actor.id, at)
    else if (at) await removeRow(tx, customerAddress, rowAt(at), actor.id, 'This address is used.')
    await changeRow(tx, customer, { id: person.id, version: person.version }, linesOf(data), actor.id, {})
  })
}

const linesOf = (from: object): Lines => {
  const given = from as Record<string, unknown>
  return Object.fromEntries(
    ADDRESS_LINES.map((name) => [name, given[name] === '' ? null : (given[name] ?? null)]),
  ) as Lines
}

function refuseSeason(person: PersonFacts, data: Address, primary: boolean, at?: At): void {
  const say = (field: string, sentence: string) => new Refused('season', sentence, { [field]: sentence })
  const { mailFrom, mailTo } = data
  if (mailFrom === undefined && mailTo === undefined) return
  if (mailFrom === undefined) throw say('mailFrom', 'Write both days of the season, or neither.')
  if (mailTo === undefined) throw say('mailTo', 'Write both days of the season, or neither.')
  if (primary) throw say('mailFrom', 'The primary mailing address has no season: it is used whenever no other one is.')
  const other = person.addresses.find(
    (each) => each.id !== at?.key && hasSeason(each) && seasonsOverlap(each, { mailFrom, mailTo }),
  )
  if (other) {
    const when = `${slashed(other.mailFrom)} to ${slashed(other.mailTo)}`
    throw say('mailFrom', `From ${when} mail goes to ${other.addressLine1}.`)
  }
}

const hasSeason = (address: AddressRow): address is AddressRow & Season =>
  address.mailFrom !== null && address.mailTo !== null

async function put(db: Db, person: PersonFacts, row: object, by: number, at?: At): Promise<void> {
  if (at === undefined) await addRow(db, customerAddress, { customerId: person.id, ...row }, by, {})
  else await changeRow(db, customerAddress, rowAt(at), row, by, {})
}

function rowAt({ key, version }: At): { id: number; version: number } {
  if (key === 'primary') throw new NotFound('address')
  return { id: key, version }
}
