import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Sql } from 'postgres'
import type { z } from 'zod'
import { Refused } from '../errors.ts'
import { proveFile, type Section, sectionsOf } from './container.ts'
import {
  type Head,
  headSchema,
  type Manifest,
  type Sequences,
  sequencesSchema,
  type TableTotal,
  tableEndSchema,
  tableSchema,
} from './manifest.ts'
import {
  backedUpTables,
  copyIn,
  LEFT_OUT,
  ledgerChecks,
  ownerConnection,
  schemaOf,
  type Table,
  tally,
} from './store.ts'
import { quietTriggers } from './triggers.ts'

/**
 * Puts a backup into an empty database of the same schema version: all of it or nothing, in one transaction. Rows come
 * exactly as they were, so triggers are silent while they load and always on again before the ledger is proven; what
 * the proof finds must be what it found when the backup was taken. `url` is the database owner's. Users and settings
 * that the database had are replaced. Refuses a file that is no backup or damaged, another schema, a town with records.
 */
export async function restoreBackup(url: string, file: string): Promise<Manifest> {
  await proveFile(file)
  const sql = ownerConnection(url)
  try {
    await sql.unsafe("set lock_timeout = '10s'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
    await sql.unsafe('begin isolation level read committed read write')
    try {
      const manifest = await load(sql, file)
      await sql.unsafe('commit')
      return manifest
    } catch (error) {
      await sql.unsafe('rollback').catch(() => {}) // the connection may be gone, and the transaction with it
      throw inWords(error)
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

function inWords(error: unknown): unknown {
  if ((error as { code?: string }).code !== '55P03') return error
  return new Refused('in_use', 'The database is in use. Stop the server, then restore.')
}

async function load(sql: Sql, file: string): Promise<Manifest> {
  const sections = sectionsOf(file)
  const head = readHead(await next(sections))
  await refuseOtherSchema(sql, head)
  const tables = await backedUpTables(sql)
  const names = tables.map(({ name }) => name).join(', ')
  const loud = await quietTriggers(sql, tables)
  await refuseUnlessEmpty(sql)
  await sql.unsafe(`truncate ${[names, ...LEFT_OUT].join(', ')}`)
  const totals: TableTotal[] = []
  for (const name of head.tables)
    totals.push(
      await loadTable(
        sql,
        sections,
        tables.find((table) => table.name === name),
      ),
    )
  const sequences = read(sequencesSchema, await next(sections), 'S')
  if ((await next(sections)).type !== 'Z') throw broken()
  await setSequences(sql, sequences)
  await loud()
  await sql.unsafe('analyze')
  await refuseOtherFaults(sql, head)
  return { ...head, totals, sequences }
}

const broken = () =>
  new Refused('backup_broken', 'The backup is not put together as a backup is. Nothing was restored.')

async function next(sections: AsyncGenerator<Section>): Promise<Section> {
  const { value, done } = await sections.next()
  if (done) throw broken()
  return value
}

function read<T>(schema: z.ZodType<T>, section: Section, type: string): T {
  if (section.type !== type) throw broken()
  const parsed = schema.safeParse(JSON.parse(section.bytes.toString('utf8')))
  if (!parsed.success) throw broken()
  return parsed.data
}

const readHead = (section: Section): Head => read(headSchema, section, 'H')

async function refuseOtherSchema(sql: Sql, head: Head): Promise<void> {
  const here = await schemaOf(sql)
  if (here.count === head.schema.count && here.last === head.schema.last) return
  throw new Refused(
    'other_schema',
    `The backup was made by Clerkwell ${head.version} with schema ${head.schema.count}; this database has schema ${here.count}. Restore it with that version, then start this one on it.`,
  )
}

/** Empty = no customer, location, account, run or transaction; users and settings may be there. */
async function refuseUnlessEmpty(sql: Sql): Promise<void> {
  const found = await sql<{ what: string }[]>`
    select 'customers' as what where exists (select from customer)
    union all select 'locations' where exists (select from location)
    union all select 'accounts' where exists (select from account)
    union all select 'runs' where exists (select from ledger.run)
    union all select 'transactions' where exists (select from ledger.transaction)`
  if (found.length === 0) return
  const what = found.map((row) => row.what).join(', ')
  throw new Refused(
    'not_empty',
    `This database is not empty: it has ${what}. A backup is restored into an empty database only.`,
  )
}

async function loadTable(sql: Sql, sections: AsyncGenerator<Section>, table: Table | undefined): Promise<TableTotal> {
  const start = read(tableSchema, await next(sections), 'T')
  if (!table || table.name !== start.name || !sameNames(table.columns, start.columns)) throw broken()
  const counted = tally()
  let section = await next(sections)
  const rows = async function* () {
    for (; section.type === 'D'; section = await next(sections)) yield counted.add(section.bytes)
  }
  if (section.type === 'D')
    await pipeline(Readable.from(rows()), await copyIn(sql, { ...table, columns: start.columns }))
  const [want, have] = [read(tableEndSchema, section, 'E'), counted.end()]
  if (want.rows !== have.rows || want.sha256 !== have.sha256) throw broken()
  return { name: table.name, ...have }
}

const sameNames = (a: string[], b: string[]) => [...a].sort().join('\n') === [...b].sort().join('\n')

async function setSequences(sql: Sql, sequences: Sequences): Promise<void> {
  const known = new Set(
    (
      await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, sequencename) as name from pg_sequences`
    ).map(({ name }) => name),
  )
  for (const { name, next: value } of sequences) {
    if (!known.has(name) || !/^\d{1,19}$/.test(value)) throw broken()
    // unlike setval, this is undone with the transaction
    await sql.unsafe(`alter sequence ${name} restart with ${value}`)
  }
}

async function refuseOtherFaults(sql: Sql, head: Head): Promise<void> {
  const now = await ledgerChecks(sql)
  const differ = now.filter(
    ({ name, faults }) => faults !== (head.checks.find((check) => check.name === name)?.faults ?? 0),
  )
  if (differ.length === 0) return
  const named = differ.map(({ name, faults }) => `${name} ${faults}`).join(', ')
  throw new Refused(
    'ledger_differs',
    `The ledger proof after loading differs from the one in the backup (${named}). Nothing was restored.`,
  )
}
