import { createHash } from 'node:crypto'
import type { Sql } from 'postgres'
import { installingBoss, QUEUES, SCHEMA } from './boss.ts'

/**
 * Puts the job tables and queues in place and lets one role use them. For the owner, under the migration lock; does
 * nothing when they are as this version wants them.
 */
export async function installJobs(client: Sql, role: string): Promise<void> {
  const mark = await wanted(client, role)
  if ((await present(client)) === mark) return
  const boss = installingBoss(client)
  await boss.start()
  try {
    for (const { name, ...options } of QUEUES) {
      await boss.createQueue(name, options)
      await boss.updateQueue(name, options)
    }
  } finally {
    await boss.stop({ graceful: false, close: false })
  }
  await grant(client, role)
  await client.unsafe(`comment on schema ${SCHEMA} is '${mark}'`)
}

async function wanted(client: Sql, role: string): Promise<string> {
  const [found] = await client<{ id: string }[]>`select oid::text as id from pg_roles where rolname = ${role}`
  const queues = createHash('sha256').update(JSON.stringify(QUEUES)).digest('hex').slice(0, 16)
  return `jobs for ${found?.id} ${PG_BOSS} ${queues}`
}

/** The version whose tables are installed; a new one brings its migrations along. */
const PG_BOSS = '12.35.0'

async function present(client: Sql): Promise<string | undefined> {
  const [found] = await client<{ mark: string }[]>`
    select obj_description(oid, 'pg_namespace') as mark from pg_namespace where nspname = ${SCHEMA}`
  return found?.mark
}

async function grant(client: Sql, role: string): Promise<void> {
  const name = `"${role.replaceAll('"', '""')}"`
  await client.unsafe(`
    grant usage on schema ${SCHEMA} to ${name};
    grant select, insert, update, delete on all tables in schema ${SCHEMA} to ${name};
    grant usage on all sequences in schema ${SCHEMA} to ${name};
    grant execute on all functions in schema ${SCHEMA} to ${name}`)
}
