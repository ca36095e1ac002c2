import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Town } from './db/engine.ts'
import { LEDGER } from './db/guards.ts'
import { examine, guardFaults } from './db/health.ts'
import { schemaIsCurrent } from './db/migrate.ts'
import { checkLedger, isClean } from './ledger/check.ts'
import { setGate } from './ledger/gate.ts'
import type { Health } from './web/deps.ts'

const PROOF_MS = 60 * 60 * 1000

/** Examines the database before money moves: closes the gate and says why, or opens it. */
export async function examineTown(town: Town, config: Pick<Config, 'test'>, log: Logger): Promise<void> {
  const found = await examine(town.databases, LEDGER, { embedded: town.embedded, test: config.test })
  setGate(found.mayPostMoney.reasons)
  for (const reason of found.mayPostMoney.reasons) log.error(`No money is posted: ${reason}`)
  for (const warning of found.warnings) log.warn(warning)
}

/** Proves the ledger at the start and every hour, and answers /health from it (contract.md 1). */
export function watchHealth(town: Town, log: Logger): { health: () => Promise<Health>; stop: () => void } {
  const db = town.databases.private
  let clean = true
  const prove = async () => {
    clean = isClean(await checkLedger(db))
    if (!clean) log.error('The ledger proof found faults; see the home page or `clerkwell check`.')
  }
  const run = () => void prove().catch((error: unknown) => log.error({ err: error }, 'The ledger proof could not run.'))
  run()
  const timer = setInterval(run, PROOF_MS).unref()
  return {
    async health() {
      if (!(await schemaIsCurrent(db))) return 'down'
      if ((await guardFaults(db, LEDGER.guards)).length > 0) return 'down'
      return clean ? 'ok' : 'fault'
    },
    stop: () => clearInterval(timer),
  }
}
