import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Bucket } from './aging.ts'
import type { Day } from './calendar.ts'
import { money } from './money.ts'
import type { TransactionType } from './other-side.ts'
import type { Original, ServiceBuckets, ServiceTakeUp } from './reversal.ts'
import { type LedgerBook, type NewPosting, toBucket } from './transaction.ts'

export interface PostedTransaction extends Original {
  id: number
  accountId: number | null
  accountNumber: string | null
  version: string
  period: Day
  method: string | null
  link: string | null
  receipt: string | null
  description: string
  periodOpen: boolean
  /** What it reverses, when it is a reversal. */
  original: { type: TransactionType; description: string; sourceKey: string | null; facts: unknown } | null
  postings: NewPosting[]
}

interface RawPosting {
  gl: number
  book: LedgerBook
  amount: string
  service: number | null
  aging: string | null
  taxYear: number | null
  deposit: number | null
}

type Raw = Omit<PostedTransaction, 'postings'> & { postings: RawPosting[] }

const TRANSACTIONS = sql`
    select t.id::int, coalesce(t.number, t.id::text) as number, t.account_id as "accountId", a.number as "accountNumber", t.type,
      t.transaction_date as date, t.period, t.method, t.link, t.receipt, t.description, t.source_key as "sourceKey",
      t.reverses_id::text as reverses, (select coalesce(v.number, v.id::text) from ledger.transaction v where v.reverses_id = t.id) as "reversedBy",
      p.closed_at is null as "periodOpen", l.version::text as version,
      (select jsonb_build_object('type', o.type, 'description', o.description, 'sourceKey', o.source_key, 'facts', o.facts)
        from ledger.transaction o where o.id = t.reverses_id) as original,
      (select jsonb_agg(jsonb_build_object('gl', x.gl_account_id, 'book', x.subledger, 'amount', x.amount::text, 'service', x.service_id,
          'aging', x.aging_period, 'taxYear', x.tax_year, 'deposit', x.deposit_id) order by x.line)
        from ledger.posting x where x.period = t.period and x.transaction_id = t.id) as postings
    from ledger.transaction t join ledger.period p on p.end_date = t.period
    left join account a on a.id = t.account_id left join ledger.account_ledger l on l.account_id = t.account_id`

const read = (raw: Raw): PostedTransaction => ({ ...raw, postings: raw.postings.map(toPosting) })

/** A transaction by its number and everything of its link, each with its postings; empty when there is none to see. */
export async function linkedTransactions(db: Db, number: string): Promise<PostedTransaction[]> {
  const found = await rows<Raw>(
    db,
    sql`
    with asked as (select id, link from ledger.transaction
      where number = ${number} or (number is null and id = case when ${number} ~ '^[0-9]{1,17}$' then ${number}::text::bigint end))
    ${TRANSACTIONS}
    where t.id = (select id from asked) or (t.link is not null and t.link = (select link from asked))
    order by t.id = (select id from asked) desc, t.id`,
  )
  return found.map(read)
}

/** Everything a run posted, by account and order of posting. */
export async function transactionsOfRun(db: Db, runId: number): Promise<PostedTransaction[]> {
  const found = await rows<Raw>(db, sql`${TRANSACTIONS} where t.run_id = ${runId} order by t.account_id, t.id`)
  return found.map(read)
}

/** These transactions, for what replaces them in one run. */
export async function transactionsWithIds(db: Db, ids: number[]): Promise<PostedTransaction[]> {
  const found = await rows<Raw>(
    db,
    sql`${TRANSACTIONS} where t.id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)) order by t.account_id, t.id`,
  )
  return found.map(read)
}

/** These transactions with everything of their links, which one posting made, newest first: what is reversed together. */
export async function linkedWithIds(db: Db, ids: number[]): Promise<PostedTransaction[]> {
  if (ids.length === 0) return []
  const list = sql`(select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`
  const found = await rows<Raw>(
    db,
    sql`${TRANSACTIONS} where t.id in ${list} or t.id in (select o.id from ledger.transaction x
      join ledger.transaction o on o.run_id = x.run_id and o.link = x.link where x.id in ${list}) order by t.id desc`,
  )
  return found.map(read)
}

