import { sql } from 'drizzle-orm'
import { addRow, changeRow, removeRow } from '../customers/rows.ts'
import { openAccount } from '../customers/setup/open-account.ts'
import { type Db, one } from '../db/db.ts'
import { location } from '../db/tables/customers.ts'
import { landlordAgreement } from '../db/tables/setup.ts'
import { NotFound, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { demandRight, type Who } from '../payments/door.ts'
import { type PropertyRow, property, servicesUntil } from './store.ts'

export interface AgreementInput {
  version: number
  rental: boolean
  /** Customer number of the owner; empty = none; `not shown` = one that this person may not see, who stays. */
  landlord: string
  autoConnect: boolean
  noticeCopies: boolean
  since?: Day | undefined
}

export const NOT_SHOWN = 'not shown'

export async function mustBeProperty(db: Db, number: string): Promise<PropertyRow> {
  const found = await property(db, number)
  if (!found) throw new NotFound('location')
  return found
}

const say = (field: string, sentence: string) => new Refused('landlord', sentence, { [field]: sentence })

/**
 * Saves who owns a location and what was agreed: a landlord of a rental, a sale (another owner), or back to non-rental
 * (then the resident is taken to be the owner, and the agreement ends). Changed meanwhile is a Conflict.
 */
export async function saveProperty(who: Who, number: string, input: AgreementInput): Promise<void> {
  demandRight(who, 'customers.edit')
  const row = await mustBeProperty(who.db, number)
  const owner = await ownerOf(who.db, input.landlord)
  if (input.rental && owner === null) throw say('landlord', 'A rental has a landlord.')
  const by = who.actor.id
  await who.db.transaction(async (db) => {
    const kept = owner === undefined ? {} : { ownerCustomerId: input.rental ? owner : null }
    await changeRow(db, location, { id: row.id, version: input.version }, { rental: input.rental, ...kept }, by, {})
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
  if (!input.rental) {
    if (known) await removeRow(db, landlordAgreement, known, actor.id, 'The agreement is used.')
  } else if (known) await changeRow(db, landlordAgreement, known, values, actor.id, {})
  else await addRow(db, landlordAgreement, { locationId, ...values }, actor.id, {})
}

/** The owner's id; null = none; undefined = one that is not shown and stays. */
async function ownerOf(db: Db, number: string): Promise<number | null | undefined> {
  if (number === NOT_SHOWN) return undefined
  if (number === '') return null
  const found = await one<{ id: number }>(db, sql`select id from customer where number = ${number}`)
  if (!found) throw say('landlord', `There is no customer ${number}.`)
  return found.id
}

/**
 * Gives an empty rental back to its landlord in one step: a new account with the services connected from the day the
 * tenant left, beginning at the last reads [003]. Gives its number.
 */
export async function reconnectLandlord(who: Who, number: string): Promise<string> {
  demandRight(who, 'customers.edit')
  const row = await mustBeProperty(who.db, number)
  const { landlord, landlordId, last } = row
  if (!row.rental || landlord === null || landlordId === null)
    throw say('', 'This location has no landlord to go back to.')
  if (last === null) throw say('', 'Nobody had services here before; use Setup New Customers.')
  const day = row.lastDate ?? who.today
  const services = await servicesUntil(who.db, last)
  return who.db.transaction((tx) =>
    openAccount(
      tx,
      {
        customerId: landlordId,
        customerNumber: landlord,
        locationId: row.id,
        connectDate: day,
        services: services.map((service) => ({ ...service, connectDate: day })),
        ...{ deposits: [], reads: [], meters: [] },
      },
      who.today,
      who.actor.id,
    ),
  )
}
