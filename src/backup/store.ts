import { createHash } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import type { Head, Schema, Sequences, TableTotal } from './manifest.ts'

export interface Table {
  /** With its schema, quoted where needed. */
  name: string
  columns: string[]
}

/** Not part of a backup: who is signed in, what browsers remember or were sending, links that open a door. Jobs have a schema of their own. */
export const LEFT_OUT = ['public.login_session', 'public.web_session', 'public.setup_link', 'public.form_draft']

/**
 * The owner's own single connection. Where the driver would connect anew after a loss, the new session is read-only:
 * nothing of a broken restore can be committed outside its transaction.
 */
export function ownerConnection(url: string): Sql {
  return postgres(url, {
    max: 1,
    max_lifetime: null,
    idle_timeout: 0,
    prepare: false,
    onnotice: () => {},
    connection: {
      application_name: 'clerkwell-backup',
      default_transaction_read_only: true,
      // the same text for the same row everywhere
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      IntervalStyle: 'postgres',
      extra_float_digits: '1',
      bytea_output: 'hex',
      // a table is read in the order it lies in
      synchronize_seqscans: 'off',
    },
  })
}

/** The tables of a backup, each after those it refers to. */
export async function backedUpTables(sql: Sql): Promise<Table[]> {
  const tables = await sql<Table[]>`
    select format('%I.%I', n.nspname, c.relname) as name,
      array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in ('public', 'ledger') and c.relkind in ('r', 'p') and not c.relispartition
    group by 1 order by 1`
  const links = await sql<{ from: string; to: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as "from", format('%I.%I', m.nspname, d.relname) as "to"
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class d on d.oid = k.confrelid join pg_namespace m on m.oid = d.relnamespace
    where k.contype = 'f' and k.conrelid <> k.confrelid`
  return inOrder(
    tables.filter(({ name }) => !LEFT_OUT.includes(name)),
    links,
  )
}

function inOrder(tables: Table[], links: { from: string; to: string }[]): Table[] {
  const placed: Table[] = []
  const left = new Map(tables.map((table) => [table.name, table]))
  while (left.size > 0) {
    const ready = [...left.values()].filter(({ name }) => !links.some(({ from, to }) => from === name && left.has(to)))
    if (ready.length === 0) throw new Error(`tables refer to each other: ${[...left.keys()].join(', ')}`)
    for (const table of ready) left.delete(table.name)
    placed.push(...ready)
  }
  return placed
}

export async function schemaOf(sql: Sql): Promise<Schema> {
  const [found] = await sql<Schema[]>`
    select count(*)::int as count, coalesce(max(created_at), 0)::text as last from drizzle.__drizzle_migrations`
  if (!found) throw new Error('no schema version')
  return { count: found.count, last: found.last }
}

export async function ledgerChecks(sql: Sql): Promise<Head['checks']> {
  const found = await sql<
    { name: string; faults: string }[]
  >`select name, faults from ledger.check_ledger() order by name`
  return found.map(({ name, faults }) => ({ name, faults: Number(faults) }))
}

/** The number that each sequence gives next. Read from the sequences: the catalogue does not know a number set and not yet taken. */
export async function sequencesOf(sql: Sql): Promise<Sequences> {
  const names = await sql<{ name: string }[]>`select format('%I.%I', schemaname, sequencename) as name
    from pg_sequences where schemaname in ('public', 'ledger') order by 1`
  const each = names.map(
    ({ name }) => `select '${name}' as name, (last_value + is_called::int)::text as next from ${name}`,
  )
  const found = await sql.unsafe<{ name: string; next: string }[]>(each.join(' union all '))
  return found.map(({ name, next }) => ({ name, next }))
}

const quoted = (column: string) => `"${column.replaceAll('"', '""')}"`
const columnsOf = (table: Table) => table.columns.map(quoted).join(', ')

/** A table's rows as COPY text, in the order they lie in. */
export async function* copyOut(sql: Sql, table: Table): AsyncGenerator<Buffer> {
  const rows = await sql.unsafe(`copy ${table.name} (${columnsOf(table)}) to stdout`).readable()
  for await (const piece of rows) yield piece as Buffer
  // the driver leaves its socket paused when the last piece filled the stream's buffer
  rows._read(0)
}

export const copyIn = (sql: Sql, table: Table) =>
  sql.unsafe(`copy ${table.name} (${columnsOf(table)}) from stdin`).writable()

const NEW_LINE = 10

/** Counts and hashes COPY text as it passes: every row ends with the only line feed it has. */
export function tally() {
  const hash = createHash('sha256')
  let rows = 0
  return {
    add(bytes: Buffer): Buffer {
      hash.update(bytes)
      for (let at = bytes.indexOf(NEW_LINE); at >= 0; at = bytes.indexOf(NEW_LINE, at + 1)) rows += 1
      return bytes
    },
    end: () => ({ rows, sha256: hash.digest('hex') }),
  }
}

/** What a table holds now. */
export async function totalOf(sql: Sql, table: Table): Promise<TableTotal> {
  const counted = tally()
  for await (const piece of copyOut(sql, table)) counted.add(piece)
  return { name: table.name, ...counted.end() }
}
