import { sql } from 'drizzle-orm'
import { addRow, changeRow, type Sentences } from '../customers/rows.ts'
import { type Db, one } from '../db/db.ts'
import { installation } from '../db/tables/installation.ts'
import { meter as meterTable, reading as readingTable } from '../db/tables/rates.ts'
import { NotFound, Refused } from '../errors.ts'
import { type Day, formatDay } from '../ledger/calendar.ts'
import { refuse } from '../ledger/result.ts'
import type { Context } from '../web/context.ts'
import { checkRead, difference, fitsDials, isLastRead, type ReadKind, readsOf } from './rules.ts'
import { refusalText, warningText } from './sentences.ts'
import { refuseFuture } from './service.ts'
import { lockMeters, type MeterFacts, meterNumbered, type Placed, placedOf } from './store.ts'

type Who = Pick<Context, 'db' | 'actor' | 'today'>

export interface NewMeter {
  number: string
  /** Code; needed for a meter that is new to the town. */
  service: string
  dials: number | null
  multiplier: string
  unit: string | null
  size: string | null
  manufacturer: string | null
  serial: string | null
}

export interface Install extends NewMeter {
  date: Day
  /** The read it begins with; undefined = its last one. */
  reading: string | undefined
}

export interface Removal {
  date: Day
  reading: string
  kind: ReadKind
  accept: boolean
}

const OVERLAP = 'A meter is at one place at a time: it was somewhere else on that day.'
const ONCE: Sentences = {
  meter_number_unique: ['number', 'This meter number was just taken.'],
  installation_once: ['date', OVERLAP],
}

function refused(field: string, sentence: string): Refused {
  return new Refused('installation', sentence, { [field]: sentence })
}

function refuseTooLong(reading: string, dials: number | null): void {
  if (!fitsDials(reading, dials)) throw refused('reading', refusalText(refuse('too_long', { dials: String(dials) })))
}

/** Puts a meter in at a location: one that is new to the town, or one from stock. Refuses one that stands elsewhere. */
export async function installMeter(who: Who, locationId: number, given: Install): Promise<void> {
  refuseFuture(who, given.date)
  await who.db.transaction((tx) => putIn(tx, who.actor.id, locationId, given))
}

async function putIn(db: Db, by: number, locationId: number, given: Install): Promise<void> {
  const known = await meterNumbered(db, given.number)
  if (!known) {
    if (given.reading === undefined) throw refused('reading', 'The read that the meter begins with is needed.')
    refuseTooLong(given.reading, given.dials)
    await addMeter(db, by, given, { locationId, installDate: given.date, installRead: given.reading })
    return
  }
  await lockMeters(db, [known.id])
  if (known.locationId !== null && known.removeDate === null)
    throw refused(
      'number',
      `Meter ${known.number} is at ${known.address}, location ${known.location}. Remove it there first.`,
    )
  if (known.removeDate !== null && given.date < known.removeDate)
    throw refused('date', `Meter ${known.number} was removed from ${known.address} on ${formatDay(known.removeDate)}.`)
  const reading = given.reading ?? (await lastReading(db, known.id))
  if (reading === undefined) throw refused('reading', 'The read that the meter begins with is needed.')
  refuseTooLong(reading, known.dials)
  if (known.locationId !== null) await keepEarlier(db, by, known)
  const values = { locationId, installDate: given.date, installRead: reading, removeDate: null }
  await changeRow(db, meterTable, known, values, by, ONCE)
}

/** A meter that is new to the town, in stock unless `at` says where it stands. */
export async function addMeter(db: Db, by: number, given: NewMeter, at: object = {}): Promise<number> {
  const service = await one<{ id: number }>(
    db,
    sql`select id from service where code = ${given.service} and kind = 'metered'`,
  )
  if (!service) throw refused('service', 'Choose the metered service of the new meter.')
  const { service: _code, number, dials, multiplier, unit, size, manufacturer, serial } = { ...given }
  const facts = { number, dials, multiplier, unit, size, manufacturer, serial, serviceId: service.id }
  return addRow(db, meterTable, { ...facts, ...at }, by, ONCE)
}

async function lastReading(db: Db, meterId: number): Promise<string | undefined> {
  const row = await one<{ reading: string }>(
    db,
    sql`select trim_scale(reading)::text as reading from reading where meter_id = ${meterId} order by read_date desc, kind limit 1`,
  )
  return row?.reading
}

/** What stood on the meter becomes an earlier installation. */
async function keepEarlier(db: Db, by: number, { id, locationId, installDate, installRead, removeDate }: MeterFacts) {
  const row = { meterId: id, locationId, installDate: installDate ?? removeDate, installRead, removeDate }
  await addRow(db, installation, row, by, ONCE)
}

