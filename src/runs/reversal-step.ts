import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Effect } from '../ledger/effect.ts'
import { money, ZERO } from '../ledger/money.ts'
import {
  linkedWithIds,
  type PostedTransaction,
  transactionsOfRun,
  transactionsWithIds,
} from '../ledger/reversal-facts.ts'
import { type Before, mendingTransactions, opposite } from '../ledger/reverse.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { inverseEffects } from './inverse-effects.ts'
import { OtherData } from './other-data.ts'
import type { Step } from './reversal-plan.ts'
import { makeStaging, type Staging } from './staging.ts'

/** The reversals that run under `REVERSAL_KIND`. */
export const REVERSAL_KIND = 'runs.reversal'

/** What the steps of one reversal share, and what each leaves to the next. */
export interface Course {
  reason: string
  actor: number
  today: Day
  periods: Day[]
  /** Ledger versions, read before all other facts. */
  versions: Map<number, string>
  data: OtherData
  before: Before
  /** What the steps so far post anew, under its old source key: it stands there for the steps that follow. */
  anew: PostedTransaction[]
}

/** Opens the course of these steps. */
export async function openCourse(
  db: Db,
  steps: Step[],
  order: Pick<Course, 'reason' | 'actor' | 'today'>,
): Promise<Course> {
  const versions = await versionsOf(db, steps)
  const periods = await rows<{ end: Day }>(
    db,
    sql`select end_date as end from ledger.period where end_date <> 'infinity'`,
  )
  return {
    ...order,
    versions,
    periods: periods.map(({ end }) => end),
    data: new OtherData(),
    before: { transactions: [], reversed: new Set() },
    anew: [],
  }
}

async function versionsOf(db: Db, steps: Step[]): Promise<Map<number, string>> {
  const list = (ids: number[]) =>
    sql`(select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`
  const runs = list(steps.map(({ runId }) => runId))
  const found = await rows<{ id: number; version: string }>(
    db,
    sql`
    select l.account_id as id, l.version::text from ledger.account_ledger l where l.account_id in (
      select account_id from ledger.transaction where run_id in ${runs} or id in ${list(steps.flatMap((step) => step.transactions))}
      union select account_id from ledger.run_effect where run_id in ${runs}
      union select account_id from ledger.certification where run_id in ${runs})`,
  )
  return new Map(found.map(({ id, version }) => [id, version]))
}

/**
 * Stages the reversal of one run under `reversalId`: the opposite of what it posted and of the transactions that rest on
 * it, what it had itself reversed posted anew, effects put back. As things are after the steps before.
 */
export async function stageStep(db: Db, course: Course, step: Step, reversalId: number): Promise<void> {
  const staging = makeStaging()
  const posted = await transactionsOfRun(db, step.runId)
  const live = await liveOf(db, course, step, posted)
  const reversals = live.map((t) => opposite(t, { ...course, kind: 'Rev' }, course.periods))
  const anew = posted.flatMap((t) => postedAnew(t, course) ?? [])
  const transactions = [...reversals, ...anew.map(({ transaction }) => transaction)]
  const key = (mine: NewTransaction[]) => `move/run/${step.runId}/${mine[0]?.accountId}`
  const moved = await mendingTransactions(db, transactions, key, course.before)
  const places = new Map(transactions.map((transaction) => [transaction, staging.transaction(transaction)]))
  for (const transaction of moved) staging.transaction(transaction)
  const renamed = new Map(anew.map(({ insteadOf, transaction }) => [insteadOf, places.get(transaction) ?? 0]))
  const effects = (await inverseEffects(db, step.runId, course.data)).map((effect) => withIds(effect, renamed))
  for (const effect of effects) staging.effect(effect)
  const all = [...transactions, ...moved]
  await stageAccounts(db, staging, course, all, effects)
  const ids = await staging.flush(db, reversalId, course.actor)
  for (const { id } of live) course.before.reversed.add(id)
  course.anew.push(
    ...anew.map(({ transaction }) => asPosted(transaction, ids[-(places.get(transaction) ?? 0) - 1] ?? 0)),
  )
  course.before.transactions.push(...all)
}

/** What is reversed in this step: transactions that rest on the run, its own in force, and what stands in for its own. */
async function liveOf(db: Db, course: Course, step: Step, posted: PostedTransaction[]): Promise<PostedTransaction[]> {
  const keys = new Set(posted.map(({ sourceKey }) => sourceKey))
  const found = [
    ...(await linkedWithIds(db, step.transactions)),
    ...posted,
    ...(await standIns(db, step.runId)),
    ...course.anew.filter(({ sourceKey }) => sourceKey !== null && keys.has(sourceKey)),
  ]
  return found.filter((t) => t.reverses === null && t.reversedBy === null && !course.before.reversed.has(t.id))
}

