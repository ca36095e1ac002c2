import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { Refused } from '../errors.ts'
import type { Registry } from './registry.ts'
import { mustFind } from './service.ts'

/** A run that is reversed, and the transactions entered singly that are reversed ahead of it, newest first. */
export interface Step {
  runId: number
  transactions: number[]
}

/** What reversing a run takes with it, newest first; the last step is the run itself. */
export interface ReversalPlan {
  steps: Step[]
  /** Runs that rest on it, and on what rests on it. */
  runs: number[]
  /** Transactions entered singly that rest on any of these. */
  transactions: number[]
}

/** What rests on a run, with what rests on that. Refuses what a kind refuses. Reads only. */
export async function planReversal(db: Db, registry: Registry, runId: number): Promise<ReversalPlan> {
  const runs = new Set<number>()
  const transactions = new Set<number>()
  const visit = async (id: number): Promise<void> => {
    if (runs.has(id)) return
    runs.add(id)
    const run = await mustFind(db, id)
    const kind = registry.list.find((known) => known.kind === run.kind)
    // it came with a town folder from a version that has it
    if (!kind)
      throw new Refused('kind_unknown', `This version does not know ${run.kind}, so run ${run.number} is not reversed.`)
    await kind.refuseReversal?.(db, id)
    for (const transaction of (await kind.dependentTransactions?.(db, id)) ?? []) transactions.add(transaction)
    for (const dependent of (await kind.dependents?.(db, id)) ?? []) await visit(dependent)
  }
  await visit(runId)
  return planOf(await newestFirst(db, [...runs], [...transactions]), runId)
}

interface Entry {
  what: 'run' | 'transaction'
  id: number
}

function newestFirst(db: Db, runs: number[], transactions: number[]): Promise<Entry[]> {
  const list = (ids: number[]) =>
    sql`(select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`
  return rows<Entry>(
    db,
    sql`
    select what, id::int from (select 'run' as what, id, posted_at, id as place from ledger.run where id in ${list(runs)}
      union all select 'transaction', t.id, case r.kind when 'town.import' then t.posted_at else r.posted_at end, r.id from ledger.transaction t join ledger.run r on r.id = t.run_id where t.id in ${list(transactions)}) x
    order by posted_at desc, place desc, id desc`,
  )
}

/** A transaction is reversed with the newest run that is older than it. */
function planOf(entries: Entry[], runId: number): ReversalPlan {
  const steps: Step[] = []
  let waiting: number[] = []
  for (const { what, id } of entries) {
    if (what === 'transaction') waiting.push(id)
    else {
      steps.push({ runId: id, transactions: waiting })
      waiting = []
    }
  }
  return {
    steps,
    runs: steps.map((step) => step.runId).filter((id) => id !== runId),
    transactions: steps.flatMap((step) => step.transactions),
  }
}
