import { sql } from 'drizzle-orm'
import { type Databases, type Db, one, rows } from './db.ts'

/** A trigger that must be there and on. Both names as in the migrations, the table with its schema. */
export interface Guard {
  table: string
  trigger: string
}

export interface Expectations {
  guards: readonly Guard[]
  /** The application's roles may read these and never write them. With their schema. */
  ledgerTables: readonly string[]
}

export interface Circumstances {
  /** The server is our own embedded one. */
  embedded: boolean
  /** CLERKWELL_TEST=1: an engine that forces nothing to disk may still post. */
  test: boolean
}

export interface Health {
  mayPostMoney: { ok: boolean; reasons: string[] }
  /** A guard is missing or not always on. */
  guardsMissing: boolean
  /** Worth an administrator's eye; money is posted all the same. */
  warnings: string[]
}

const DURABILITY: Record<string, string> = {
  fsync: 'what is posted would not survive a power cut',
  full_page_writes: 'a power cut could leave half-written pages',
  synchronous_commit: 'a posting could be answered and then lost',
}

/** Settings without which an answered posting can be lost. */
async function durabilityFaults(db: Db): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    sql`select name from pg_settings
        where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name`,
  )
  return found.map(({ name }) => `The database server runs with ${name} off: ${DURABILITY[name]}.`)
}

async function checksumsAreOff(db: Db): Promise<boolean> {
  const row = await one<{ setting: string }>(db, sql`select current_setting('data_checksums') as setting`)
  return row?.setting === 'off'
}

/** Guards that are missing, or that are not on in every circumstance (`enable always`: also under replication roles). */
export async function guardFaults(db: Db, guards: readonly Guard[]): Promise<string[]> {
  const found = await rows<{ table: string; trigger: string; state: string }>(
    db,
    sql`select n.nspname || '.' || c.relname as "table", t.tgname as trigger, t.tgenabled as state
        from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where not t.tgisinternal`,
  )
  const states = new Map(found.map((row) => [`${row.table} ${row.trigger}`, row.state]))
  return guards.flatMap(({ table, trigger }) => {
    const state = states.get(`${table} ${trigger}`)
    if (state === 'A') return []
    return [`The trigger ${trigger} on ${table} is ${state === undefined ? 'missing' : 'not always on'}.`]
  })
}

/** Rights to write the ledger that no application role may have; a table that is missing is a fault too. */
export async function grantFaults(db: Db, names: readonly string[], tables: readonly string[]): Promise<string[]> {
  if (tables.length === 0) return []
  const list = (values: readonly string[]) =>
    sql.join(
      values.map((value) => sql`${value}`),
      sql`, `,
    )
  const missing = await rows<{ table: string }>(
    db,
    sql`select t as "table" from unnest(array[${list(tables)}]) t
        where not exists (select from pg_class c where c.relnamespace::regnamespace || '.' || c.relname = t) order by t`,
  )
  const granted = await rows<{ role: string; table: string; rights: string }>(
    db,
    sql`select r as role, t as "table", string_agg(p, ', ' order by p) as rights
        from unnest(array[${list(tables)}]) t join pg_class c on c.relnamespace::regnamespace || '.' || c.relname = t,
          unnest(array[${list(names)}]) r, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
        where has_table_privilege(r, c.oid, p)
          or (p in ('INSERT', 'UPDATE') and has_any_column_privilege(r, c.oid, p))
        group by r, t order by r, t`,
  )
  return [
    ...missing.map(({ table }) => `The ledger table ${table} is missing.`),
    ...granted.map(({ role, table, rights }) => `The role ${role} may write ${table} directly (${rights}).`),
  ]
}

/**
 * The start-up check: may this database be trusted with money (product.md 4, reliability.md 3)? Money is posted only
 * when the server forces commits to disk, every guard of the ledger is on, and the application cannot write past them.
 */
export async function examine(
  databases: Databases,
  expected: Expectations,
  circumstances: Circumstances,
): Promise<Health> {
  const db = databases.private
  const [durability, checksumsOff] = [await durabilityFaults(db), await checksumsAreOff(db)]
  const unsummed = 'The database server keeps no data checksums: a failing disk could change figures unnoticed.'
  const unguarded = await guardFaults(db, expected.guards)
  const reasons = [
    ...(circumstances.test ? [] : durability),
    ...unguarded,
    ...(await grantFaults(db, [databases.roles.app, databases.roles.private], expected.ledgerTables)),
    ...(checksumsOff && circumstances.embedded ? [unsummed] : []),
  ]
  const warnings = checksumsOff && !circumstances.embedded ? [unsummed] : []
  return { mayPostMoney: { ok: reasons.length === 0, reasons }, guardsMissing: unguarded.length > 0, warnings }
}
