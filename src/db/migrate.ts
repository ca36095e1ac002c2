import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyAll } from 'drizzle-orm/postgres-js/migrator'
import postgres, { type Sql } from 'postgres'
import { CannotStart } from '../errors.ts'
import { installJobs } from '../jobs/install.ts'
import { type Db, one, type Roles } from './db.ts'
import { applyFunctions } from './functions.ts'
import { ensureRoles, grantRights } from './roles.ts'

const FOLDER = path.join(import.meta.dirname, '../../drizzle')
// One number for every Clerkwell: two starting at once take turns. Advisory locks belong to one database.
const MIGRATION_LOCK = 7_270_274

const connect = (url: string) =>
  postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'clerkwell-migrate' } })

interface Version {
  /** Number of migrations. */
  count: number
  /** Time stamp of the last one, in milliseconds. */
  last: number
}

/** The schema this version of the code was written for. */
function ours(folder: string): Version {
  const journal = JSON.parse(readFileSync(path.join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number }[]
  }
  return { count: journal.entries.length, last: Math.max(...journal.entries.map((entry) => entry.when)) }
}

async function applied(client: Sql): Promise<Version> {
  const [known] = await client`select to_regclass('drizzle.__drizzle_migrations') is not null as yes`
  if (!known?.yes) return { count: 0, last: 0 }
  const [row] = await client<{ count: number; last: string }[]>`
    select count(*)::int as count, coalesce(max(created_at), 0)::text as last from drizzle.__drizzle_migrations`
  return { count: row?.count ?? 0, last: Number(row?.last ?? 0) }
}

async function refuseUnknownServer(client: Sql): Promise<void> {
  const [server] = await client<{ number: number; name: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as name`
  const major = Math.floor((server?.number ?? 0) / 10_000)
  if (major >= 15 && major <= 18) return
  throw new CannotStart(`This PostgreSQL is version ${server?.name}. Clerkwell works on versions 15 to 18.`)
}

async function refuseNewerSchema(client: Sql, folder: string): Promise<void> {
  if ((await applied(client)).last <= ours(folder).last) return
  throw new CannotStart(
    'This database was last used by a newer version of Clerkwell. Start that version, or restore a backup made with this one.',
  )
}

/** Drizzle passes over a migration dated before the last one applied, without a word: that would be a hole in the schema. */
async function assertAllApplied(client: Sql, folder: string): Promise<void> {
  const [want, have] = [ours(folder), await applied(client)]
  if (want.count !== have.count) throw new Error(`${have.count} of ${want.count} migrations are applied`)
}

/** On a connection of its own: Drizzle changes how the client it is given reads and writes dates and JSON. */
async function applyPending(url: string, folder: string): Promise<void> {
  const client = connect(url)
  try {
    await applyAll(drizzle(client), { migrationsFolder: folder })
  } finally {
    await client.end({ timeout: 5 })
  }
}

/**
 * Brings the database to this version's schema, makes the application roles and gives them their rights.
 * `url` is the owner's and must lead past any pooler. Several processes may call it at once.
 * Refuses servers before 15 and after 18 and a schema newer than ours.
 */
export async function migrate(url: string, folder = FOLDER): Promise<Roles> {
  const client = connect(url)
  try {
    await refuseUnknownServer(client)
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`
    await refuseNewerSchema(client, folder)
    await applyPending(url, folder)
    await assertAllApplied(client, folder)
    if (folder === FOLDER) await applyFunctions(client)
    const roles = await ensureRoles(client)
    await grantRights(client, roles)
    if (folder === FOLDER) await installJobs(client, roles.private)
    return roles
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** The schema alone, in a database that nobody serves: without roles, rights and jobs. */
export async function makeSchema(url: string): Promise<void> {
  const client = connect(url)
  try {
    await applyPending(url, FOLDER)
    await applyFunctions(client)
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** Whether the database has exactly the schema this version was written for. */
export async function schemaIsCurrent(db: Db): Promise<boolean> {
  const found = await one<{ count: number; last: string }>(
    db,
    sql`select count(*)::int as count, coalesce(max(created_at), 0)::text as last from drizzle.__drizzle_migrations`,
  )
  const want = ours(FOLDER)
  return found?.count === want.count && Number(found.last) === want.last
}
