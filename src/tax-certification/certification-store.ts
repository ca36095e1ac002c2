import { type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { Bucket } from '../ledger/aging.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money } from '../ledger/money.ts'
import { type PostedTransaction, transactionsWithIds } from '../ledger/reversal-facts.ts'
import { bucketColumns, idList, type RawBuckets, readBuckets } from './candidate-store.ts'
import type { Include } from './forms.ts'
import { setRows } from './set-rows.ts'
import type { OtherFee } from './update-rules.ts'

export interface CertificationLine {
  serviceId: number
  agingPeriod: Day
  certified: Money
  paidBefore: Money
  withdrawn: Money
}

/** A certification with its account as it stands now. */
export interface Certification {
  id: number
  number: string
  accountId: number
  accountNumber: string
  customerId: number
  version: string
  /** `ledger.certified_fingerprints`, of the same statement. */
  fingerprint: string
  balance: Money
  buckets: Map<number, Bucket[]>
  taxYear: number
  date: Day
  fee: Money
  parcelNumber: string | null
  noticeDate: Day | null
  updatedDate: Day | null
  updatedRunId: number | null
  padjId: number | null
  feeTransactionId: number | null
  countyFile: string | null
  countyRunId: number | null
  countyMustBeTold: boolean
  withdrawn: boolean
  withdrawalReason: string | null
  lines: CertificationLine[]
}

type RawLine = { serviceId: number; agingPeriod: Day; certified: string; paidBefore: string; withdrawn: string }
type Raw = Omit<Certification, 'balance' | 'buckets' | 'fee' | 'lines'> &
  RawBuckets & {
    balance: string
    fee: string
    lines: RawLine[]
  }

/** What *Certifications to Include* means: not yet updated, those of a run, or those dated from-to, both inclusive. */
export function included(include: Include): SQL {
  if ('unupdated' in include) return sql`c.updated_date is null and c.withdrawn_at is null`
  if ('runId' in include) return sql`coalesce(c.run_number, c.run_id::text) = ${String(include.runId)}`
  return sql`c.date between ${include.from}::date and ${include.to}::date`
}

export const ofAccounts = (ids: number[] | undefined): SQL =>
  ids === undefined ? sql`` : sql`and c.account_id = any(${idList(ids)})`

/**
 * Certifications with their lines and their accounts' buckets, by one statement, in account order, oldest first. Written
 * as joins of whole sets: a lookup for each row is slow where a large run was posted a moment ago.
 */
export async function certificationsWhere(db: Db, where: SQL): Promise<Certification[]> {
  const found = await setRows<Raw>(
    db,
    sql`
    with chosen as materialized (select c.* from ledger.certification c where ${where}),
      items as (select account_id, sum(unpaid) as balance, ${bucketColumns}
        from ledger.open_item where account_id in (select account_id from chosen) group by account_id),
      prints as (select * from ledger.certified_fingerprints(array(select distinct account_id from chosen))),
      lines as (select l.certification_id, jsonb_agg(jsonb_build_object('serviceId', l.service_id, 'agingPeriod', l.aging_period,
          'certified', l.certified::text, 'paidBefore', l.paid_before::text, 'withdrawn', l.withdrawn::text) order by s.sort, s.code, l.aging_period) as lines
        from ledger.certification_line l join service s on s.id = l.service_id
        where l.certification_id in (select id from chosen) group by l.certification_id)
    select c.id, coalesce(c.number, c.id::text) as number, c.account_id as "accountId", a.number as "accountNumber", a.customer_id as "customerId",
      v.version::text, f.fingerprint, coalesce(o.balance, 0)::text as balance, o.services::text, o.periods::text, o.unpaid::text,
      c.tax_year as "taxYear", c.date, c.fee::text, c.parcel_number as "parcelNumber", c.notice_date as "noticeDate",
      c.updated_date as "updatedDate", c.updated_run_id::int as "updatedRunId", c.padj_id::int as "padjId",
      c.fee_transaction_id::int as "feeTransactionId", c.county_file as "countyFile", c.county_run_id::int as "countyRunId",
      c.county_must_be_told as "countyMustBeTold", c.withdrawn_at is not null as withdrawn,
      c.withdrawal_reason as "withdrawalReason", l.lines
    from chosen c join account a on a.id = c.account_id join ledger.account_ledger v on v.account_id = c.account_id
    join lines l on l.certification_id = c.id join prints f on f.account_id = c.account_id left join items o on o.account_id = c.account_id
    order by c.account_id, c.id`,
  )
  return found.map(read)
}

function read(raw: Raw): Certification {
  return {
    ...raw,
    balance: money(raw.balance),
    buckets: readBuckets(raw),
    fee: money(raw.fee),
    lines: raw.lines.map((line) => ({
      serviceId: line.serviceId,
      agingPeriod: line.agingPeriod,
      certified: money(line.certified),
      paidBefore: money(line.paidBefore),
      withdrawn: money(line.withdrawn),
    })),
  }
}

/** A certification beside those of an update, of the same account and tax year. */
export interface Other extends OtherFee {
  number: string
  accountId: number
  taxYear: number
  /** What stands of it: certified less paid before the update and withdrawn. */
  certified: Money
  padjId: number | null
  feeTransactionId: number | null
  countyFile: string | null
}

/**
 * Certifications in force of the same accounts and tax years as these, without these, of which something stands, oldest
 * first, by account.
 */
export async function othersInForce(db: Db, taken: Certification[]): Promise<Map<number, Other[]>> {
  const these = idList(taken.map(({ id }) => id))
  const found = await setRows<Omit<Other, 'fee' | 'certified'> & { fee: string; certified: string }>(
    db,
    sql`
    with these as materialized (select distinct account_id, tax_year from ledger.certification where id = any(${these}))
    select c.id, coalesce(c.number, c.id::text) as number, c.account_id as "accountId", c.tax_year as "taxYear", c.fee::text,
      c.updated_date is not null as posted, c.padj_id::int as "padjId", c.fee_transaction_id::int as "feeTransactionId",
      c.county_file as "countyFile", sum(l.certified - l.paid_before - l.withdrawn)::text as certified
    from ledger.certification c join these t on t.account_id = c.account_id and t.tax_year = c.tax_year
    join ledger.certification_line l on l.certification_id = c.id
    where c.withdrawn_at is null and not c.id = any(${these})
    group by c.id having sum(l.certified - l.paid_before - l.withdrawn) > 0 order by c.account_id, c.id`,
  )
  const read = found.map((other) => ({ ...other, fee: money(other.fee), certified: money(other.certified) }))
  return Map.groupBy(read, ({ accountId }) => accountId)
}

/** PAdjs and Fees of earlier updates of these, by transaction id. */
export async function originalsOf(
  db: Db,
  of: Pick<Certification, 'padjId' | 'feeTransactionId'>[],
): Promise<Map<number, PostedTransaction>> {
  const ids = of.flatMap(({ padjId, feeTransactionId }) => [padjId, feeTransactionId]).filter((id) => id !== null)
  const found = ids.length === 0 ? [] : await transactionsWithIds(db, ids)
  return new Map(found.map((transaction) => [transaction.id, transaction]))
}

/** Certification adjustments in force, dated in a range, by account: the update names them and leaves them alone. */
export function adjustmentsDated(
  db: Db,
  range: { from: Day; to: Day },
  selected: number[] | undefined,
): Promise<{ accountId: number; count: number; total: string }[]> {
  return rows(
    db,
    sql`
    select t.account_id as "accountId", count(distinct t.id)::int as count, sum(p.amount)::text as total
    from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'certified'
    where t.type = 'CertAdj' and t.transaction_date between ${range.from}::date and ${range.to}::date
      ${selected === undefined ? sql`` : sql`and t.account_id = any(${idList(selected)})`}
      and not exists (select from ledger.transaction v where v.reverses_id = t.id)
    group by 1 order by 1`,
  )
}
