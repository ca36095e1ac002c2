import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../../db/db.ts'
import { customer, location } from '../../db/tables/customers.ts'
import { landlordAgreement } from '../../db/tables/setup.ts'
import { Forbidden, Refused } from '../../errors.ts'
import type { Day } from '../../ledger/calendar.ts'
import type { Context } from '../../web/context.ts'
import { keepCosigner } from '../cosigner.ts'
import { stored } from '../customers.ts'
import { addCustomer } from '../person.ts'
import { addRow, changeRow } from '../rows.ts'
import { type NewAccount, openAccount } from './open-account.ts'

type Who = Pick<Context, 'db' | 'actor' | 'today' | 'may'>

/** A customer as set up: values by the names of the customer's form. */
export interface SetUpOrder {
  customer: Record<string, unknown>
  /** Customer number of who shares responsibility. */
  cosigner?: string | undefined
  masterContact?: string | undefined
  /** An existing location by its number, a new one, or none: then the customer only owns property. */
  location: { existing: string } | { new: Record<string, unknown> & { number: string; owner?: string } } | null
  /** Number of a location that the customer becomes landlord of. */
  landlordOf?: string | undefined
  connectDate: Day
  services: NewAccount['services']
  deposits: NewAccount['deposits']
  reads: NewAccount['reads']
  meters: NewAccount['meters']
}

export interface SetUpAnswer {
  customer: string
  account: string | null
  location: string | null
}

const say = (field: string, sentence: string) => new Refused('setup', sentence, { [field]: sentence })

/**
 * Sets up a customer with location, account, services, agreed deposits and beginning reads: all of it or nothing, in one
 * database transaction of set-up data; `also` is done in the same. Refusals name the field. Moves no money.
 */
export async function setUpCustomer(
  who: Who,
  order: SetUpOrder,
  also: (db: Db, made: SetUpAnswer) => Promise<void> = async () => {},
): Promise<SetUpAnswer> {
  if (!who.may('customers.edit')) throw new Forbidden('customers.edit')
  return who.db.transaction(async (tx) => {
    const db = tx as unknown as Db
    const number = String(order.customer.number)
    const customerId = await addCustomer({ ...who, db }, order.customer)
    await link(db, customerId, order, who.actor.id)
    const place = await placeOf(db, order.location, who.actor.id)
    const account = place
      ? await openAccount(
          db,
          { ...order, customerId, customerNumber: number, locationId: place.id },
          who.today,
          who.actor.id,
        )
      : null
    if (order.landlordOf) await makeLandlord(db, order.landlordOf, customerId, who)
    const made = { customer: number, account, location: place?.number ?? null }
    await also(db, made)
    return made
  })
}

async function link(db: Db, customerId: number, order: SetUpOrder, by: number): Promise<void> {
  if (order.cosigner) await keepCosigner(db, customerId, order.cosigner, by)
  if (!order.masterContact) return
  const master = await idOf(db, 'master_contact', order.masterContact)
  if (!master) throw say('masterContact', `There is no master contact ${order.masterContact}.`)
  await changeRow(db, customer, { id: customerId, version: 1 }, { masterContactId: master }, by, {})
}

async function idOf(
  db: Db,
  table: 'customer' | 'location' | 'master_contact',
  number: string,
): Promise<number | undefined> {
  const row = await one<{ id: number }>(db, sql`select id from ${sql.identifier(table)} where number = ${number}`)
  return row?.id
}

async function placeOf(db: Db, given: SetUpOrder['location'], by: number) {
  if (given === null) return null
  if ('existing' in given) {
    const id = await idOf(db, 'location', given.existing)
    if (!id) throw say('location', `There is no location ${given.existing}.`)
    return { id, number: given.existing }
  }
  const { owner = '', ...values } = given.new
  const ownerId = owner === '' ? null : await idOf(db, 'customer', owner)
  if (ownerId === undefined) throw say('owner', `There is no customer ${owner}.`)
  const taken = { location_number_unique: ['locationNumber', 'This location number is taken.'] as [string, string] }
  const id = await addRow(db, location, { ...stored(values), ownerCustomerId: ownerId }, by, taken)
  return { id, number: given.new.number }
}

/**
 * The customer becomes owner of a rented location, with an agreement as the town usually makes it. A private owner is not
 * replaced by somebody for whom it is not there.
 */
async function makeLandlord(db: Db, number: string, customerId: number, who: Who): Promise<void> {
  const found = await one<{ id: number; version: number; hidden: boolean }>(
    db,
    sql`select n.id, n.version, n.owner_customer_id is not null
        and not exists (select from customer c where c.id = n.owner_customer_id) as hidden
      from location n where n.number = ${number} for update`,
  )
  if (!found) throw say('landlordOf', `There is no location ${number}.`)
  if (found.hidden) throw say('landlordOf', `Location ${number} has an owner who is not shown to you.`)
  await changeRow(db, location, found, { ownerCustomerId: customerId, rental: true }, who.actor.id, {})
  const known = await rows(db, sql`select 1 from landlord_agreement where location_id = ${found.id}`)
  if (known.length > 0) return
  await addRow(db, landlordAgreement, { locationId: found.id, since: who.today }, who.actor.id, {})
}
