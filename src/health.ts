import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Town } from './db/engine.ts'
import { LEDGER } from './db/guards.ts'
import { examine } from './db/health.ts'
import { schemaIsCurrent } from './db/migrate.ts'
import { checkLedger, isClean } from './ledger/check.ts'
import { setGate } from './ledger/gate.ts'
import type { Health } from './web/deps.ts'

const PROOF_MS = 60 * 60 * 1000

type Circumstances = Pick<Config, 'test'>

/** Examines the database before money moves: closes the gate and says why, or opens it. */
export async function examineTown(town: Town, config: Circumstances, log: Logger): Promise<void> {
  const { warnings } = await keepGate(town, config, log)
  for (const warning of warnings) log.warn(warning)
}

/** Closes or opens the gate by what the database is like now; a reason is logged when it is new. */
async function keepGate(town: Town, { test }: Circumstances, log: Logger) {
  const found = await examine(town.databases, LEDGER, { embedded: town.embedded, test })
  for (const reason of setGate(found.mayPostMoney.reasons)) log.error(`No money is posted: ${reason}`)
  return found
}

interface Watch {
  health: () => Promise<Health>
  stop: () => void
}

/**
 * Proves the ledger at the start and every hour, and answers /health from it (contract.md 1). Each hour and each time
 * /health is asked it examines the database again, for a trigger can be lost while the town is served.
 */
export function watchHealth(town: Town, config: Circumstances, log: Logger): Watch {
  const db = town.databases.private
  let clean = true
  const prove = async () => {
    await keepGate(town, config, log)
    clean = isClean(await checkLedger(db))
    if (!clean) log.error('The ledger proof found faults; see the home page or `clerkwell check`.')
  }
  const run = () => void prove().catch((error: unknown) => log.error({ err: error }, 'The ledger proof could not run.'))
  run()
  const timer = setInterval(run, PROOF_MS).unref()
  return {
    async health() {
      if (!(await schemaIsCurrent(db))) return 'down'
      if ((await keepGate(town, config, log)).guardsMissing) return 'down'
      return clean ? 'ok' : 'fault'
    },
    stop: () => clearInterval(timer),
  }
}
