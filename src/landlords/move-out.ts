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
import { addRead, lastReads } from '../metering/service.ts'
import { demandRight, type Who } from '../payments/door.ts'
import { mayLeave } from './rules.ts'
import { type LeavingRow, leaving, moveOutOf } from './store.ts'

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
 * Final bills an account as far as set-up data goes: last reads, a disconnect date on every service, status Final; then
 * the deposit pays what is owed, and a final statement of what is posted is made. The first is one database transaction;
 * the others post and keep by the request, so that a second press does nothing twice. Refuses what `mayLeave` refuses.
 */
export async function moveOutNow(who: Who, number: string, input: MoveOutInput, request: string): Promise<void> {
  demandRight(who, 'customers.edit')
  const row = await mustBeLeaving(who.db, number)
  const done = row.activityStatus === 'Final' && (await moveOutOf(who.db, number))
  if (!done) await disconnect(who, row, input)
  if (input.applyDeposit) await settleDeposit(who, number, input.date, request)
  if (input.statement && who.may('billing.prepare')) await finalStatement(who, number, input.date, request)
}

async function disconnect(who: Who, row: LeavingRow, { date, version, reads }: MoveOutInput): Promise<void> {
  const answer = mayLeave(row, date, who.today)
  if (!answer.ok) {
    const [field, sentence] = SAYS[answer.refusal] ?? ['', () => answer.refusal]
    throw new Refused(answer.refusal, sentence(row), { [field]: sentence(row) })
  }
  const by = who.actor.id
  await who.db.transaction(async (db) => {
    const values = { activityStatus: 'Final', disconnectDate: date }
    await changeRow(db, account, { id: row.id, version }, values, by, {})
    await db.execute(sql`update ${accountService} set disconnect_date = greatest(${date}::date, connect_date), changed_by = ${by}, version = version + 1
      where account_id = ${row.id} and disconnect_date is null`)
    const kept = await keepReads(db, row.locationId, { date, reads }, { by, today: who.today })
    await db.insert(moveOut).values({
      accountId: row.id,
      date,
      services: row.services.map(({ code }) => code),
      reads: kept,
      changedBy: by,
    })
  })
}

/** The reads that are new; the others stand already. */
async function keepReads(
  db: Db,
  locationId: number,
  { date, reads }: Pick<MoveOutInput, 'date' | 'reads'>,
  who: { by: number; today: Day },
) {
  const kept: { meter: string; date: Day }[] = []
  for (const { meterId, number, reading } of await lastReads(db, locationId)) {
    const typed = reads.find(({ meter }) => meter === number)?.reading
    if (typed === undefined || typed === reading) continue
    if (await addRead(db, locationId, { meterId, date, reading: typed }, who)) kept.push({ meter: number, date })
  }
  return kept
}

async function settleDeposit(who: Who, number: string, date: Day, request: string): Promise<void> {
  const row = await mustBeLeaving(who.db, number)
  if (money(row.held).lte('0') || money(row.balance).lte('0')) return
  const input = { reason: 'Final bill', date }
  await note(who, number, 'application', await applyDeposit(who, number, input, request))
}

async function finalStatement(who: Who, number: string, date: Day, request: string): Promise<void> {
  const made = await makeStatement(who, number, { date, format: 'plain' }, request)
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
