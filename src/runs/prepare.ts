import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import type { Deps } from '../web/deps.ts'
import { keepRegister } from './register.ts'
import type { Registry } from './registry.ts'
import { cancelRun, mustFind, prepareRun } from './service.ts'
import type { RunRow } from './store.ts'

const PATIENCE_MS = 2000
const LOOK_MS = 100

/** What the screens of runs work with. */
export type RunDeps = Pick<Deps, 'databases' | 'jobs' | 'today'>

/**
 * Prepares a run that was started: as a job, waiting two seconds at most unless told otherwise, so the answer may still be preparing; at once
 * where there is no job queue. Whatever a kind refuses at once is thrown, and said in the run.
 */
export async function prepareSoon(
  { databases, jobs, today }: RunDeps,
  registry: Registry,
  runId: number,
  patience = PATIENCE_MS,
): Promise<RunRow> {
  const db = databases.private
  if (!jobs) return prepareRun(db, registry, runId, today())
  await jobs.send('prepare-run', { runId })
  const until = performance.now() + patience
  for (;;) {
    const run = await mustFind(db, runId)
    if (run.state !== 'preparing' || performance.now() > until) return run
    await pause(LOOK_MS)
  }
}

/** Has the register of a posted run made: as a job, or at once where there is no job queue. */
export async function registerSoon({ databases, jobs }: RunDeps, registry: Registry, runId: number): Promise<void> {
  if (jobs) await jobs.send('register', { runId })
  else await keepRegister(databases.private, registry, runId)
}

/** Throws away the preview that a new one took the place of, when it is this person's and still unposted. */
export async function dropReplaced(db: Db, replaced: RunRow | undefined, by: RunRow, actor: number): Promise<void> {
  if (!replaced || replaced.id === by.id || replaced.preparedBy !== actor || by.state === 'preparing') return
  if (replaced.state !== 'prepared' && replaced.state !== 'failed') return
  try {
    await cancelRun(db, replaced.id, actor)
  } catch (error) {
    // posted in the meantime: then it stays
    if (!(error instanceof Conflict)) throw error
  }
}
