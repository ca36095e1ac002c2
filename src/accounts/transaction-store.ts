import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { BATCH_RUN, BY, numberOf } from '../ledger/header-sql.ts'
import { dated, ownTransactions } from './sums.ts'
import { type LineRow, linesOf, MOVED, type RawLines, SERVICE_CODES } from './transaction-lines.ts'

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

/** As the database gives it, with the services' codes that its lines are told by. */
interface RawTransactions {
  headers: (Omit<TransactionRow, 'lines'> & RawLines)[]
  codes: [id: string, code: string][]
}

function transactionRows({ headers, codes }: RawTransactions): TransactionRow[] {
  const known = new Map(codes)
  return headers.map(({ services, amounts, ...header }) => ({
    ...header,
    lines: linesOf({ services, amounts }, known),
  }))
}

export interface Slice {
  asOf?: Day | undefined
  limit?: number | undefined
  offset?: number | undefined
}

const RUN = sql`coalesce(t.run_number, (select coalesce(r.number, r.id::text) from ledger.run r
  where r.id = t.run_id and ${BATCH_RUN}))`

// `t` is of `shown`; what reverses it is in `undoing`, what it reverses in `mine`.
const REVERSES = sql`(select ${numberOf('o')} from mine o where t.reverses_id is not null and o.id = t.reverses_id)`
const REVERSED_BY = sql`(select ${numberOf('v')} from undoing v where v.reverses_id = t.id)`
const MOVED_CREDIT = sql`coalesce(t.source_key, '') like 'move/%'`

const HEADER = sql`${numberOf('t')} as id, t.transaction_date as date, t.period, t.type, t.description, ${RUN} as "runId", x.amount::text,
  x.services, x.amounts, ${REVERSES} as reverses, ${REVERSED_BY} as "reversedBy", ${MOVED_CREDIT} as moved, t.receipt, (select m.name from payment_method m where m.code = t.method) as method, t.reference`

const NEWEST = sql`order by t.transaction_date desc, t.id desc`

/** The transactions in `shown`, newest first, as json. */
const SHOWN = sql`json_build_object('codes', ${SERVICE_CODES},
  'headers', (select coalesce(json_agg(h), '[]') from (select ${HEADER} from shown t cross join ${MOVED} ${NEWEST}) h))`

const slicedJson = ({ asOf, limit, offset = 0 }: Slice, shown: SQL): SQL =>
  sql`(with shown as materialized (select t.* from mine t where ${dated(asOf)} ${NEWEST} limit ${limit ?? null} offset ${offset}) select ${shown})`

/** What a list on a screen shows of a transaction, with the account's balance after it. */
export type ListedTransaction = Omit<TransactionRow, 'period' | 'runId' | 'method' | 'reference' | 'lines'> &
  RawLines & { after: string }

/** For every row alike: with its columns' names each would be twice as long, and the answer more than goes out at once. */
type ListedRow = [
  id: string,
  date: Day,
  type: string,
  description: string,
  amount: string,
  services: string | null,
  amounts: string | null,
  reverses: string | null,
  reversedBy: string | null,
  moved: boolean,
  receipt: string | null,
  after: string,
]

export interface RawList {
  rows: ListedRow[]
  codes: [id: string, code: string][]
}

export const listedOf = (row: ListedRow): ListedTransaction => {
  const [id, date, type, description, amount, services, amounts, reverses, reversedBy, moved, receipt, after] = row
  return { id, date, type, description, amount, services, amounts, reverses, reversedBy, moved, receipt, after }
}

/** The transactions of the account's `mine` for a list, newest first, as json; `balance` is SQL of what it is now. */
export function listedJson(slice: Slice, balance: SQL): SQL {
  const before = sql`sum(x.amount) over (${NEWEST} rows between unbounded preceding and 1 preceding)`
  const now = sql`${balance} - ${changedBy(slice.offset ?? 0, slice.asOf)}`
  return slicedJson(
    slice,
    sql`json_build_object('codes', ${SERVICE_CODES}, 'rows', (select coalesce(json_agg(h.row), '[]') from (
      select json_build_array(${numberOf('t')}, t.transaction_date, t.type, t.description, x.amount::text, x.services, x.amounts,
        ${REVERSES}, ${REVERSED_BY}, ${MOVED_CREDIT}, t.receipt, (${now} - coalesce(${before}, 0))::numeric(14,2)::text) as row
      from shown t cross join ${MOVED} ${NEWEST}) h))`,
  )
}

/** What the newest `offset` transactions of the account's `mine` changed. */
function changedBy(offset: number, asOf: Day | undefined): SQL {
  if (offset === 0) return sql`0`
  return sql`(select coalesce(sum(p.amount), 0) from (select t.id, t.period from mine t where ${dated(asOf)}
      ${NEWEST} limit ${offset}) t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility')`
}

/** How many transactions the account's `mine` has. */
export const transactionCount = (asOf: Day | undefined): SQL => sql`(select count(*) from mine t where ${dated(asOf)})`

/** An account's transactions by its number; undefined when there is none to see. */
export async function accountTransactions(db: Db, number: string, slice: Slice): Promise<TransactionRow[] | undefined> {
  const found = await one<{ list: RawTransactions }>(
    db,
    sql`with a as materialized (select id from account where number = ${number}), ${ownTransactions(sql`(select id from a)`)}
      select ${slicedJson(slice, SHOWN)} as list from a`,
  )
  return found && transactionRows(found.list)
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
  const [found] = await rows<{ list: RawTransactions; more: Omit<TransactionDetail, keyof TransactionRow> }>(
    db,
    sql`with shown as materialized (select * from ledger.transaction where number = ${number}
        or number is null and id = case when ${number} ~ '^[0-9]{1,17}$' then ${number}::text::bigint end),
      mine as (select o.id, o.number from ledger.transaction o join shown t on o.id = t.reverses_id),
      undoing as (select v.id, v.number, v.reverses_id from ledger.transaction v join shown t on v.reverses_id = t.id)
    select ${SHOWN} as list, json_build_object(
      'account', (select json_build_object('number', a.number, 'name', c.name) from account a join customer c on c.id = a.customer_id where a.id = t.account_id),
      'postedAt', t.posted_at, 'by', ${BY},
      'runTitle', (select r.kind from ledger.run r where r.id = t.run_id), 'reason', (select r.reason from ledger.run r where r.id = t.run_id),
      'dueDate', t.due_date, 'facts', t.facts, 'names', (select json_object_agg(s.code, s.name) from service s where s.id <> 0),
      'link', (select coalesce(json_agg(json_build_object('id', ${numberOf('k')}, 'account', (select a.number from account a where a.id = k.account_id))), '[]')
        from ledger.transaction k where t.link is not null and k.link = t.link and k.id <> t.id),
      'postings', (select json_agg(json_build_object('book', p.subledger, 'gl', g.number, 'glName', g.name, 'service', nullif(s.code, ''),
          'serviceName', s.name, 'bucket', case when p.aging_period = 'infinity' then 'open' else p.aging_period::text end, 'taxYear', p.tax_year,
          'deposit', (select d.number from ledger.deposit d where d.id = p.deposit_id), 'amount', p.amount::text) order by p.line)
        from ledger.posting p join gl_account g on g.id = p.gl_account_id left join service s on s.id = p.service_id
        where p.period = t.period and p.transaction_id = t.id)) as more
    from shown t`,
  )
  const [row] = found ? transactionRows(found.list) : []
  return row && found && { ...row, ...found.more }
}
