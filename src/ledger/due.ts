import { type SQL, sql } from 'drizzle-orm'

/** Days from a Bill or Misc to its due date: those of the cycle in `y`, else the town's, else twenty. An empty setting is none. */
export const DUE_DAYS: SQL = sql`coalesce(y.due_days, (select value::int from setting where name = 'due_days' and value <> ''), 20)`

/**
 * When the charge in `t` falls due: the due date it was given, else a Bill or Misc `dueDays` after its date and every
 * other charge on its date (product.md 3.5). Whether it still stands is not asked here. The view `ledger.open_bucket`
 * says the same for runs.
 */
export const dueOf = (dueDays: SQL): SQL =>
  sql`coalesce(t.due_date, t.transaction_date + case when t.type in ('Bill', 'Misc') then ${dueDays} else 0 end)`
