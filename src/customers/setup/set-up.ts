import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../../db/db.ts'
import { location } from '../../db/tables/customers.ts'
import { landlordAgreement } from '../../db/tables/setup.ts'
import { Forbidden, Refused } from '../../errors.ts'
import type { Day } from '../../ledger/calendar.ts'
import { assign } from '../../master-contacts/service.ts'
import type { Context } from '../../web/context.ts'
import { keepCosigner } from '../cosigner.ts'
import { stored } from '../customers.ts'
import { isHidden, ownerChange } from '../owner-change.ts'
import { addCustomer } from '../person.ts'
import { addRow, changeRow, takeNumber } from '../rows.ts'
import { masterFor } from './master.ts'
import { type NewAccount, openAccount } from './open-account.ts'

type Who = Pick<Context, 'db' | 'actor' | 'today' | 'may'>

/** A customer as set up. */
export interface SetUpOrder {
  /** By the names of the customer's form; without a number it takes the next one. */
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
    const number = String(order.customer.number ?? (await takeNumber(db, 'customer')))
    const customerId = await addCustomer({ ...who, db }, { ...order.customer, number })
    await link({ ...who, db }, { id: customerId, number }, order)
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

async function link(who: Who, made: { id: number; number: string }, order: SetUpOrder): Promise<void> {
  if (order.cosigner) await keepCosigner(who.db, made.id, order.cosigner, who.actor.id)
  if (!order.masterContact) return
  const master = await masterFor(who.db, order.masterContact)
  if (typeof master === 'string') throw say('masterContact', master)
  await assign(who, { kind: 'customer', number: made.number }, master)
}

async function placeOf(db: Db, given: SetUpOrder['location'], by: number) {
  if (given === null) return null
  if ('existing' in given) {
    const found = await one<{ id: number }>(db, sql`select id from location where number = ${given.existing}`)
    if (!found) throw say('location', `There is no location ${given.existing}.`)
    return { id: found.id, number: given.existing }
  }
  const { owner = '', ...values } = given.new
  const ownerId = await ownerChange(db, owner, null, { field: 'owner', noun: 'owner' })
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
    sql`select n.id, n.version, ${isHidden(sql`n.owner_customer_id`)} as hidden
      from location n where n.number = ${number} for update`,
  )
  if (!found) throw say('landlordOf', `There is no location ${number}.`)
  if (found.hidden) throw say('landlordOf', `Location ${number} has an owner who is not shown to you.`)
  await changeRow(db, location, found, { ownerCustomerId: customerId, rental: true }, who.actor.id, {})
  const known = await rows(db, sql`select 1 from landlord_agreement where location_id = ${found.id}`)
  if (known.length > 0) return
  await addRow(db, landlordAgreement, { locationId: found.id, since: who.today }, who.actor.id, {})
}
