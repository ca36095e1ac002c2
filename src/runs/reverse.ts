import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { Conflict, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Effect } from '../ledger/effect.ts'
import { fault, Stale } from '../ledger/faults.ts'
import { passGate } from '../ledger/gate.ts'
import { money, ZERO } from '../ledger/money.ts'
import { type PostedTransaction, transactionsOfRun, transactionsWithIds } from '../ledger/reversal-facts.ts'
import { mendingTransactions, opposite } from '../ledger/reverse.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { inverseEffects } from './inverse-effects.ts'
import type { Registry } from './registry.ts'
import { mustFind } from './service.ts'
import { makeStaging, type Staging } from './staging.ts'

export const REVERSAL_KIND = 'runs.reversal'

export interface RunReversal {
  runId: number
  reason: string
  withDependents: boolean
  actor: number
  today: Day
}

/**
 * Reverses a posted run with all that it did: the opposite of every transaction, what it had itself reversed posted
 * anew, effects put back where they are still what the run set. Runs that rest on it are named first and reversed with
 * it only when told to. Returns the reversing run's id.
 */
export async function reverseRun(db: Db, registry: Registry, order: RunReversal): Promise<number> {
  passGate()
  const run = await mustFind(db, order.runId)
  if (run.state === 'reversed') throw new Conflict(`Run ${run.number} is reversed already, by run ${run.reversedBy}.`)
  if (run.state !== 'posted') throw new Refused('not_posted', 'Only a posted run can be reversed.')
  if (run.kind === REVERSAL_KIND)
    throw new Refused('is_a_reversal', 'A reversal is not reversed. Run the routine anew.')
  if (order.reason.trim() === '')
    throw new Refused('reason_missing', 'Say why it is reversed.', { reason: 'Say why it is reversed.' })
  const kind = registry.get(run.kind)
  await kind.refuseReversal?.(db, order.runId)
  const dependents = (await kind.dependents?.(db, order.runId)) ?? []
  if (dependents.length > 0 && !order.withDependents) {
    throw new Conflict(`Runs that rest on this one: ${dependents.join(', ')}. Reverse them first or with it.`, {
      dependents,
    })
  }
  for (const dependent of dependents) await reverseRun(db, registry, { ...order, runId: dependent })
  return postReversal(db, order)
}

const TRIES = 10

async function postReversal(db: Db, order: RunReversal): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await stageAndPost(db, order)
    } catch (error) {
      const said = fault(error)
      if (!(said instanceof Stale) || attempt === TRIES) throw said
    }
  }
}

async function stageAndPost(db: Db, order: RunReversal): Promise<number> {
  const staging = makeStaging()
  const periods = (
    await rows<{ end: Day }>(db, sql`select end_date as end from ledger.period where end_date <> 'infinity'`)
  ).map((p) => p.end)
  const posted = await transactionsOfRun(db, order.runId)
  const live = [
    ...posted.filter((t) => t.reverses === null && t.reversedBy === null),
    ...(await standIns(db, order.runId)),
  ]
  const reversals = live.map((t) => opposite(t, { ...order, kind: 'Rev' }, periods))
  const anew = posted.flatMap((t) => postedAnew(t, order.today, periods) ?? [])
  const transactions = [...reversals, ...anew.map(({ transaction }) => transaction)]
  const moved = await mendingTransactions(db, transactions, (mine) => `move/run/${order.runId}/${mine[0]?.accountId}`)
  const places = new Map(transactions.map((transaction) => [transaction, staging.transaction(transaction)]))
  for (const transaction of moved) staging.transaction(transaction)
  const renamed = new Map(anew.map(({ insteadOf, transaction }) => [insteadOf, places.get(transaction) ?? 0]))
  const effects = (await inverseEffects(db, order.runId)).map((effect) => withIds(effect, renamed))
  for (const effect of effects) staging.effect(effect)
  await stageAccounts(db, staging, [...transactions, ...moved], effects)
  return postStaged(db, staging, order)
}

interface Anew {
  /** Id of what the run had reversed. */
  insteadOf: number
  transaction: NewTransaction
}

/** A reversal that the run made (of an old PAdj): what it reversed comes back under its old source key. */
function postedAnew(reversal: PostedTransaction, today: Day, periods: Day[]): Anew | undefined {
  const original = reversal.original
  if (!original) return undefined
  const again = opposite(reversal, { kind: 'Rev', reason: 'posted anew', today }, periods)
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

/** What was posted anew under the keys of this run's transactions, after something that had replaced them was taken back. */
function standIns(db: Db, runId: number): Promise<PostedTransaction[]> {
  return rows<{ id: number }>(
    db,
    sql`select x.transaction_id::int as id from ledger.transaction t join ledger.live_source x on x.source_key = t.source_key
      join ledger.transaction s on s.id = x.transaction_id join ledger.run r on r.id = s.run_id
      where t.run_id = ${runId} and s.run_id <> t.run_id and r.kind in (${REVERSAL_KIND}, 'certification-withdrawal')`,
  ).then((found) =>
    found.length === 0
      ? []
      : transactionsWithIds(
          db,
          found.map(({ id }) => id),
        ),
  )
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
  transactions: NewTransaction[],
  effects: Effect[],
): Promise<void> {
  const ids = [...new Set([...transactions, ...effects].map((row) => row.accountId).filter((id) => id !== null))]
  const known = await rows<{ id: number; version: string; balance: string }>(
    db,
    sql`
    select l.account_id as id, l.version::text, coalesce((select sum(o.unpaid) from ledger.open_item o where o.account_id = l.account_id), 0)::text as balance
    from ledger.account_ledger l where l.account_id in (select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`,
  )
  const changes = Map.groupBy(transactions, (transaction) => transaction.accountId)
  for (const { id, version, balance } of known) {
    const lines = (changes.get(id) ?? []).flatMap((t) => t.postings.filter((p) => p.book === 'utility'))
    const change = lines.reduce((total, line) => total.plus(line.amount), ZERO)
    const types = [...new Set((changes.get(id) ?? []).map((t) => t.type))]
    staging.account({
      accountId: id,
      fingerprint: version,
      before: money(balance),
      after: money(balance).plus(change),
      facts: null,
      lines:
        types.length === 0 ? [] : [{ type: types.join(', '), service: null, amount: change.toFixed(2), taxYear: null }],
    })
  }
}

async function postStaged(db: Db, staging: Staging, order: RunReversal): Promise<number> {
  const row = await one<{ id: number }>(
    db,
    sql`select ledger.start_reversal(${order.runId}, ${order.reason}, ${order.actor})::int as id`,
  )
  if (!row) throw new Error('start_reversal gave no row')
  try {
    await staging.flush(db, row.id, order.actor)
    await db.execute(sql`select ledger.post_run(${row.id}, ledger.prepare_run(${row.id}), ${order.actor})`)
  } catch (error) {
    await db.execute(sql`select ledger.cancel_run(${row.id}, ${order.actor})`)
    throw error
  }
  await db.execute(sql`select ledger.sweep_staged(${row.id})`)
  return row.id
}