interface Anew {
  /** Id of what the run had reversed. */
  insteadOf: number
  transaction: NewTransaction
}

/** A reversal that the run made (of an old PAdj): what it reversed comes back under its old source key. */
function postedAnew(reversal: PostedTransaction, course: Course): Anew | undefined {
  const original = reversal.original
  if (!original) return undefined
  const again = opposite(reversal, { kind: 'Rev', reason: 'posted anew', today: course.today }, course.periods)
  const transaction: NewTransaction = {
    ...again,
    type: original.type,
    description: original.description,
    sourceKey: original.sourceKey,
    reversesId: undefined,
    facts: original.facts,
  }
  return { insteadOf: Number(reversal.reverses), transaction }
}

/** A transaction that was staged in this course, as it will stand in the ledger when the next step is posted. */
function asPosted(staged: NewTransaction, id: number): PostedTransaction {
  return {
    ...staged,
    id,
    number: String(id),
    accountNumber: null,
    version: '',
    method: staged.method ?? null,
    link: staged.link ?? null,
    receipt: null,
    // it was dated in an open one
    periodOpen: true,
    reverses: null,
    reversedBy: null,
    original: null,
  }
}

/**
 * What was posted anew under the keys of this run's transactions, after something that had replaced them was taken back;
 * and the Fee that a certification updated by the run bears since another one was withdrawn.
 */
async function standIns(db: Db, runId: number): Promise<PostedTransaction[]> {
  const found = await rows<{ id: number }>(
    db,
    sql`select distinct x.transaction_id::int as id from ledger.transaction t
      cross join lateral (values (t.source_key), (regexp_replace(t.source_key, '^(certification/.+)/padj$', '\\1/fee'))) k(key)
      join ledger.live_source x on x.source_key = k.key
      join ledger.transaction s on s.id = x.transaction_id join ledger.run r on r.id = s.run_id
      where t.run_id = ${runId} and s.run_id <> t.run_id and r.kind in (${REVERSAL_KIND}, 'certification-withdrawal', 'town.import')`,
  )
  const ids = found.map(({ id }) => id)
  return ids.length === 0 ? [] : transactionsWithIds(db, ids)
}

/** A certification whose old PAdj and Fee come back names them by their new ids. */
function withIds(effect: Effect, places: Map<number, number>): Effect {
  if (effect.kind !== 'certification') return effect
  const { padjId, feeTransactionId } = effect.new
  return {
    ...effect,
    new: {
      ...effect.new,
      ...(padjId ? { padjId: places.get(padjId) ?? padjId } : {}),
      ...(feeTransactionId ? { feeTransactionId: places.get(feeTransactionId) ?? feeTransactionId } : {}),
    },
  }
}

async function stageAccounts(
  db: Db,
  staging: Staging,
  course: Course,
  transactions: NewTransaction[],
  effects: Effect[],
): Promise<void> {
  const ids = [...new Set([...transactions, ...effects].map((row) => row.accountId).filter((id) => id !== null))]
  const known = await rows<{ id: number; balance: string }>(
    db,
    sql`
    select l.account_id as id, coalesce((select sum(o.unpaid) from ledger.open_item o where o.account_id = l.account_id), 0)::text as balance
    from ledger.account_ledger l where l.account_id in (select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`,
  )
  const earlier = Map.groupBy(course.before.transactions, ({ accountId }) => accountId)
  const changes = Map.groupBy(transactions, ({ accountId }) => accountId)
  for (const { id, balance } of known) {
    const before = money(balance).plus(utilityChange(earlier.get(id) ?? []))
    const change = utilityChange(changes.get(id) ?? [])
    const types = [...new Set((changes.get(id) ?? []).map((t) => t.type))]
    const line = { type: types.join(', '), service: null, amount: change.toFixed(2), taxYear: null }
    staging.account({
      accountId: id,
      fingerprint: course.versions.get(id) ?? '',
      before,
      after: before.plus(change),
      facts: null,
      lines: types.length === 0 ? [] : [line],
    })
  }
}

const utilityChange = (transactions: NewTransaction[]) =>
  transactions
    .flatMap((t) => t.postings.filter((line) => line.book === 'utility'))
    .reduce((total, line) => total.plus(line.amount), ZERO)
