import { PgBoss, type Queue } from 'pg-boss'
import type { Sql } from 'postgres'

export const SCHEMA = 'jobs'

/** What each job carries. Only ids: whoever takes it up reads the rest. */
export interface JobData {
  'prepare-run': { runId: number }
  register: { runId: number }
}
export type JobName = keyof JobData

/** A worker that says nothing for this long is taken for dead, and its job is taken up again. */
const HEARTBEAT_SECONDS = 30

/** A queue for jobs that were given up comes before the queue that names it. */
export const QUEUES: Queue[] = [
  { name: 'prepare-run-stopped', retryLimit: 5 },
  {
    name: 'prepare-run',
    deadLetter: 'prepare-run-stopped',
    retryLimit: 2,
    expireInSeconds: 3600,
    heartbeatSeconds: HEARTBEAT_SECONDS,
  },
  { name: 'register', retryLimit: 3, retryDelay: 5, expireInSeconds: 3600, heartbeatSeconds: HEARTBEAT_SECONDS },
]

/** pg-boss sends scripts with BEGIN and COMMIT: each needs a connection to itself. */
function adapter(client: Sql) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      const connection = await client.reserve()
      try {
        const result = await (values.length > 0 ? connection.unsafe(text, values as never[]) : connection.unsafe(text))
        // a script of several statements answers a list of results
        return { rows: Array.isArray(result[0]) ? (result as unknown as unknown[][]).flat() : [...result] }
      } finally {
        connection.release()
      }
    },
  }
}

/** pg-boss that installs its tables; for the owner, at migration. */
export const installingBoss = (client: Sql) =>
  new PgBoss({ db: adapter(client), schema: SCHEMA, supervise: false, schedule: false })

/** pg-boss that uses them and changes no schema. It looks for jobs of workers that died every `lookSeconds`. */
export const runningBoss = (client: Sql, lookSeconds: number) =>
  new PgBoss({
    db: adapter(client),
    schema: SCHEMA,
    migrate: false,
    createSchema: false,
    schedule: false,
    superviseIntervalSeconds: lookSeconds,
    monitorIntervalSeconds: lookSeconds,
    // both need the owner's rights
    reindex: false,
    monitorVacuum: false,
  })
