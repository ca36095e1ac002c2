import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money } from '../ledger/money.ts'
import { idList } from './candidate-store.ts'
import { setRows } from './set-rows.ts'

/** One account's certifications of a tax year as the county is to collect them. */
export interface CountyAccount {
  id: number
  number: string
  version: string
  /** The customer or the owner is private: what names them is for administrators. */
  isPrivate: boolean
  /** The customer is: so is the account's row. */
  isHidden: boolean
  parcelNumber: string | null
  owner: string
  address: string
  /** The legal description, kept as the description of the location. */
  description: string
  balance: Money
  /** Certified, less withdrawn, paid before the update and what adjustments took off since. */
  amount: Money
  fee: Money
  certifications: {
    id: number
    countyFile: string | null
    countyRunId: number | null
    countyMustBeTold: boolean
    fee: string
    lines: Line[]
  }[]
}

interface Line {
  serviceId: number
  agingPeriod: Day
  paidBefore: string
  withdrawn: string
}

/** The latest tax year with certifications. */
export async function lastTaxYear(db: Db): Promise<number | undefined> {
  const found = await one<{ year: number | null }>(db, sql`select max(tax_year)::int as year from ledger.certification`)
  return found?.year ?? undefined
}

/** The first accounts with a certification of the tax year, for a sample. */
export async function firstCertified(db: Db, taxYear: number, limit: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    db,
    sql`select a.id from account a where exists (select from ledger.certification c
        where c.account_id = a.id and c.tax_year = ${taxYear} and c.withdrawn_at is null)
      order by ledger.number_order(a.number), a.number limit ${limit}`,
  )
  return found.map(({ id }) => id)
}

type Raw = Omit<CountyAccount, 'balance' | 'amount' | 'fee'> & {
  balance: string
  certified: string
  fees: string
  adjusted: string
  feePart: string
}

/**
 * Every account with a certification of the tax year that is not withdrawn, by one statement, in account order. The
 * parcel number is the location's today, so that a number entered after Create is not missing in the file.
 */
export async function countyAccounts(
  db: Db,
  taxYear: number,
  selected: number[] | undefined,
): Promise<CountyAccount[]> {
  const chosen = selected === undefined ? sql`` : sql`and c.account_id = any(${idList(selected)})`
  const found = await setRows<Raw>(
    db,
    sql`
    with chosen as materialized (select c.* from ledger.certification c where c.tax_year = ${taxYear} and c.withdrawn_at is null ${chosen}),
      states as (select l.certification_id, sum(l.certified - l.paid_before - l.withdrawn) as certified,
          jsonb_agg(jsonb_build_object('serviceId', l.service_id, 'agingPeriod', l.aging_period, 'paidBefore', l.paid_before::text,
            'withdrawn', l.withdrawn::text)) as lines
        from ledger.certification_line l where l.certification_id in (select id from chosen) group by 1),
      x as (select c.account_id, sum(l.certified) as certified, sum(c.fee) as fees,
        jsonb_agg(jsonb_build_object('id', c.id, 'countyFile', c.county_file, 'countyRunId', c.county_run_id,
          'countyMustBeTold', c.county_must_be_told, 'fee', c.fee::text, 'lines', l.lines) order by c.id) as certifications
        from chosen c join states l on l.certification_id = c.id group by 1),
      owed as (select account_id, sum(unpaid) as balance from ledger.open_item where account_id in (select account_id from chosen) group by 1)
    select a.id, a.number, v.version::text, not (u.public and coalesce(w.public, true)) as "isPrivate",
      not u.public as "isHidden", n.parcel_number as "parcelNumber", coalesce(w.name, u.name) as owner,
      n.service_address as address, coalesce(n.description, '') as description, coalesce(o.balance, 0)::text as balance,
      x.certified::text, x.fees::text, x.certifications, coalesce(j.adjusted, 0)::text as adjusted, coalesce(j.fee_part, 0)::text as "feePart"
    from x join account a on a.id = x.account_id join customer u on u.id = a.customer_id join location n on n.id = a.location_id
    join ledger.account_ledger v on v.account_id = a.id left join customer w on w.id = n.owner_customer_id left join owed o on o.account_id = a.id
    left join (select t.account_id, -sum(p.amount) as adjusted, sum((t.facts->>'feePart')::numeric) as fee_part
      from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'certified'
      where t.type = 'CertAdj' and p.tax_year = ${taxYear} and not exists (select from ledger.transaction r where r.reverses_id = t.id)
      group by 1) j on j.account_id = a.id
    where x.certified > 0 order by ledger.number_order(a.number), a.number`,
  )
  return found.map(({ certified, fees, adjusted, feePart, ...raw }) => ({
    ...raw,
    balance: money(raw.balance),
    amount: money(money(certified).minus(money(adjusted).minus(feePart))),
    fee: money(money(fees).minus(feePart)),
  }))
}
