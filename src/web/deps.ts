import type { Logger } from 'pino'
import type { Sessions } from '../auth/session.ts'
import type { Config } from '../config.ts'
import type { Databases } from '../db/db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Feature } from './routes.ts'

/** 'fault' = a ledger check fails; 'down' = no database, another schema, or triggers missing (contract.md 1). */
export type Health = 'ok' | 'fault' | 'down'

/** What a feature may use. */
export interface Deps {
  databases: Databases
  config: Pick<Config, 'trustProxy' | 'sessionSecret' | 'today' | 'host' | 'port' | 'smtpUrl' | 'mailFrom'>
  /** The town's day. */
  today: () => Day
  log: Logger
  health: () => Promise<Health>
  sessions: Sessions
  /** Where long work is sent; absent = it is done at once, in the request. */
  jobs?: Pick<Jobs, 'send'>
}

/** What a feature exports: `export const pages: FeatureMaker = (deps) => feature('payments').get(…)`. */
export type FeatureMaker = (deps: Deps) => Feature
