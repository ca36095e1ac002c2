import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { dated } from './sums.ts'

export interface LineRow {
  /** As in files and API. */
  book: 'utility' | 'certification' | 'deposit'
  /** A code; null = the account's own open credit, or a book without services. */
  service: string | null
  /** The change of what the book shows. */
  amount: string
  taxYear: number | null
}

export interface TransactionRow {
  id: string
  date: Day
  period: Day
  type: string
  description: string
  /** Sum of its utility lines: PAdj -204.55, Fee 0.00. */
  amount: string
  runId: string | null
  reverses: string | null
  reversedBy: string | null
  receipt: string | null
  method: string | null
  reference: string | null
  /** Moved credit after a reversal: neither reversed nor adjusted by itself. */
  moved: boolean
  lines: LineRow[]
}

export interface Slice {
  asOf?: Day | undefined
  limit?: number | undefined
  offset?: number | undefined
}

// Summed per service and tax year, whatever buckets they moved; a deposit is a liability, so its sign is turned.
const LINES = sql`cross join lateral (select coalesce(json_agg(json_build_object('book', case l.subledger when 'certified' then 'certification'
      else l.subledger::text end, 'service', nullif(s.code, ''), 'amount', l.amount::text, 'taxYear', l.tax_year)
      order by l.subledger, s.sort, s.code, l.tax_year), '[]') as list,
    coalesce(sum(l.amount) filter (where l.subledger = 'utility'), 0)::numeric(14,2)::text as amount
  from (select p.subledger, p.service_id, p.tax_year, case p.subledger when 'deposit' then -sum(p.amount) else sum(p.amount) end as amount
    from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger <> 'general' group by 1, 2, 3) l
  left join service s on s.id = l.service_id) lines`

const numberOf = (name: string): SQL => sql.raw(`coalesce(${name}.number, ${name}.id::text)`)

// What a single posting runs under is no batch run, and the import is not the run of what it brought.
const RUN = sql`coalesce(t.run_number, (select coalesce(r.number, r.id::text) from ledger.run r
  where r.id = t.run_id and r.kind like '%.%' and r.kind <> 'town.import'))`

/** One transaction `t`, joined with LINES, as json. */
const TRANSACTION = sql`json_build_object('id', ${numberOf('t')}, 'date', t.transaction_date, 'period', t.period, 'type', t.type,
  'description', t.description, 'amount', lines.amount, 'runId', ${RUN},
  'reverses', (select ${numberOf('o')} from ledger.transaction o where o.id = t.reverses_id),
  'reversedBy', (select ${numberOf('v')} from ledger.transaction v where v.reverses_id = t.id),
  'receipt', t.receipt, 'method', (select m.name from payment_method m where m.code = t.method), 'reference', t.reference,
  'moved', coalesce(t.source_key, '') like 'move/%', 'lines', lines.list)`

/** The transactions of the account in `a` as json, newest first. */
export function transactionsJson({ asOf, limit, offset = 0 }: Slice): SQL {
  return sql`(select coalesce(json_agg(${TRANSACTION} order by t.transaction_date desc, t.id desc), '[]') from (
    select t.* from ledger.transaction t where t.account_id = a.id and ${dated(asOf)}
    order by t.transaction_date desc, t.id desc limit ${limit ?? null} offset ${offset}) t ${LINES})`
}

/** How many transactions the account in `a` has. */
export const transactionCount = (asOf: Day | undefined): SQL =>
  sql`(select count(*) from ledger.transaction t where t.account_id = a.id and ${dated(asOf)})`

/** The balance behind the newest `offset` transactions of the account in `a`: what they changed is taken off. */
export function changedBy(offset: number, asOf: Day | undefined): SQL {
  if (offset === 0) return sql`'0.00'::text`
  return sql`(select coalesce(sum(p.amount), 0)::numeric(14,2)::text from (
      select t.id, t.period from ledger.transaction t where t.account_id = a.id and ${dated(asOf)}
      order by t.transaction_date desc, t.id desc limit ${offset}) t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility')`
}

/** An account's transactions by its number; undefined when there is none to see. */
export async function accountTransactions(db: Db, number: string, slice: Slice): Promise<TransactionRow[] | undefined> {
  const found = await one<{ list: TransactionRow[] }>(
    db,
    sql`select ${transactionsJson(slice)} as list from account a where a.number = ${number}`,
  )
  return found?.list
}

export interface PostingRow {
  book: string
  gl: string
  glName: string
  service: string | null
  serviceName: string | null
  /** The bucket: a period's end date, or 'open'. */
  bucket: string | null
  taxYear: number | null
  deposit: string | null
  amount: string
}

export type TransactionDetail = TransactionRow & {
  account: { number: string; name: string } | null
  postedAt: string
  by: string
  runTitle: string | null
  reason: string | null
  dueDate: Day | null
  link: { id: string; account: string | null }[]
  facts: unknown
  /** Names of all services by code. */
  names: Record<string, string>
  postings: PostingRow[]
}

/** One transaction whole, by its number: header, postings, what its rule used. Undefined when there is none to see. */
export async function transactionDetail(db: Db, number: string): Promise<TransactionDetail | undefined> {
  const [found] = await rows<{ row: TransactionRow; more: Omit<TransactionDetail, keyof TransactionRow> }>(
    db,
    sql`select ${TRANSACTION} as row, json_build_object(
      'account', (select json_build_object('number', a.number, 'name', c.name) from account a join customer c on c.id = a.customer_id where a.id = t.account_id),
      'postedAt', t.posted_at, 'by', coalesce((select u.name from app_user u where u.id = t.posted_by), t.posted_by::text),
      'runTitle', (select r.kind from ledger.run r where r.id = t.run_id), 'reason', (select r.reason from ledger.run r where r.id = t.run_id),
      'dueDate', t.due_date, 'facts', t.facts, 'names', (select json_object_agg(s.code, s.name) from service s where s.id <> 0),
      'link', (select coalesce(json_agg(json_build_object('id', ${numberOf('k')}, 'account', (select a.number from account a where a.id = k.account_id))), '[]')
        from ledger.transaction k where t.link is not null and k.link = t.link and k.id <> t.id),
      'postings', (select json_agg(json_build_object('book', p.subledger, 'gl', g.number, 'glName', g.name, 'service', nullif(s.code, ''),
          'serviceName', s.name, 'bucket', case when p.aging_period = 'infinity' then 'open' else p.aging_period::text end, 'taxYear', p.tax_year,
          'deposit', (select d.number from ledger.deposit d where d.id = p.deposit_id), 'amount', p.amount::text) order by p.line)
        from ledger.posting p join gl_account g on g.id = p.gl_account_id left join service s on s.id = p.service_id
        where p.period = t.period and p.transaction_id = t.id)) as more
    from ledger.transaction t ${LINES} where t.number = ${number}
      or t.number is null and t.id = case when ${number} ~ '^[0-9]{1,17}$' then ${number}::text::bigint end`,
  )
  return found && { ...found.row, ...found.more }
}
