import { sql } from 'drizzle-orm'
import { addRow, changeRow, removeRow } from '../customers/rows.ts'
import { type Db, rows } from '../db/db.ts'
import { reading as readingTable } from '../db/tables/rates.ts'
import { NotFound, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Context } from '../web/context.ts'
import { type Checked, checkRead, isLastRead, type ReadKind } from './rules.ts'
import { refusalText, warningText } from './sentences.ts'
import { HERE, type KeptRead, lockMeterOf, lockMeters, namedBy, type Placed, placedOf } from './store.ts'

export { type Placed, placedOf } from './store.ts'

export interface LastRead {
  meterId: number
  number: string
  service: string
  serviceName: string
  dials: number | null
  /** Null where the meter was never read. */
  date: Day | null
  reading: string | null
}

/** The meters that stand at a location and the last read of each since it was put in; the install read where there is none. */
export const lastReads = (db: Db, locationId: number): Promise<LastRead[]> =>
  rows(
    db,
    sql`select m.id as "meterId", m.number, s.code as service, s.name as "serviceName", m.dials,
        coalesce(r.read_date, m.install_date)::text as date, trim_scale(coalesce(r.reading, m.install_read))::text as reading
      from meter m join service s on s.id = m.service_id
      left join lateral (select r.read_date, r.reading from reading r
        where r.meter_id = m.id and ${HERE} order by r.read_date desc, r.kind, r.id desc limit 1) r on true
      where m.location_id = ${locationId} and m.remove_date is null order by s.sort, ledger.number_order(m.number)`,
  )

/** The last read at a location, of one service where it is named: what the next customer begins with. */
export async function lastRead(db: Db, locationId: number, service?: string): Promise<LastRead | undefined> {
  const found = await lastReads(db, locationId)
  const own = found.filter((each) => each.date !== null && (service === undefined || each.service === service))
  return own.sort((a, b) => ((a.date ?? '') < (b.date ?? '') ? 1 : -1))[0]
}

export interface TypedRead {
  meterId: number
  reading: string
  kind: ReadKind
  /** Warnings were seen and the read is right. */
  accept: boolean
}

export interface Outcome {
  meterId: number
  number: string
  checked: Checked | null
  /** Why it is refused, in words; empty = it is not. */
  refusal: string
  warnings: string[]
}

export interface ReadTaken {
  meterId: number
  date: Day
  reading: string
}

/**
 * Records an actual read of a meter at a location, with a move in or out; true where one was added, false where it is the
 * last one already. Refuses, by the field `read-<meter id>`, what the rules refuse and a day to come; what they only warn
 * of is taken.
 */
export async function addRead(
  db: Db,
  locationId: number,
  { meterId, date, reading }: ReadTaken,
  { by, today }: { by: number; today: Day },
): Promise<boolean> {
  const field = `read-${meterId}`
  await lockMeters(db, [meterId])
  const placed = await placedOf(db, locationId)
  const reads = placed.find((each) => each.meterId === meterId && each.earlier === null)?.reads ?? []
  if (isLastRead(reads, date, reading)) return false
  if (date > today) throw new Refused('future', FUTURE, { [field]: FUTURE })
  const [outcome] = outcomesOf(placed, date, [{ meterId, reading, kind: 'actual', accept: true }])
  if (outcome?.refusal) throw new Refused('read', outcome.refusal, { [field]: outcome.refusal })
  await addRow(db, readingTable, { meterId, readDate: date, reading, kind: 'actual' }, by, {})
  return true
}

/** What was typed against the readings that are there; nothing is stored. */
export function outcomesOf(placed: readonly Placed[], date: Day, typed: readonly TypedRead[]): Outcome[] {
  return typed.map(({ meterId, reading, kind }) => {
    const meter = placed.find((each) => each.meterId === meterId && each.earlier === null && each.removeDate === null)
    if (!meter) throw new NotFound('meter')
    const checked = checkRead(meter, meter.reads, { date, reading, kind }, meter.moved)
    const { number } = meter
    if (!checked.ok) return { meterId, number, checked: null, refusal: refusalText(checked), warnings: [] }
    return { meterId, number, checked: checked.value, refusal: '', warnings: checked.value.warnings.map(warningText) }
  })
}

type Who = Pick<Context, 'db' | 'actor' | 'today'>

/**
 * Stores the reads of a location's meters, all of them or none. Refuses, by the field `read-<meter id>`, what the rules
 * refuse and what they warn of unless it is accepted; a day to come by the field `date`.
 */
