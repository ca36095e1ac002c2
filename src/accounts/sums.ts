import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'

/** A day whose state is asked for, inclusive, or a place for it; undefined = now. */
export type AtDay = Day | Placeholder | undefined

/**
 * What is unpaid by account, service and aging period, of the accounts in the relation `near(id)`: the kept sums of
 * now, or, as of a day (inclusive, by date), the sums of the postings up to it. Rows at zero are left out.
 */
export function unpaidItems(asOf: AtDay): SQL {
  if (asOf === undefined) {
    return sql`select o.account_id, o.service_id, o.aging_period, o.unpaid from ledger.open_item o join near on near.id = o.account_id`
  }
  return sql`select p.account_id, p.service_id, p.aging_period, sum(p.amount) as unpaid
    from near join ledger.transaction t on t.account_id = near.id and t.transaction_date <= ${asOf}
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility'
    group by 1, 2, 3 having sum(p.amount) <> 0`
}

const until = (column: SQL, asOf: AtDay): SQL => (asOf === undefined ? sql`true` : sql`${column} <= ${asOf}`)

/**
 * The headers of one account's transactions, `mine`, and those of them that reverse another, `undoing`: reversals are
 * always the account's own. A statement asks the ledger once and then these: each look into it costs a row policy.
 */
export const ownTransactions = (
  account: SQL,
): SQL => sql`mine as materialized (select t.id, t.number, t.account_id, t.transaction_date, t.period, t.due_date, t.type, t.description,
      t.source_key, t.reverses_id, t.run_id, t.run_number, t.method, t.reference, t.receipt from ledger.transaction t where t.account_id = ${account}),
    undoing as materialized (select v.id, v.number, v.reverses_id, v.transaction_date from mine v where v.reverses_id is not null)`

/** Not reversed, or reversed only after the day. `t` is the transaction; `reversals` is where its reversal stands. */
export const inForce = (asOf: AtDay, reversals: SQL = sql`ledger.transaction`): SQL =>
  sql`not exists (select from ${reversals} v where v.reverses_id = t.id and ${until(sql`v.transaction_date`, asOf)})`

/** The same of a transaction in `mine`. */
export const standing = (asOf: AtDay): SQL => inForce(asOf, sql`undoing`)

export const dated = (asOf: AtDay): SQL => until(sql`t.transaction_date`, asOf)

/**
 * When each bucket of the account in `mine` fell due: the latest due date of its charges that are not reversed. A Bill
 * or Misc is due `dueDays` after its date, every other charge on its date (product.md 3.5). `dueDays` and `oldest` (the
 * oldest period that matters) are SQL of the statement around it.
 */
export function bucketDue(dueDays: SQL, oldest: SQL, asOf: AtDay): SQL {
  return sql`select p.service_id, case when p.aging_period = 'infinity' then t.period else p.aging_period end as aging_period,
      max(coalesce(t.due_date, t.transaction_date + case when t.type in ('Bill', 'Misc') then ${dueDays} else 0 end)) as due
    from mine t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
    where t.period >= ${oldest} and ${dated(asOf)}
      and t.type in ('Bill', 'Pen', 'Int', 'Misc', 'Adj', 'Open') and coalesce(t.source_key, '') not like 'move/%'
      and p.subledger = 'utility' and p.service_id <> 0 and p.amount > 0 and ${standing(asOf)}
    group by 1, 2`
}
