import type { JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Databases, Db } from '../db/db.ts'
import { Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { keepRegister } from '../runs/register.ts'
import type { Registry } from '../runs/registry.ts'
import { mustFind, prepareAgain, prepareRun } from '../runs/service.ts'
import { type JobData, type JobName, runningBoss } from './boss.ts'
import { stopRun } from './store.ts'
import { startTimers, timersOf } from './timers.ts'

export interface Jobs {
  /** Asks for a job; whichever process is free does it. */
  send<N extends JobName>(name: N, data: JobData[N]): Promise<void>
  /** Lets the jobs under way end, for ten seconds, and takes no more. */
  stop(): Promise<void>
}

interface Given {
  databases: Databases
  today: () => Day
  log: Logger
  registry?: Registry
  /** How often jobs of workers that died are looked for. */
  lookSeconds?: number
}

type Handler = (data: { runId: number }, job: JobWithMetadata<{ runId: number }>) => Promise<void>

/** Starts the job worker and the timers of this process, on connections of their own. */
export async function startJobs(given: Given): Promise<Jobs> {
  const { databases, today, log, registry = RUN_KINDS, lookSeconds = 15 } = given
  const client = databases.openPrivate(3)
  const boss = runningBoss(client, lookSeconds)
  boss.on('error', (error) => log.error({ err: error }, 'The job queue has a fault.'))
  await boss.start()
  const db = databases.private
  const workers = {
    'prepare-run': await work(boss, 'prepare-run', preparing(db, registry, today, log)),
    register: await work(boss, 'register', async ({ runId }) => keepRegister(db, registry, runId)),
  }
  await work(boss, 'prepare-run-stopped', ({ runId }) => stopRun(db, runId))
  const stopTimers = startTimers(db, log, today, timersOf(registry))
  return {
    async send(name, data) {
      await boss.send(name, data)
      // this process need not wait for its next look at the queue
      boss.notifyWorker(workers[name])
    },
    async stop() {
      await stopTimers()
      await boss.stop({ graceful: true, timeout: 10_000, close: false })
      await client.end({ timeout: 5 })
    },
  }
}

function work(boss: PgBoss, name: string, handler: Handler): Promise<string> {
  return boss.work<{ runId: number }, void>(
    name,
    { includeMetadata: true, pollingIntervalSeconds: 2 },
    async ([job]) => {
      if (job) await handler(job.data, job as unknown as JobWithMetadata<{ runId: number }>)
    },
  )
}

/** Prepares a run. One whose worker died is prepared from the start; one that refuses says so itself and is done. */
function preparing(db: Db, registry: Registry, today: () => Day, log: Logger): Handler {
  return async ({ runId }, { retryCount }) => {
    if ((await mustFind(db, runId)).state !== 'preparing') return
    if (retryCount > 0) await prepareAgain(db, runId)
    try {
      await prepareRun(db, registry, runId, today())
    } catch (error) {
      if (!(error instanceof Refused)) log.error({ err: error, runId }, 'Preparing a run broke off.')
      if ((await mustFind(db, runId)).state === 'preparing') throw error
    }
  }
}
