import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { dueOf } from '../ledger/due.ts'
import { NO_CHECKS_AFTER } from '../organization/settings.ts'

/** A day whose state is asked for, inclusive, a place for it, or SQL of it; undefined = now. */
export type AtDay = Day | Placeholder | SQL | undefined

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

/**
 * Not moved to another account, or moved back again. The transfer is the account's own, in `mine`; the list of them is made
 * once, and mostly empty: to look for one beside each payment took ten times as long.
 */
export const notMoved = (asOf: AtDay): SQL => sql`'transfer/' || coalesce(t.number, t.id::text) <> all (array(
  select m.source_key from mine m where m.type = 'Xfer' and m.source_key like 'transfer/%' and ${until(sql`m.transaction_date`, asOf)}
    and not exists (select from undoing v where v.reverses_id = m.id and ${until(sql`v.transaction_date`, asOf)})))`

export const dated = (asOf: AtDay): SQL => until(sql`t.transaction_date`, asOf)

const COUNTED = { nsf: sql`'NSF'`, late: sql`'Pen', 'Int'` }

/**
 * How many returned payments, or late charges (penalties and interest), in force stand in the twelve months up to the day,
 * inclusive: one of 11/21/2025 counts until 11/20/2026. Of the account in `mine`, or of `accounts`, ids in SQL.
 */
export function countOf(
  what: keyof typeof COUNTED,
  { today, asOf }: { today: Day | Placeholder | SQL; asOf?: AtDay },
  accounts?: SQL,
): SQL {
  const day = asOf ?? today
  const of = accounts ? sql`ledger.transaction t where t.account_id in (${accounts}) and` : sql`mine t where`
  return sql`(select count(*) from ${of} t.type in (${COUNTED[what]})
    and t.transaction_date > ${day}::date - interval '12 months' and ${dated(day)} and ${accounts ? inForce(asOf) : standing(asOf)})`
}

/** After how many returned payments in twelve months the counter takes no more checks; 0 = it always takes them. */
export const NO_CHECKS = sql`coalesce((select value::int from setting where name = 'no_checks_after' and value <> ''), ${sql.raw(String(NO_CHECKS_AFTER))})`

/** Types of what pays an account; a payment moved to or from it is an Xfer. */
export const PAYING = sql`'Pmt', 'DepApp', 'Xfer'`

/**
 * What an account's transactions of some types changed of its balance since a moment, which `since` asks of a header:
 * rows of id, date and amount. What undoes another, a reversal or a payment moved away, counts only where the other one
 * counts too: a payment made before and returned after is none of what was paid since.
 */
export const changedSince = (account: SQL, types: SQL, since: (header: SQL) => SQL): SQL => sql`
  select t.id, t.transaction_date as date, sum(p.amount) as amount
  from ledger.transaction t left join ledger.transaction o on o.id = t.reverses_id
  join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility'
  where t.account_id = ${account} and coalesce(o.type, t.type) in (${types}) and ${since(sql`t`)} and (o.id is null or ${since(sql`o`)})
    and not exists (select from ledger.transaction m where m.account_id = ${account} and not (${since(sql`m`)})
      and 'transfer/' || coalesce(m.number, m.id::text) = coalesce(o.source_key, t.source_key))
  group by t.id, t.transaction_date having sum(p.amount) <> 0`

/**
 * When each bucket of the account in `mine` fell due: the latest due date of its charges that are not reversed. A Bill
 * or Misc is due `dueDays` after its date, every other charge on its date (product.md 3.5). `dueDays` and `oldest` (the
 * oldest period that matters) are SQL of the statement around it.
 */
export function bucketDue(dueDays: SQL, oldest: SQL, asOf: AtDay): SQL {
  return sql`select p.service_id, case when p.aging_period = 'infinity' then t.period else p.aging_period end as aging_period,
      max(${dueOf(dueDays)}) as due
    from mine t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
    where t.period >= ${oldest} and ${dated(asOf)}
      and t.type in ('Bill', 'Pen', 'Int', 'Misc', 'Adj', 'Open') and coalesce(t.source_key, '') not like 'move/%'
      and p.subledger = 'utility' and p.service_id <> 0 and p.amount > 0 and ${standing(asOf)}
    group by 1, 2`
}
