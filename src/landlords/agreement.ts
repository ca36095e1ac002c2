import { sql } from 'drizzle-orm'
import { ownerChange } from '../customers/owner-change.ts'
import { addRow, changeRow } from '../customers/rows.ts'
import { openAccount } from '../customers/setup/open-account.ts'
import { type Db, one } from '../db/db.ts'
import { location } from '../db/tables/customers.ts'
import { landlordAgreement } from '../db/tables/setup.ts'
import { NotFound, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { demandRight, type Who } from '../payments/door.ts'
import { nextConnect } from './rules.ts'
import { type PropertyRow, property, servicesUntil } from './store.ts'

export { type PropertyRow, properties, propertyCount, SHOWN } from './store.ts'

export interface AgreementInput {
  version: number
  rental: boolean
  /** Customer number of the owner; empty = none; `not shown` = one that this person may not see, who stays. */
  landlord: string
  autoConnect: boolean
  noticeCopies: boolean
  since?: Day | undefined
}

const LANDLORD = { field: 'landlord', noun: 'landlord' }

export async function mustBeProperty(db: Db, number: string): Promise<PropertyRow> {
  const found = await property(db, number)
  if (!found) throw new NotFound('location')
  return found
}

const say = (field: string, sentence: string) => new Refused('landlord', sentence, { [field]: sentence })

/**
 * Saves who owns a location and what was agreed: a landlord of a rental, a sale (another owner), or back to non-rental:
 * the resident is then taken to be the owner, and the landlord and the agreement rest until it is rented again. Refuses to replace or drop a landlord who is not
 * shown to the person who asks. Changed meanwhile is a Conflict.
 */
export async function saveProperty(who: Who, number: string, input: AgreementInput): Promise<void> {
  demandRight(who, 'customers.edit')
  const row = await mustBeProperty(who.db, number)
  const owner = await ownerChange(who.db, input.landlord, row.ownerId, LANDLORD)
  if (input.rental && owner === null) throw say('landlord', 'A rental has a landlord.')
  const by = who.actor.id
  await who.db.transaction(async (db) => {
    const values = { rental: input.rental, ownerCustomerId: owner }
    await changeRow(db, location, { id: row.id, version: input.version }, values, by, {})
    await keepAgreement(db, row.id, input, who)
  })
}

async function keepAgreement(db: Db, locationId: number, input: AgreementInput, { actor, today }: Who): Promise<void> {
  const known = await one<{ id: number; version: number }>(
    db,
    sql`select id, version from landlord_agreement where location_id = ${locationId}`,
  )
  const { autoConnect, noticeCopies, since } = input
  const values = { autoConnect, noticeCopies, since: since ?? today }
  if (known) await changeRow(db, landlordAgreement, known, values, actor.id, {})
  else if (input.rental) await addRow(db, landlordAgreement, { locationId, ...values }, actor.id, {})
}

/**
 * Gives an empty rental back to its landlord in one step: a new account with the services connected from the day after
 * the tenant's last day, beginning at the last reads [003]; it waits where that day is still to come. Gives its number.
 * Refuses where the landlord is connected or waits there already.
 */
export async function reconnectLandlord(who: Who, number: string): Promise<string> {
  demandRight(who, 'customers.edit')
  const row = await mustBeProperty(who.db, number)
  const { landlord, landlordId, last } = row
  if (!row.rental || landlord === null || landlordId === null)
    throw say('', 'This location has no landlord to go back to.')
  if (last === null) throw say('', 'Nobody had services here before; use Setup New Customers.')
  const connectDate = nextConnect(row.lastDate, who.today)
  const services = await servicesUntil(who.db, last)
  const account = {
    ...{ customerId: landlordId, customerNumber: landlord, locationId: row.id, connectDate },
    services: services.map((service) => ({ ...service, connectDate, copied: true })),
    ...{ deposits: [], reads: [], meters: [] },
  }
  return who.db.transaction(async (tx) => {
    // two presses at once: the second finds what the first made
    await tx.execute(sql`select from location where id = ${row.id} for update`)
    if ((await mustBeProperty(tx, number)).landlordWaits)
      throw say('', 'The landlord waits already to be connected here.')
    return openAccount(tx, account, who.today, who.actor.id)
  })
}
