import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money } from '../ledger/money.ts'
import type { CertifiedLine } from './rules.ts'

type RawLine = { service: string; period: Day; amount: string }

/** What of a tax year an adjustment can give back: taken by the year's PAdjs and fees, less what adjustments gave back. */
export async function takenInYear(
  db: Db,
  accountId: number,
  taxYear: number,
): Promise<{ taken: CertifiedLine[]; feeLeft: Money }> {
  const found = await one<{ taken: RawLine[]; fee: string }>(
    db,
    sql`
    with live as materialized (select t.id, t.period, t.type, t.facts from ledger.transaction t
      where t.account_id = ${accountId} and t.type in ('PAdj', 'Fee', 'CertAdj')
        and not exists (select from ledger.transaction v where v.reverses_id = t.id)
        and exists (select from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.tax_year = ${taxYear}))
    select
      (select coalesce(jsonb_agg(x order by x.period), '[]') from (
        select s.code as service, p.aging_period as period, (-sum(p.amount))::text as amount
        from live t join ledger.posting p on p.period = t.period and p.transaction_id = t.id join service s on s.id = p.service_id
        where t.type <> 'Fee' and p.subledger = 'utility' group by 1, 2 having sum(p.amount) < 0) x) as taken,
      (coalesce((select sum(p.amount) from live t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
          where t.type = 'Fee' and p.subledger = 'certified'), 0)
        - coalesce((select sum((t.facts->>'feePart')::numeric) from live t where t.type = 'CertAdj'), 0))::text as fee`,
  )
  if (!found) throw new Error('the statement gave no row')
  const taken = found.taken.map(({ amount, ...line }) => ({ ...line, amount: money(amount) }))
  return { taken, feeLeft: money(found.fee) }
}

/** The three priority lists by service code, in order. */
export async function priorityLists(db: Db): Promise<Record<'first' | 'second' | 'third', string[]>> {
  const found = await rows<{ list: 'first' | 'second' | 'third'; code: string }>(
    db,
    sql`select p.list, s.code from payment_allocation p join service s on s.id = p.service_id
      where p.list in ('first', 'second', 'third') order by p.list, p.position`,
  )
  const of = (list: string) => found.filter((row) => row.list === list).map(({ code }) => code)
  return { first: of('first'), second: of('second'), third: of('third') }
}

/** Days on which an account has certifications, for the warning of 000-052. */
export async function certificationDates(db: Db, accountNumber: string): Promise<Day[]> {
  const found = await rows<{ date: Day }>(
    db,
    sql`select distinct c.date from ledger.certification c join account a on a.id = c.account_id where a.number = ${accountNumber} order by 1`,
  )
  return found.map(({ date }) => date)
}

/** Live payments and adjustments of an account's tax year: they rest on what its certifications posted. */
export async function movementsOfYear(db: Db, accountId: number, taxYear: number): Promise<string[]> {
  const found = await rows<{ number: string }>(
    db,
    sql`select coalesce(t.number, t.id::text) as number from ledger.transaction t
      where t.account_id = ${accountId} and t.type in ('CertPmt', 'CertAdj')
        and not exists (select from ledger.transaction v where v.reverses_id = t.id)
        and exists (select from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.tax_year = ${taxYear})
      order by t.id`,
  )
  return found.map(({ number }) => number)
}

export interface Movement {
  date: Day
  account: string
  description: string
  reference: string | null
  taxYear: number
  amount: string
}

/** The last five certification payments, or adjustments, that were entered, newest first. */
export function lastMovements(db: Db, type: 'CertPmt' | 'CertAdj'): Promise<Movement[]> {
  return rows<Movement>(
    db,
    sql`select t.transaction_date as date, a.number as account, t.description, t.reference, max(p.tax_year)::int as "taxYear", sum(p.amount)::text as amount
      from (select * from ledger.transaction where type = ${type} order by id desc limit 5) t join account a on a.id = t.account_id
      join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'certified' group by t.id, t.transaction_date,
        a.number, t.description, t.reference order by t.id desc`,
  )
}
