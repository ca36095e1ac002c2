import { type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'

/**
 * What is unpaid by account, service and aging period, of the accounts in the relation `near(id)`: the kept sums of
 * now, or, as of a day (inclusive, by date), the sums of the postings up to it. Rows at zero are left out.
 */
export function unpaidItems(asOf: Day | undefined): SQL {
  if (asOf === undefined) {
    return sql`select o.account_id, o.service_id, o.aging_period, o.unpaid from ledger.open_item o join near on near.id = o.account_id`
  }
  return sql`select p.account_id, p.service_id, p.aging_period, sum(p.amount) as unpaid
    from near join ledger.transaction t on t.account_id = near.id and t.transaction_date <= ${asOf}
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility'
    group by 1, 2, 3 having sum(p.amount) <> 0`
}

const until = (column: SQL, asOf: Day | undefined): SQL => (asOf === undefined ? sql`true` : sql`${column} <= ${asOf}`)

/** Not reversed, or reversed only after the day. `t` is the transaction. */
export const inForce = (asOf: Day | undefined): SQL =>
  sql`not exists (select from ledger.transaction v where v.reverses_id = t.id and ${until(sql`v.transaction_date`, asOf)})`

export const dated = (asOf: Day | undefined): SQL => until(sql`t.transaction_date`, asOf)

/**
 * When each bucket of an account fell due: the latest due date of its charges that are not reversed. A Bill or Misc is
 * due `dueDays` after its date, every other charge on its date (product.md 3.5). `account`, `dueDays` and `oldest` (the
 * oldest period that matters) are SQL of the statement around it.
 */
export function bucketDue(account: SQL, dueDays: SQL, oldest: SQL, asOf: Day | undefined): SQL {
  return sql`select p.service_id, case when p.aging_period = 'infinity' then t.period else p.aging_period end as aging_period,
      max(coalesce(t.due_date, t.transaction_date + case when t.type in ('Bill', 'Misc') then ${dueDays} else 0 end)) as due
    from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
    where t.account_id = ${account} and t.period >= ${oldest} and ${dated(asOf)}
      and t.type in ('Bill', 'Pen', 'Int', 'Misc', 'Adj', 'Open') and coalesce(t.source_key, '') not like 'move/%'
      and p.subledger = 'utility' and p.service_id <> 0 and p.amount > 0 and ${inForce(asOf)}
    group by 1, 2`
}