async function standing(db: Db, locationId: number, meterId: number): Promise<Placed> {
  await lockMeters(db, [meterId])
  const found = (await placedOf(db, locationId)).find((each) => each.meterId === meterId && each.earlier === null)
  if (!found) throw new NotFound('meter')
  return found
}

/** Takes a meter out with its final read. It goes to stock. */
export async function removeMeter(who: Who, locationId: number, meterId: number, given: Removal): Promise<void> {
  refuseFuture(who, given.date)
  await who.db.transaction((tx) => takeOut(tx, who.actor.id, locationId, meterId, given))
}

async function takeOut(db: Db, by: number, locationId: number, meterId: number, given: Removal): Promise<Placed> {
  const meter = await standing(db, locationId, meterId)
  if (meter.removeDate !== null) throw refused('date', `This meter was removed on ${formatDay(meter.removeDate)}.`)
  await addFinal(db, by, meter, given)
  await changeRow(db, meterTable, { id: meterId, version: meter.version }, { removeDate: given.date }, by, ONCE)
  return meter
}

/** The final read; one that was taken that day already and says the same is it. */
async function addFinal(db: Db, by: number, meter: Placed, { date, reading, kind, accept }: Removal): Promise<void> {
  if (isLastRead(meter.reads, date, reading)) return
  const checked = checkRead(meter, meter.reads, { date, reading, kind }, meter.moved)
  if (!checked.ok) throw refused('final', refusalText(checked))
  const warnings = checked.value.warnings.map(warningText)
  if (warnings.length > 0 && !accept) throw refused('final', `${warnings.join(' ')} Correct it, or tick Accept anyway.`)
  await addRow(db, readingTable, { meterId: meter.meterId, readDate: date, reading, kind }, by, {})
}

/**
 * One meter for another on a day, in one step: the final read of the old, the read that the new one begins with. The
 * usage of the period is that of both. What is not said of the new one is as the old one's.
 */
export async function exchangeMeter(
  who: Who,
  locationId: number,
  meterId: number,
  given: { removal: Removal; install: Install },
): Promise<void> {
  refuseFuture(who, given.removal.date)
  await who.db.transaction(async (tx) => {
    const old = await takeOut(tx, who.actor.id, locationId, meterId, given.removal)
    if (old.number === given.install.number) throw refused('number', 'This is the meter that is taken out.')
    const known = await meterNumbered(tx, given.install.number)
    if (known && known.serviceId !== old.serviceId)
      throw refused('number', `Meter ${known.number} is for ${known.service}, not for ${old.service}.`)
    await putIn(tx, who.actor.id, locationId, { ...given.install, service: old.service })
  })
}

/** Undoes a removal: the meter stands at the location again. Its final read stays as an ordinary one. */
export async function putBack(who: Who, locationId: number, meterId: number): Promise<string> {
  return who.db.transaction(async (tx) => {
    const meter = await standing(tx, locationId, meterId)
    await changeRow(tx, meterTable, { id: meterId, version: meter.version }, { removeDate: null }, who.actor.id, ONCE)
    return meter.number
  })
}

/**
 * Corrects the day and the read that a meter began with. Refuses a day after its first read, a read that the dials cannot
 * show, and one that its first read would be backward from.
 */
export async function correctInstallation(
  who: Who,
  locationId: number,
  at: { meterId: number; version: number },
  given: { date: Day; reading: string },
): Promise<void> {
  refuseFuture(who, given.date)
  await who.db.transaction(async (tx) => {
    const meter = await standing(tx, locationId, at.meterId)
    const [first] = readsOf(meter, meter.reads, meter.moved)
    if (first && given.date > first.date)
      throw refused('date', `The meter was read on ${formatDay(first.date)}; it was put in by then.`)
    const earlier = await one<{ until: Day | null }>(
      tx,
      sql`select max(remove_date)::text as until from installation where meter_id = ${at.meterId}`,
    )
    if (earlier?.until && given.date < earlier.until)
      throw refused('date', `The meter was elsewhere until ${formatDay(earlier.until)}.`)
    refuseTooLong(given.reading, meter.dials)
    const began = { reading: given.reading, kind: 'actual' as const }
    if (first && difference(began, first.reading, meter.dials).how === 'backward')
      throw refused(
        'reading',
        `The meter was read as ${first.reading} on ${formatDay(first.date)}, which is below this.`,
      )
    const values = { installDate: given.date, installRead: given.reading }
    await changeRow(tx, meterTable, { id: at.meterId, version: at.version }, values, who.actor.id, ONCE)
  })
}
