import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'

/** The id of a run by its number, as files and the API name it. */
export async function runIdOf(db: Db, number: string): Promise<number | undefined> {
  const found = await one<{ id: number }>(
    db,
    sql`select id::int as id from ledger.run where position('.' in kind) > 0 and (number = ${number}
      or number is null and id = case when ${number} ~ '^[1-9][0-9]{0,8}$' then ${number}::text::bigint end)
      order by number is null limit 1`,
  )
  return found?.id
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
