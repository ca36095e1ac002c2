import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Conflict, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { fault, Stale } from '../ledger/faults.ts'
import { passGate } from '../ledger/gate.ts'
import type { Registry } from './registry.ts'
import { planReversal, type Step } from './reversal-plan.ts'
import { openCourse, REVERSAL_KIND, stageStep } from './reversal-step.ts'
import { mustFind } from './service.ts'

export interface RunReversal {
  runId: number
  reason: string
  withDependents: boolean
  actor: number
  today: Day
}

/** What rests on a run that is to be reversed, newest first: the detail of the Conflict that names it. */
export interface Dependents {
  dependents: number[]
  /** Ids of transactions that were entered singly. */
  transactions: number[]
}

const TRIES = 10

/**
 * Reverses a posted run with all that it did: the opposite of every transaction, what it had itself reversed posted
 * anew, effects put back where they are still what the run set. What rests on it (later runs, certification payments and
 * adjustments entered singly) is named first and reversed with it only when told to, each with its own reversing
 * transaction, in one posting: all of it or nothing. Returns the reversing run's id.
 */
export async function reverseRun(db: Db, registry: Registry, order: RunReversal): Promise<number> {
  passGate()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await planAndPost(db, registry, order)
    } catch (error) {
      const said = fault(error)
      if (!(said instanceof Stale)) throw said
      if (attempt === TRIES)
        throw new Refused('busy', 'Others are posting to these accounts. Nothing was reversed; try again.')
    }
  }
}

async function planAndPost(db: Db, registry: Registry, order: RunReversal): Promise<number> {
  await refuseUnlessPosted(db, order)
  const { steps, runs, transactions } = await planReversal(db, registry, order.runId)
  if (runs.length + transactions.length > 0 && !order.withDependents) {
    const detail: Dependents = { dependents: runs, transactions }
    throw new Conflict('Something rests on this run. Reverse it first or with the run.', detail)
  }
  return stageAndPost(db, steps, order)
}

async function refuseUnlessPosted(db: Db, order: RunReversal): Promise<void> {
  const run = await mustFind(db, order.runId)
  if (run.state === 'reversed') throw new Conflict(`Run ${run.number} is reversed already, by run ${run.reversedBy}.`)
  if (run.state !== 'posted') throw new Refused('not_posted', 'Only a posted run can be reversed.')
  if (run.kind === REVERSAL_KIND)
    throw new Refused('is_a_reversal', 'A reversal is not reversed. Run the routine anew.')
  if (order.reason.trim() === '')
    throw new Refused('reason_missing', 'Say why it is reversed.', { reason: 'Say why it is reversed.' })
}

async function stageAndPost(db: Db, steps: Step[], order: RunReversal): Promise<number> {
  const course = await openCourse(db, steps, order)
  const started: number[] = []
  try {
    for (const step of steps) {
      const id = await startReversal(db, step.runId, order)
      started.push(id)
      await stageStep(db, course, step, id)
    }
    const list = sql`array(select value::bigint from jsonb_array_elements_text(${JSON.stringify(started)}::jsonb))`
    await db.execute(sql`select ledger.post_reversals(${list}, ${order.actor})`)
  } catch (error) {
    for (const id of started) await db.execute(sql`select ledger.cancel_run(${id}, ${order.actor})`)
    throw error
  }
  return started.at(-1) ?? 0
}

async function startReversal(db: Db, runId: number, order: RunReversal): Promise<number> {
  const row = await one<{ id: number }>(
    db,
    sql`select ledger.start_reversal(${runId}, ${order.reason}, ${order.actor})::int as id`,
  )
  if (!row) throw new Error('start_reversal gave no row')
  return row.id
}
