import type { Logger } from 'pino'
import { connectWaiting } from '../accounts/waiting.ts'
import { markBroken } from '../arrangements/service.ts'
import { sealAudit } from '../audit/seal.ts'
import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { renewRegisters } from '../runs/register.ts'
import type { Registry } from '../runs/registry.ts'
import { endAbandonedRuns, prune } from './store.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

interface Timer {
  what: string
  every: number
  run(db: Db, today: Day): Promise<unknown>
}

/** What is done by the clock. Each may run in several processes at once: what one did, the others find done. */
export const timersOf = (registry: Registry): Timer[] => [
  { what: 'sealing the audit trail', every: 5 * SECOND, run: sealAudit },
  { what: 'ending runs that nobody prepares any more', every: 5 * MINUTE, run: endAbandonedRuns },
  { what: 'marking broken arrangements', every: 15 * MINUTE, run: markBroken },
  { what: 'connecting accounts that wait for their day', every: 15 * MINUTE, run: connectWaiting },
  {
    what: 'making registers anew without who became private',
    every: MINUTE,
    run: (db) => renewRegisters(db, registry),
  },
  { what: 'pruning what is too old', every: 60 * MINUTE, run: prune },
]

/**
 * Starts the timers, each with a first run at once; answers how to stop them. `today` is the town's day, asked at every
 * run. A run that fails is logged and tried again at its next time.
 */
export function startTimers(db: Db, log: Logger, today: () => Day, timers: readonly Timer[]): () => Promise<void> {
  const underWay = new Map<string, Promise<unknown>>()
  const once = ({ what, run }: Timer) => {
    if (underWay.has(what)) return
    const failed = (error: unknown) => log.error({ err: error }, `Failed: ${what}`)
    underWay.set(
      what,
      run(db, today())
        .catch(failed)
        .finally(() => underWay.delete(what)),
    )
  }
  // a server that stood still over midnight need not wait for what its day brings
  timers.forEach(once)
  const running = timers.map((timer) => setInterval(once, timer.every, timer).unref())
  return async () => {
    for (const timer of running) clearInterval(timer)
    await Promise.all(underWay.values())
  }
}