export async function enterReads(
  who: Who,
  locationId: number,
  date: Day,
  typed: readonly TypedRead[],
): Promise<number> {
  refuseFuture(who, date)
  if (typed.length === 0) throw new Refused('no_reads', 'Type a read for at least one meter.')
  await who.db.transaction(async (tx) => {
    await lockMeters(
      tx,
      typed.map(({ meterId }) => meterId),
    )
    refuseBad(outcomesOf(await placedOf(tx, locationId), date, typed), typed)
    for (const { meterId, reading, kind } of typed) {
      await addRow(tx, readingTable, { meterId, readDate: date, reading, kind }, who.actor.id, {})
    }
  })
  return typed.length
}

const FUTURE = 'This day is still to come.'

export function refuseFuture({ today }: Pick<Who, 'today'>, date: Day): void {
  if (date > today) throw new Refused('future', FUTURE, { date: FUTURE })
}

function refuseBad(outcomes: readonly Outcome[], typed: readonly TypedRead[]): void {
  const errors: Record<string, string> = {}
  for (const { meterId, refusal, warnings } of outcomes) {
    const accepted = typed.find((each) => each.meterId === meterId)?.accept ?? false
    if (refusal !== '') errors[`read-${meterId}`] = refusal
    else if (warnings.length > 0 && !accepted) errors[`read-${meterId}`] = unaccepted(warnings)
  }
  const first = Object.values(errors)[0]
  if (first !== undefined) throw new Refused('reads', first, errors)
}

const unaccepted = (warnings: readonly string[]): string => `${warnings.join(' ')} Correct it, or tick Accept anyway.`

export interface KeptLast {
  meter: Placed
  read: KeptRead
}

/** A read of a location by its id, where it is the last of its meter; only that one may be changed. */
export async function lastOf(db: Db, locationId: number, id: number): Promise<KeptLast> {
  const placed = await placedOf(db, locationId)
  const meter = placed.find(({ earlier, reads }) => earlier === null && reads.some((each) => each.id === id))
  const read = meter?.reads.find((each) => each.id === id)
  if (!meter || !read) throw new NotFound('read')
  const newer = meter.reads.some((each) => each.date > read.date)
  if (newer) throw new Refused('not_last', `Only the last read of meter ${meter.number} can be changed.`)
  return { meter, read }
}

const NAMED = {
  bill: 'This read is on a posted bill. Reverse the bill first.',
  account: 'An account begins with this read. It stays.',
}

async function refuseNamed(db: Db, { meter, read }: KeptLast): Promise<void> {
  const by = await namedBy(db, meter.number, read.date)
  if (by) throw new Refused('named', NAMED[by], { '': NAMED[by] })
}

export interface ChangedRead extends TypedRead {
  date: Day
  version: number
}

/** Corrects the last read of a meter; refused once a bill names it. The final read of a meter keeps its day. */
export async function changeRead(who: Who, locationId: number, id: number, typed: ChangedRead): Promise<void> {
  refuseFuture(who, typed.date)
  await who.db.transaction(async (tx) => {
    await lockMeterOf(tx, id)
    const kept = await lastOf(tx, locationId, id)
    await refuseNamed(tx, kept)
    const final = kept.meter.removeDate === kept.read.date
    const sentence = 'This is the final read of the meter: it stays on the day the meter was removed.'
    if (final && typed.date !== kept.read.date) throw new Refused('final', sentence, { date: sentence })
    const without = { ...kept.meter, removeDate: null, reads: kept.meter.reads.filter((each) => each.id !== id) }
    const [outcome] = outcomesOf([without], typed.date, [typed])
    if (outcome) refuseOne(outcome, typed)
    const { reading, kind, date: readDate } = typed
    await changeRow(tx, readingTable, { id, version: typed.version }, { reading, kind, readDate }, who.actor.id, {})
  })
}

/** As `refuseBad`, by the field `reading`. */
function refuseOne({ refusal, warnings }: Outcome, { accept }: TypedRead): void {
  const sentence = refusal !== '' || accept || warnings.length === 0 ? refusal : unaccepted(warnings)
  if (sentence !== '') throw new Refused('read', sentence, { reading: sentence })
}

/** Deletes the last read of a meter as it was seen (`version`; undefined = as it is now); refused once a bill names it, and while it is the final read of a removed meter. */
export async function deleteRead(who: Who, locationId: number, id: number, version?: number): Promise<string> {
  return who.db.transaction(async (tx) => {
    await lockMeterOf(tx, id)
    const kept = await lastOf(tx, locationId, id)
    await refuseNamed(tx, kept)
    const final = 'This is the final read of a removed meter. Put the meter back first.'
    if (kept.meter.removeDate === kept.read.date) throw new Refused('final', final, { '': final })
    await removeRow(tx, readingTable, { id, version: version ?? kept.read.version }, who.actor.id, 'This read is used.')
    return kept.meter.number
  })
}
