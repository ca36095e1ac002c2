import { sql } from 'drizzle-orm'
import { makeStatement } from '../billing/statements/service.ts'
import { changeRow } from '../customers/rows.ts'
import type { Db } from '../db/db.ts'
import { account, accountService } from '../db/tables/customers.ts'
import { moveOut } from '../db/tables/setup.ts'
import { applyDeposit } from '../deposits/release.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { type Day, formatDay } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import { beginWaiting } from '../metering/beginning.ts'
import { addRead, lastReads } from '../metering/service.ts'
import { atField, demandRight, type Who } from '../payments/door.ts'
import { mayLeave, sameMoveOut } from './rules.ts'
import { type LeavingRow, leaving, lockLeaving, type MoveOutRow, moveOutOf, readsAgainst } from './store.ts'

export interface MoveOutInput {
  /** The last day of service. */
  date: Day
  /** Version of the account as it was shown. */
  version: number
  /** Last reads by the meter's number. */
  reads: { meter: string; reading: string }[]
  applyDeposit: boolean
  statement: boolean
}

export async function mustBeLeaving(db: Db, number: string): Promise<LeavingRow> {
  const found = await leaving(db, number)
  if (!found) throw new NotFound('account')
  return found
}

const SAYS: Record<string, [field: string, sentence: (row: LeavingRow) => string]> = {
  not_current: ['', ({ number, activityStatus }) => `Account ${number} is ${activityStatus}, not Current.`],
  before_connect: [
    'date',
    ({ connectDate }) => `The account was connected ${connectDate ? formatDay(connectDate) : ''}.`,
  ],
  in_the_future: ['date', () => 'The last day of service is not after today.'],
}

/**
 * Final bills an account: last reads, a disconnect date on every service, status Final; the deposit pays what is owed, and
 * a final statement of what is posted is made: all in one database transaction, so that a refusal leaves nothing behind.
 * An account that was left by the very same final bill stays as it is; by another, it is a Conflict that says what was
 * done. Refuses what `mayLeave` refuses, a meter that is not there, and what posting and statements refuse.
 */
export async function moveOutNow(who: Who, number: string, input: MoveOutInput, request: string): Promise<void> {
  demandRight(who, 'customers.edit')
  const asked = { ...input, statement: input.statement && who.may('billing.prepare') }
  await who.db.transaction(async (db) => {
    await lockLeaving(db, number)
    const row = await mustBeLeaving(db, number)
    const done = row.activityStatus === 'Final' ? await moveOutOf(db, number) : undefined
    if (done) return refuseOther(db, row, done, asked)
    const inside = { ...who, db }
    await disconnect(inside, row, asked)
    if (asked.applyDeposit) await settleDeposit(inside, number, asked.date)
    if (asked.statement) await finalStatement(inside, number, asked.date, request)
  })
}

/** A final bill that is asked for again changes nothing; another one than was made is a Conflict. */
async function refuseOther(db: Db, row: LeavingRow, done: MoveOutRow, asked: MoveOutInput): Promise<void> {
  const { entered, differ } = await readsAgainst(db, done, asked.reads)
  const owing = money(row.held).gt('0') && money(row.balance).gt('0')
  if (!differ && sameMoveOut(done, asked, owing)) return
  const parts = [
    `its last day of service is ${formatDay(done.date)}`,
    ...entered.map(({ meter, reading }) => `meter ${meter} was read at ${reading}`),
    done.application === null ? 'no deposit was applied' : 'the deposit was applied',
    done.statement === null ? 'no final statement was made' : `the final statement is ${done.statement}`,
  ]
  throw new Conflict(
    `Account ${row.number} was final billed already: ${parts.join(', ')}. Nothing was changed. Undo that final bill first where it is wrong.`,
  )
}

async function disconnect(who: Who, row: LeavingRow, { date, version, reads }: MoveOutInput): Promise<void> {
  const answer = mayLeave(row, date, who.today)
  if (!answer.ok) {
    const [field, sentence] = SAYS[answer.refusal] ?? ['', () => answer.refusal]
    throw new Refused(answer.refusal, sentence(row), { [field]: sentence(row) })
  }
  const { db } = who
  const by = who.actor.id
  const values = { activityStatus: 'Final', disconnectDate: date }
  await changeRow(db, account, { id: row.id, version }, values, by, {})
  await db.execute(sql`update ${accountService} set disconnect_date = greatest(${date}::date, connect_date), changed_by = ${by}, version = version + 1
    where account_id = ${row.id} and disconnect_date is null`)
  const kept = await keepReads(db, row.locationId, { date, reads }, { by, today: who.today })
  await beginWaiting(db, row.locationId, by)
  const services = row.services.map(({ code }) => code)
  await db.insert(moveOut).values({ accountId: row.id, date, services, reads: kept, changedBy: by })
}

/** The reads that are new; the others stand already. */
async function keepReads(
  db: Db,
  locationId: number,
  { date, reads }: Pick<MoveOutInput, 'date' | 'reads'>,
  who: { by: number; today: Day },
) {
  const kept: { meter: string; date: Day }[] = []
  const found = await lastReads(db, locationId)
  const stray = reads.find(({ meter }) => !found.some(({ number }) => number === meter))
  if (stray) throw atField('no_meter', 'reads', `There is no meter ${stray.meter} at this location.`)
  for (const { meterId, number, reading } of found) {
    const typed = reads.find(({ meter }) => meter === number)?.reading
    if (typed === undefined || typed === reading) continue
    if (await addRead(db, locationId, { meterId, date, reading: typed }, who)) kept.push({ meter: number, date })
  }
  return kept
}

/** Without a request key: the transaction around it posts it once, or not at all. */
async function settleDeposit(who: Who, number: string, date: Day): Promise<void> {
  const row = await mustBeLeaving(who.db, number)
  if (money(row.held).lte('0') || money(row.balance).lte('0')) return
  await note(who, number, 'application', await applyDeposit(who, number, { reason: 'Final bill', date }))
}

async function finalStatement(who: Who, number: string, date: Day, request: string): Promise<void> {
  const made = await makeStatement(who, number, { date, format: 'plain', orLater: true }, request)
  await note(who, number, 'statement', made.number)
}

async function note(who: Who, number: string, column: 'application' | 'statement', value: string): Promise<void> {
  await who.db.execute(sql`update move_out set ${sql.identifier(column)} = ${value}, version = version + 1, changed_by = ${who.actor.id}
    where account_id = (select id from account where number = ${number}) and ${sql.identifier(column)} is distinct from ${value}`)
}

/** The account of a final bill that was made here. */
export async function mustBeMovedOut(db: Db, number: string) {
  const row = await mustBeLeaving(db, number)
  const left = await moveOutOf(db, number)
  if (!left) throw new Conflict(`Account ${number} has no final bill that could be undone.`)
  return { row, left }
}
