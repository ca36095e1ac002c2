import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../../db/db.ts'
import { account, accountService } from '../../db/tables/customers.ts'
import { type AgreementInput, addAgreement } from '../../deposits/agreement.ts'
import { Refused } from '../../errors.ts'
import type { Day } from '../../ledger/calendar.ts'
import type { Money } from '../../ledger/money.ts'
import { refuseUnknownRate } from '../rates.ts'
import { addRow, nextAccount, type Sentences } from '../rows.ts'
import { addMeter, addRead, beginAt, lastReads } from './meters.ts'
import { activityOn, connectRefusal } from './rules.ts'

export interface NewService {
  service: string
  rate: string | null
  quantity: string
  units: string
  frequency: string
  connectDate: Day
  /** It goes on from the account that was there before: a service that takes no new billings may. */
  copied: boolean
}

export interface NewAccount {
  customerId: number
  customerNumber: string
  locationId: number
  connectDate: Day
  services: NewService[]
  deposits: { service: string; amount: Money; installments: number }[]
  /** Reads to begin with, by the meter's number; a meter not named begins with its last read. */
  reads: { meter: string; reading: string }[]
  meters: { number: string; service: string; reading: string }[]
}

const OCCUPIED =
  'This location has a Current account, and it has at most one. Move that customer out first (Customers > Final bill).'
const SENTENCES: Sentences = {
  account_one_current: ['location', OCCUPIED],
  account_number_unique: ['number', 'The account number was just taken. Try again.'],
}

/**
 * Opens an account of a customer at a location, inside a transaction of set-up data: services, agreed deposits and the
 * reads it begins with. Waiting where it connects in the future. Refuses, in words, a location whose Current account is
 * somebody else's, a service twice or before the account connects, and one that takes no new billings, unless it is copied.
 * Refusals have the names of the set-up's fields. Gives the account's number.
 */
export async function openAccount(db: Db, given: NewAccount, today: Day, by: number): Promise<string> {
  const activity = activityOn(given.connectDate, today)
  if (activity === 'Current') await refuseOccupied(db, given.locationId)
  const number = await nextAccount(db, given.customerNumber)
  const status = await one<{ id: number }>(db, sql`select id from account_status where code = 'CURRENT'`)
  const { customerId, locationId, connectDate } = given
  const values = { number, customerId, locationId, connectDate, activityStatus: activity, statusSince: today }
  const id = await addRow(db, account, { ...values, accountStatusId: status?.id }, by, SENTENCES)
  await addServices(db, id, given, by)
  for (const deposit of given.deposits) await agree(db, id, { ...deposit, description: '', agreedOn: today }, by)
  await addMeters(db, given, by)
  await beginReads(db, id, given, { by, today })
  return number
}

async function refuseOccupied(db: Db, locationId: number): Promise<void> {
  const sentence = await occupiedBy(db, locationId)
  if (sentence) throw new Refused('occupied', sentence, { location: sentence })
}

/** Says whose Current account stands at a location; undefined where there is none that may be seen. */
export async function occupiedBy(db: Db, locationId: number): Promise<string | undefined> {
  const there = await one<{ number: string; name: string }>(
    db,
    sql`select a.number, c.name from account a join customer c on c.id = a.customer_id
      where a.location_id = ${locationId} and a.activity_status = 'Current'`,
  )
  if (!there) return undefined
  return `${there.name}, account ${there.number}, is Current at this location. Move that customer out first (Customers > Final bill).`
}

/** An agreement; what it refuses stands at the field of its service. */
async function agree(db: Db, accountId: number, given: AgreementInput, by: number): Promise<void> {
  try {
    await addAgreement(db, accountId, given, by)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { installments } = error.detail as Record<string, string>
    const field = installments === undefined ? `deposit-${given.service}` : `parts-${given.service}`
    throw new Refused(error.code, error.message, { [field]: error.message })
  }
}

async function addServices(db: Db, accountId: number, given: NewAccount, by: number): Promise<void> {
  const known = await rows<{ id: number; code: string; active: boolean; takesNew: boolean }>(
    db,
    sql`select id, code, active, active and allow_new_billings as "takesNew" from service where id <> 0`,
  )
  for (const { service: code, copied, ...values } of given.services) {
    const service = known.find((each) => each.code === code)
    if (!service || !(copied ? service.active : service.takesNew)) {
      const sentence = service ? `${code} takes no new billings.` : `There is no service ${code}.`
      throw new Refused('unknown_service', sentence, { [`on-${code}`]: sentence })
    }
    await refuseUnknownRate(db, values.rate, `rate-${code}`)
    const early = connectRefusal(values.connectDate, given.connectDate)
    if (early) throw new Refused('connects_early', early, { [`connect-${code}`]: early })
    const twice: Sentences = { account_service_once: [`on-${code}`, `${code} is named twice.`] }
    await addRow(db, accountService, { accountId, serviceId: service.id, ...values }, by, twice)
  }
}

async function addMeters(db: Db, { meters, locationId, connectDate }: NewAccount, by: number): Promise<void> {
  for (const { number, service: code, reading } of meters) {
    const service = await one<{ id: number; multiplier: string }>(
      db,
      sql`select id, default_multiplier::text as multiplier from service where code = ${code} and kind = 'metered'`,
    )
    const sentence = `${code} is not a metered service.`
    if (!service) throw new Refused('not_metered', sentence, { [`meter-${code}`]: sentence })
    const at = { number, serviceId: service.id, locationId, date: connectDate, reading, multiplier: service.multiplier }
    await addMeter(db, at, by, `meter-${code}`)
  }
}

/** Every meter at the location begins with its last read, or with one that was taken at the connect date. */
async function beginReads(
  db: Db,
  accountId: number,
  { locationId, reads, connectDate }: NewAccount,
  who: { by: number; today: Day },
) {
  const found = await lastReads(db, locationId)
  const stray = reads.find(({ meter }) => !found.some(({ number }) => number === meter))
  if (stray) {
    const sentence = `There is no meter ${stray.meter} at this location.`
    throw new Refused('no_meter', sentence, { meters: sentence })
  }
  for (const { meterId, number, date, reading } of found) {
    const typed = reads.find(({ meter }) => meter === number)?.reading
    if (typed !== undefined && typed !== reading) {
      const read = { meterId, date: connectDate, reading: typed }
      await addRead(db, locationId, read, who)
      await beginAt(db, accountId, read, who.by)
    } else if (date !== null && reading !== null) await beginAt(db, accountId, { meterId, date, reading }, who.by)
  }
}
