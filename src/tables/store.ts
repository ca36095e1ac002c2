import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { type Db, one, rows } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import { compareNumbers } from '../ledger/money.ts'
import { columnOf, type Link, type Row, type SetupTable, type Usage } from './table.ts'

/** The columns every set-up table has, whatever else. */
type Columns = PgTable & { id: PgColumn; version: PgColumn; changedBy: PgColumn }
const of = (declared: SetupTable) => declared.table as Columns

export const mustHold = (declared: SetupTable, name: string): boolean => columnOf(declared, name).notNull

/** All rows in their order, links as codes. Set-up tables are short: they are looked through and paged in memory. */
export async function tableRows(db: Db, declared: SetupTable): Promise<Row[]> {
  const found = (await db.select().from(declared.table)) as Row[]
  const codes = await linkCodes(db, declared)
  return found
    .filter((row) => row.id !== 0)
    .map((row) => withCodes(row, codes))
    .sort(inOrder(declared))
}

export async function tableRow(db: Db, declared: SetupTable, id: number): Promise<Row | undefined> {
  const [found] = (await db
    .select()
    .from(declared.table)
    .where(eq(of(declared).id, id))) as Row[]
  return found && found.id !== 0 ? withCodes(found, await linkCodes(db, declared)) : undefined
}

function inOrder({ code, order }: SetupTable) {
  const byCode = (a: Row, b: Row) => compareNumbers(String(a[code]), String(b[code]))
  return order === 'sort' ? (a: Row, b: Row) => Number(a.sort) - Number(b.sort) || byCode(a, b) : byCode
}

/** The rows a linked field may name. */
export async function linked(
  db: Db,
  { table, code, label }: Link,
): Promise<{ id: number; code: string; label: string }[]> {
  const found = (await db.select().from(table)) as Row[]
  return found
    .filter((row) => row.id !== 0)
    .map((row) => ({ id: row.id, code: String(row[code]), label: `${row[code]} ${row[label]}` }))
    .sort((a, b) => compareNumbers(a.code, b.code))
}

type LinkCodes = Record<string, Map<number, string>>

async function linkCodes(db: Db, { links = {} }: SetupTable): Promise<LinkCodes> {
  const codes: LinkCodes = {}
  for (const [name, link] of Object.entries(links)) {
    codes[name] = new Map((await linked(db, link)).map((row) => [row.id, row.code]))
  }
  return codes
}

function withCodes(row: Row, codes: LinkCodes): Row {
  const named = Object.entries(codes).map(([name, map]) => [name, map.get(Number(row[name])) ?? null])
  return { ...row, ...Object.fromEntries(named) }
}

export async function insertRow(db: Db, declared: SetupTable, values: object, by: number): Promise<number> {
  const inserted = await db
    .insert(declared.table)
    .values({ ...values, changedBy: by } as never)
    .returning({ id: of(declared).id })
  return Number(inserted[0]?.id)
}

/** Whether the row was still at that version. */
export async function updateRow(
  db: Db,
  declared: SetupTable,
  at: { id: number; version: number },
  values: object,
  by: number,
) {
  const { id, version } = of(declared)
  const changed = await db
    .update(declared.table)
    .set({ ...values, changedBy: by, version: sql`${version} + 1` } as never)
    .where(and(eq(id, at.id), eq(version, at.version)))
    .returning({ id })
  return changed.length > 0
}

/** Whether the row was still at that version. Who deletes is written first: the audit trigger reads it from the row. */
export async function deleteRow(
  db: Db,
  declared: SetupTable,
  at: { id: number; version: number },
  by: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await updateRow(tx, declared, at, {}, by))) return false
    await tx.delete(declared.table).where(eq(of(declared).id, at.id))
    return true
  })
}

/** How often a row is used, by what uses it. */
export async function usageCounts(
  db: Db,
  declared: SetupTable,
  id: number,
): Promise<{ usage: Usage; count: number }[]> {
  const counts: SQL[] = declared.usage.map((usage, at) => sql`${usage.count}::int as ${sql.raw(`u${at}`)}`)
  if (counts.length === 0) return []
  const found = await one<Record<string, number>>(
    db,
    sql`select ${sql.join(counts, sql`, `)} from ${sql.raw(declared.name)} r where r.id = ${id}`,
  )
  return declared.usage.map((usage, at) => ({ usage, count: found?.[`u${at}`] ?? 0 }))
}

/** Numbers the rows as listed, in one statement; those that stand right already stay untouched. */
export async function storeOrder(db: Db, declared: SetupTable, ids: readonly number[], by: number): Promise<void> {
  await db.execute(sql`
    update ${sql.raw(declared.name)} t set sort = o.sort, version = t.version + 1, changed_by = ${by}
    from unnest(${sql.param(ids)}::int[]) with ordinality as o(id, sort)
    where t.id = o.id and t.sort <> o.sort`)
}

export async function userName(db: Db, id: unknown): Promise<string> {
  const found = await rows<{ name: string }>(
    db,
    sql`select ${shownName()} as name from app_user u where u.id = ${id}::int`,
  )
  return found[0]?.name ?? ''
}
