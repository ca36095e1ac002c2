import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'

/** The id of a run by its number, as files and the API name it. */
export async function runIdOf(db: Db, number: string): Promise<number | undefined> {
  const found = await one<{ id: number }>(
    db,
    sql`select id::int as id from ledger.run where position('.' in kind) > 0 and (number = ${number}
      or number is null and id = case when ${number} ~ '^[1-9][0-9]{0,8}$' then ${number}::text::bigint end)`,
  )
  return found?.id
}

/** The numbers of runs by their ids, in the order of the ids. */
export async function runNumbers(db: Db, ids: number[]): Promise<string[]> {
  const found = await rows<{ number: string }>(
    db,
    sql`select coalesce(number, id::text) as number from ledger.run
      where id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)) order by id`,
  )
  return found.map(({ number }) => number)
}

/** Those of the account numbers that this pool may see, in their order. */
export async function visibleAccounts(db: Db, numbers: string[]): Promise<string[]> {
  const found = await rows<{ number: string }>(
    db,
    sql`select number from account
      where number in (select jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb)) order by ledger.number_order(number), number`,
  )
  return found.map(({ number }) => number)
}
