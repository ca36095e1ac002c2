import type { Sql } from 'postgres'
import type { Table } from './store.ts'

interface Trigger {
  table: string
  name: string
  /** As PostgreSQL keeps it: A always, O as usual, R on a replica, D off. */
  state: 'A' | 'O' | 'R' | 'D'
}

const WORDS = { A: 'enable always', O: 'enable', R: 'enable replica', D: 'disable' } as const

const triggersOf = (sql: Sql) => sql<Trigger[]>`
  select format('%I.%I', n.nspname, c.relname) as table, quote_ident(t.tgname) as name, t.tgenabled as state
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and n.nspname in ('public', 'ledger') order by 1, 2`

/**
 * Silences the triggers of these tables inside the open transaction, which locks the tables: guards would refuse rows
 * that are posted already, and kept sums would be added up a second time. Foreign keys stay on. The answer puts every
 * trigger back as it was and makes sure of it.
 */
export async function quietTriggers(sql: Sql, tables: Table[]): Promise<() => Promise<void>> {
  const before = await triggersOf(sql)
  for (const { name } of tables) await sql.unsafe(`alter table ${name} disable trigger user`)
  return async () => {
    for (const { table, name, state } of before)
      await sql.unsafe(`alter table ${table} ${WORDS[state]} trigger ${name}`)
    const after = await triggersOf(sql)
    if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error('a trigger is not as it was')
  }
}
