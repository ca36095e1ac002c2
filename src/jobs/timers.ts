import type { Logger } from 'pino'
import { connectWaiting } from '../accounts/waiting.ts'
import { markBroken } from '../arrangements/service.ts'
import { sealAudit } from '../audit/seal.ts'
import type { Db } from '../db/db.ts'
import { endAbandonedRuns, prune } from './store.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

interface Timer {
  what: string
  every: number
  run(db: Db): Promise<unknown>
}

/** What is done by the clock. Each may run in several processes at once: what one did, the others find done. */
const TIMERS: Timer[] = [
  { what: 'sealing the audit trail', every: 5 * SECOND, run: sealAudit },
  { what: 'ending runs that nobody prepares any more', every: 5 * MINUTE, run: endAbandonedRuns },
  { what: 'marking broken arrangements', every: 15 * MINUTE, run: (db) => markBroken(db) },
  { what: 'connecting accounts that wait for their day', every: 15 * MINUTE, run: (db) => connectWaiting(db) },
  { what: 'pruning what is too old', every: 60 * MINUTE, run: prune },
]

/** Starts the timers; answers how to stop them. A run that fails is logged and tried again at its next time. */
export function startTimers(db: Db, log: Logger, timers: Timer[] = TIMERS): () => Promise<void> {
  const underWay = new Map<string, Promise<unknown>>()
  const once = ({ what, run }: Timer) => {
    if (underWay.has(what)) return
    const failed = (error: unknown) => log.error({ err: error }, `Failed: ${what}`)
    underWay.set(
      what,
      run(db)
        .catch(failed)
        .finally(() => underWay.delete(what)),
    )
  }
  const running = timers.map((timer) => setInterval(once, timer.every, timer).unref())
  return async () => {
    for (const timer of running) clearInterval(timer)
    await Promise.all(underWay.values())
  }
}
