import { type SQL, sql } from 'drizzle-orm'

/**
 * The last day before what a first statement of the date shows: it begins with the period of the account's latest bill,
 * or of its own date where that is earlier or there is no bill. `bill` and `date` are dates in SQL.
 */
export const firstShownAfter = (bill: SQL, date: SQL): SQL =>
  sql`coalesce((select max(p.end_date) from ledger.period p where p.end_date < least(${bill}, ${date})), '-infinity')`

const isFirst = sql`not exists (select from ledger.statement e where e.account_id = k.account_id and (e.made_at, e.id) < (k.made_at, k.id))`

/**
 * One column of the statement that shows the transaction in `t`: the first one made after it was posted. It shows what
 * moved the account's balance; a first statement shows nothing from before its window, and then no statement does.
 */
export const shownOn = (
  column: 'id' | 'number',
): SQL => sql`(select k.${sql.raw(column)} from (select s.* from ledger.statement s
    where s.account_id = t.account_id and s.made_at >= t.posted_at order by s.made_at, s.id limit 1) k
  where exists (select from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility')
    and case when ${isFirst} then t.transaction_date > coalesce((k.facts->>'after')::date, ${firstShownAfter(sql`k.date`, sql`k.date`)})
      else true end)`