function toPosting(raw: RawPosting): NewPosting {
  return {
    gl: raw.gl,
    book: raw.book,
    amount: money(raw.amount),
    service: raw.service ?? undefined,
    aging: raw.aging === null ? undefined : toBucket(raw.aging),
    taxYear: raw.taxYear ?? undefined,
    deposit: raw.deposit ?? undefined,
  }
}

/** What `mendAccount` asks of an account: its buckets now, and which periods took up open credit and still hold it. */
export interface MendFacts {
  books: ServiceBuckets[]
  takeUps: ServiceTakeUp[]
}

/** The mend facts of many accounts by one statement; `reversed` counts as reversed already. */
export async function mendFacts(
  db: Db,
  accountIds: number[],
  reversed: number[] = [],
): Promise<Map<number, MendFacts>> {
  const list = JSON.stringify(accountIds)
  const row = await one<{ items: (RawItem & Of)[]; taken: (RawTaken & Of)[] }>(
    db,
    sql`
    with asked as materialized (select value::int as id from jsonb_array_elements_text(${list}::jsonb)),
      gone as materialized (select value::bigint as id from jsonb_array_elements_text(${JSON.stringify(reversed)}::jsonb))
    select
    (select coalesce(jsonb_agg(jsonb_build_object('account', o.account_id, 'service', s.code, 'period', o.aging_period, 'unpaid', o.unpaid::text)), '[]')
      from ledger.open_item o join asked on asked.id = o.account_id join service s on s.id = o.service_id) as items,
    (select coalesce(jsonb_agg(jsonb_build_object('account', account_id, 'creditOf', credit_of, 'service', service, 'period', period, 'amount', amount::text)), '[]')
      from (${TAKEN}) held) as taken`,
  )
  const items = Map.groupBy(row?.items ?? [], (item) => item.account)
  const taken = Map.groupBy(row?.taken ?? [], (take) => take.account)
  return new Map(
    accountIds.map((id) => [
      id,
      { books: byService(items.get(id) ?? []), takeUps: (taken.get(id) ?? []).map(toTakeUp) },
    ]),
  )
}

type Of = { account: number }

// Charges that took up open credit, by the period they age in, less what a move gave back to that period since.
const TAKEN = sql`
  select account_id, credit_of, service, period, sum(amount) as amount from (
    select t.account_id, s.code as credit_of, case when s.id = 0 then (select min(z.code) from ledger.posting y join service z on z.id = y.service_id
        where y.period = t.period and y.transaction_id = t.id and y.service_id <> 0) else s.code end as service, t.period, p.amount
    from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id join service s on s.id = p.service_id
    where t.account_id in (select id from asked) and p.subledger = 'utility' and p.aging_period = 'infinity' and p.amount > 0
      and t.type in ('Bill', 'Pen', 'Int', 'Misc', 'Adj', 'Open') and coalesce(t.source_key, '') not like 'move/%'
      and t.id not in (select id from gone)
      and not exists (select from ledger.transaction v where v.reverses_id = t.id)
    union all
    select t.account_id, s.code, s.code, p.aging_period, -p.amount
    from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id join service s on s.id = p.service_id
    where t.account_id in (select id from asked) and t.source_key like 'move/%' and p.aging_period <> 'infinity' and p.amount > 0
  ) x group by 1, 2, 3, 4 having sum(amount) > 0`

type RawItem = { service: string; period: string; unpaid: string }
type RawTaken = { creditOf: string; service: string; period: string; amount: string }

function byService(items: RawItem[]): ServiceBuckets[] {
  const services = new Map<string | null, Bucket[]>()
  for (const { service, period, unpaid } of items) {
    const key = service === '' ? null : service
    services.set(key, [...(services.get(key) ?? []), { period: toBucket(period), unpaid: money(unpaid) }])
  }
  return [...services].map(([service, buckets]) => ({ service, buckets }))
}

const toTakeUp = (raw: RawTaken): ServiceTakeUp => ({
  creditOf: raw.creditOf === '' ? null : raw.creditOf,
  service: raw.service,
  period: raw.period,
  amount: money(raw.amount),
})
