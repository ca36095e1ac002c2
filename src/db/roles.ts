import { createHash } from 'node:crypto'
import type { Sql } from 'postgres'
import { CannotStart } from '../errors.ts'
import { type Roles, STATEMENT_TIMEOUT_MS } from './db.ts'

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** The names of a database's two application roles. Roles are the server's, so each database has its own pair. */
export function rolesOf(database: string): Roles {
  // PostgreSQL cuts names at 63 bytes; a long one is cut here, kept apart from its neighbours by a hash.
  const long = Buffer.byteLength(database) > 40
  const stem = long
    ? `${database.slice(0, 20)}_${createHash('sha256').update(database).digest('hex').slice(0, 8)}`
    : database
  return { app: `clerkwell_${stem}_app`, private: `clerkwell_${stem}_private` }
}

async function makeMissing(client: Sql, role: string): Promise<void> {
  const [found] = await client`select 1 from pg_roles where rolname = ${role}`
  if (found) return
  await client.unsafe(`create role ${quoted(role)} nologin`)
  // Behind a pooler the role signs in itself and no start setting reaches it: these stand with the role.
  await client.unsafe(`alter role ${quoted(role)} set statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
  await client.unsafe(`alter role ${quoted(role)} set jit = off`)
  await client.unsafe(`alter role ${quoted(role)} set timezone = 'UTC'`)
}

/** From version 16 on, making a role does not by itself allow becoming it. */
async function mayBecome(client: Sql, role: string): Promise<boolean> {
  const [server] = await client<{ version: number }[]>`select current_setting('server_version_num')::int as version`
  const right = (server?.version ?? 0) >= 160_000 ? 'SET' : 'MEMBER'
  const [row] = await client<{ may: boolean }[]>`select pg_has_role(current_user, ${role}, ${right}) as may`
  return row?.may ?? false
}

function instructions(owner: string, roles: Roles): string {
  return [
    `The database owner ${owner} may not create the application's two roles. Have an administrator of the server run this once, then start again:`,
    `  create role ${quoted(roles.app)} nologin;`,
    `  create role ${quoted(roles.private)} nologin;`,
    `  grant ${quoted(roles.app)}, ${quoted(roles.private)} to ${quoted(owner)};`,
  ].join('\n')
}

/**
 * Makes the two application roles of this database where they are missing and lets the owner become them.
 * Call it under the migration lock. Refuses with the SQL to run when the owner may not.
 */
export async function ensureRoles(client: Sql): Promise<Roles> {
  const [here] = await client<{ database: string; owner: string }[]>`
    select current_database() as database, current_user as owner`
  if (!here) throw new Error('current_database() gave no row')
  const roles = rolesOf(here.database)
  try {
    for (const role of [roles.app, roles.private]) {
      await makeMissing(client, role)
      if (!(await mayBecome(client, role))) await client.unsafe(`grant ${quoted(role)} to current_user`)
    }
  } catch (error) {
    // insufficient_privilege
    if ((error as { code?: string }).code !== '42501') throw error
    throw new CannotStart(instructions(here.owner, roles), { cause: error })
  }
  return roles
}

/** What the rights were given for: these two roles, this schema, these functions. */
async function grantMark(client: Sql, roles: Roles): Promise<string> {
  const [row] = await client<{ mark: string }[]>`
    select concat_ws(' ', 'rights',
      (select string_agg(oid::text, ' ' order by rolname) from pg_roles where rolname in (${roles.app}, ${roles.private})),
      (select max(created_at) from drizzle.__drizzle_migrations),
      (select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = 'ledger')) as mark`
  return row?.mark ?? ''
}

/**
 * Gives the roles their rights. What they are is written in drizzle/functions, in `clerkwell_grant(app, private)`.
 * Only when something changed: giving them locks every table for a moment, and the command line starts beside a busy
 * server all day.
 */
export async function grantRights(client: Sql, roles: Roles): Promise<void> {
  const mark = await grantMark(client, roles)
  const [schema] = await client`select obj_description('drizzle'::regnamespace, 'pg_namespace') as mark`
  if (schema?.mark === mark) return
  const both = `${quoted(roles.app)}, ${quoted(roles.private)}`
  await client.begin(async (tx) => {
    // So that /health can tell whether the schema is the one this version was written for.
    await tx.unsafe(`grant usage on schema drizzle to ${both}`)
    await tx.unsafe(`grant select on drizzle.__drizzle_migrations to ${both}`)
    const [made] = await tx`select to_regprocedure('clerkwell_grant(text, text)') is not null as yes`
    if (made?.yes) await tx`select clerkwell_grant(${roles.app}, ${roles.private})`
    await tx.unsafe(`comment on schema drizzle is '${mark}'`)
  })
}
