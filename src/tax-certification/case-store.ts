import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money } from '../ledger/money.ts'
import { setRows } from './set-rows.ts'
import { type CaseStage, STAGE_LABELS, stageOf } from './stage-rules.ts'

/** One account's certification of a tax year. Amounts: `posted`, `paid` and `adjusted` stand on the certification balance. */
export interface CertificationCase {
  accountNumber: string
  customerName: string
  serviceAddress: string
  parcelNumber: string | null
  stage: CaseStage
  stageLabel: string
  certified: Money
  fee: Money
  posted: Money
  paid: Money
  adjusted: Money
  balance: Money
  certifications: CaseCertification[]
}

export interface CaseCertification {
  number: string
  runId: string
  date: Day
  noticeDate: Day | null
  updatedDate: Day | null
  countyFile: string | null
  countyMustBeTold: boolean
  withdrawn: boolean
  withdrawalReason: string | null
  fee: string
  lines: { service: string; period: Day; certified: string; paidBefore: string; withdrawn: string }[]
}

type Amounts = 'certified' | 'fee' | 'posted' | 'paid' | 'adjusted' | 'balance'
type Raw = Omit<CertificationCase, Amounts | 'stage' | 'stageLabel'> & Record<Amounts, string>

/** The case of a tax year: every account with a certification of it, where it stands and what came of it. */
export async function caseOf(db: Db, taxYear: number, accountNumber?: string): Promise<CertificationCase[]> {
  const only = accountNumber === undefined ? sql`` : sql`and a.number = ${accountNumber}`
  const read = accountNumber === undefined ? setRows<Raw> : rows<Raw>
  const found = await read(
    db,
    sql`
    with mine as materialized (select c.* from ledger.certification c join account a on a.id = c.account_id where c.tax_year = ${taxYear} ${only}),
      moved as (select t.account_id, sum(p.amount) filter (where t.type in ('PAdj', 'Fee')) as posted,
          sum(p.amount) filter (where t.type = 'CertPmt') as paid, sum(p.amount) filter (where t.type = 'CertAdj') as adjusted
        from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'certified'
        where t.account_id in (select account_id from mine) and p.tax_year = ${taxYear} and t.type in ('PAdj', 'Fee', 'CertPmt', 'CertAdj')
          and not exists (select from ledger.transaction v where v.reverses_id = t.id) group by 1),
    lines as (select l.certification_id, sum(l.certified - l.paid_before - l.withdrawn) as certified,
          jsonb_agg(jsonb_build_object('service', s.code, 'period', l.aging_period, 'certified', l.certified::text,
            'paidBefore', l.paid_before::text, 'withdrawn', l.withdrawn::text) order by s.sort, s.code, l.aging_period) as lines
        from ledger.certification_line l join service s on s.id = l.service_id where l.certification_id in (select id from mine) group by 1),
    x as (select c.account_id, coalesce(sum(l.certified) filter (where c.withdrawn_at is null), 0) as certified,
        coalesce(sum(c.fee) filter (where c.withdrawn_at is null), 0) as fee,
        jsonb_agg(jsonb_build_object('number', coalesce(c.number, c.id::text), 'runId', coalesce(c.run_number, c.run_id::text), 'date', c.date,
          'noticeDate', c.notice_date, 'updatedDate', c.updated_date, 'countyFile', c.county_file, 'countyMustBeTold', c.county_must_be_told,
          'withdrawn', c.withdrawn_at is not null, 'withdrawalReason', c.withdrawal_reason, 'fee', c.fee::text, 'lines', l.lines) order by c.id) as certifications
      from mine c join lines l on l.certification_id = c.id group by 1)
    select a.number as "accountNumber", u.name as "customerName", n.service_address as "serviceAddress", n.parcel_number as "parcelNumber",
      x.certified::text, x.fee::text, x.certifications, coalesce(m.posted, 0)::text as posted, coalesce(-m.paid, 0)::text as paid,
      coalesce(-m.adjusted, 0)::text as adjusted, coalesce(b.balance, 0)::text as balance
    from x join account a on a.id = x.account_id join customer u on u.id = a.customer_id join location n on n.id = a.location_id
    left join moved m on m.account_id = x.account_id left join ledger.certified_balance b on b.account_id = x.account_id and b.tax_year = ${taxYear}
    order by ledger.number_order(a.number), a.number`,
  )
  return found.map(readOne)
}

function readOne(raw: Raw): CertificationCase {
  const { certified, fee, posted, paid, adjusted, balance, ...rest } = raw
  const amounts = {
    certified: money(certified),
    fee: money(fee),
    posted: money(posted),
    paid: money(paid),
    adjusted: money(adjusted),
    balance: money(balance),
  }
  const live = raw.certifications.filter(({ withdrawn }) => !withdrawn)
  const last = (name: 'noticeDate' | 'updatedDate' | 'countyFile') => {
    const values = live.map((certification) => certification[name])
    return values.includes(null) ? null : (values.sort().at(-1) ?? null)
  }
  const stage = stageOf({
    withdrawn: live.length === 0,
    noticeDate: last('noticeDate'),
    updatedDate: last('updatedDate'),
    countyFile: last('countyFile'),
    posted: amounts.posted,
    paid: amounts.paid,
    balance: amounts.balance,
  })
  return { ...rest, ...amounts, stage, stageLabel: STAGE_LABELS[stage] }
}

/** Tax years with certifications or a certification balance, newest first, with how many accounts and how much. */
export function taxYears(
  db: Db,
): Promise<{ taxYear: number; accounts: number; certified: string; fees: string; balance: string }[]> {
  return rows(
    db,
    sql`
    select y.tax_year as "taxYear", coalesce(c.accounts, 0)::int as accounts, coalesce(c.certified, 0)::numeric(14,2)::text as certified,
      coalesce(c.fees, 0)::numeric(14,2)::text as fees, coalesce(b.balance, 0)::numeric(14,2)::text as balance
    from (select tax_year from ledger.certification union select tax_year from ledger.certified_balance) y
    left join (select c.tax_year, count(distinct c.account_id) as accounts, sum(l.certified) as certified, sum(c.fee) as fees from ledger.certification c
      join (select certification_id, sum(certified - paid_before - withdrawn) as certified from ledger.certification_line group by 1) l on l.certification_id = c.id
      where c.withdrawn_at is null group by 1) c on c.tax_year = y.tax_year
    left join (select tax_year, sum(balance) as balance from ledger.certified_balance group by 1) b on b.tax_year = y.tax_year
    order by 1 desc`,
  )
}

/** Where a certification belongs; undefined when there is none that this pool may see. */
export function certificationYear(
  db: Db,
  number: string,
): Promise<{ taxYear: number; accountNumber: string } | undefined> {
  return one(
    db,
    sql`select c.tax_year as "taxYear", a.number as "accountNumber" from ledger.certification c join account a on a.id = c.account_id
      where coalesce(c.number, c.id::text) = ${number}`,
  )
}
