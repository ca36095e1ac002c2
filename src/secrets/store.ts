import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { SealedColumn } from './columns.ts'

const names = ({ table, column, key }: SealedColumn) => ({
  table: sql.identifier(table),
  column: sql.identifier(column),
  key: sql.identifier(key),
})

/** How many values of a column each key has sealed. */
export function valuesByKey(db: Db, of: SealedColumn): Promise<{ key: string; count: number }[]> {
  const { table, column } = names(of)
  return rows(
    db,
    sql`select split_part(t.${column}, '|', 2) as key, count(*)::int as count from ${table} t
      where t.${column} is not null group by 1 order by 1`,
  )
}

export interface SealedRow {
  id: string
  owner: string
  sealed: string
}

/** The next values of a column, in order of their rows, that another key than this one has sealed. */
export function sealedOtherwise(
  db: Db,
  of: SealedColumn,
  current: string,
  after: string,
  limit: number,
): Promise<SealedRow[]> {
  const { table, column, key } = names(of)
  return rows(
    db,
    sql`select t.${key}::text as id, ${of.owner} as owner, t.${column} as sealed from ${table} t
      where t.${column} is not null and split_part(t.${column}, '|', 2) <> ${current} and t.${key} > ${after}::bigint
      order by t.${key} limit ${limit}`,
  )
}

/** Puts values sealed anew in place of those that were read; one that was changed in between keeps its change. */
export async function replaceSealed(db: Db, of: SealedColumn, changes: { id: string; was: string; now: string }[]) {
  const { table, column, key } = names(of)
  const list = (field: 'id' | 'was' | 'now') => sql`${sql.param(changes.map((change) => change[field]))}::text[]`
  const by = of.audited ? sql`, version = t.version + 1, changed_by = 0` : sql``
  await db.execute(sql`
    update ${table} t set ${column} = u.now${by}
    from unnest(${list('id')}, ${list('was')}, ${list('now')}) as u(id, was, now)
    where t.${key} = u.id::bigint and t.${column} = u.was`)
}
