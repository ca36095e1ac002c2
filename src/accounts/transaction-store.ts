import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { dated, ownTransactions } from './sums.ts'

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

type Book = 'utility' | 'certified' | 'deposit'

/**
 * The transactions in their order, and beside them the columns of their lines, each with the place of its transaction in
 * that order: to make an object of each line costs the database more than to find it.
 */
export interface RawTransactions<Header = Omit<TransactionRow, 'lines'>> {
  headers: Header[]
  lines: {
    place: number[] | null
    /** null = utility, all of them: most pages have no other. */
    book: Book[] | null
    service: LineRow['service'][]
    amount: string[]
    /** null = none of them has one. */
    taxYear: LineRow['taxYear'][] | null
  }
}

/** The book of the line at a place. */
export const bookAt = ({ book }: RawTransactions['lines'], at: number): Book => book?.[at] ?? 'utility'

/** Puts the lines to their transactions. */
export function transactionRows<Header>({
  headers,
  lines,
}: RawTransactions<Header>): (Header & { lines: LineRow[] })[] {
  const list = headers.map((header) => ({ ...header, lines: [] as LineRow[] }))
  for (const [at, place] of (lines.place ?? []).entries()) {
    const book = bookAt(lines, at)
    const amount = lines.amount[at] ?? '0.00'
    list[place - 1]?.lines.push({
      book: book === 'certified' ? 'certification' : book,
      service: lines.service[at] ?? null,
      amount,
      taxYear: lines.taxYear?.[at] ?? null,
    })
  }
  return list
}

export interface Slice {
  asOf?: Day | undefined
  limit?: number | undefined
  offset?: number | undefined
}

/**
 * What the transactions in `shown` did to each book, a relation `line`: summed per service and tax year, whatever
 * buckets they moved; a deposit is a liability, so its sign is turned.
 */
const LINES = sql`select t.place, p.subledger, p.service_id, p.tax_year, case p.subledger when 'deposit' then -sum(p.amount) else sum(p.amount) end as amount
  from shown t join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger <> 'general' group by 1, 2, 3, 4`

const LINES_JSON = sql`(select json_build_object('place', json_agg(x.place), 'book', case when bool_or(x.subledger <> 'utility') then json_agg(x.subledger) end, 'service', json_agg(x.service),
    'amount', json_agg(x.amount), 'taxYear', case when bool_or(x.tax_year is not null) then json_agg(x.tax_year) end)
  from (select l.place, l.subledger, nullif(s.code, '') as service, l.amount::text, l.tax_year from line l left join service s on s.id = l.service_id
    order by l.place, l.subledger, s.sort, s.code, l.tax_year) x)`

const numberOf = (name: string): SQL => sql.raw(`coalesce(${name}.number, ${name}.id::text)`)

// What a single posting runs under is no batch run, and the import is not the run of what it brought.
const RUN = sql`coalesce(t.run_number, (select coalesce(r.number, r.id::text) from ledger.run r
  where r.id = t.run_id and r.kind like '%.%' and r.kind <> 'town.import'))`

// `t` is of `shown`; what reverses it is in `undoing`, what it reverses in `mine`.
const BESIDE = sql`coalesce(x.amount, 0)::numeric(14,2)::text as amount,
  (select ${numberOf('o')} from mine o where t.reverses_id is not null and o.id = t.reverses_id) as reverses,
  (select ${numberOf('v')} from undoing v where v.reverses_id = t.id) as "reversedBy", coalesce(t.source_key, '') like 'move/%' as moved`

const HEADER = sql`${numberOf('t')} as id, t.transaction_date as date, t.period, t.type, t.description, ${RUN} as "runId", ${BESIDE},
  t.receipt, (select m.name from payment_method m where m.code = t.method) as method, t.reference`

/** The transactions in `shown` by their `place`, as json: these columns of theirs, and their lines. */
const shownJson = (columns: SQL): SQL => sql`(with line as materialized (${LINES})
  select json_build_object('lines', ${LINES_JSON}, 'headers', (select coalesce(json_agg(h), '[]') from (select ${columns} from shown t
    left join (select l.place, sum(l.amount) as amount from line l where l.subledger = 'utility' group by l.place) x on x.place = t.place order by t.place) h)))`

const SHOWN = shownJson(HEADER)

const slicedJson = ({ asOf, limit, offset = 0 }: Slice, shown: SQL): SQL =>
  sql`(with shown as materialized (select row_number() over (order by t.transaction_date desc, t.id desc) - ${offset} as place, t.*
      from mine t where ${dated(asOf)} order by t.transaction_date desc, t.id desc limit ${limit ?? null} offset ${offset}) select ${shown})`

/** What a list on a screen shows of a transaction, with the account's balance after it. */
export type ListedTransaction = Omit<TransactionRow, 'period' | 'runId' | 'method' | 'reference' | 'lines'> & {
  after: string
}

/** The transactions of the account's `mine` for a list, newest first, as json; `balance` is SQL of what it is now. */
export function listedJson(slice: Slice, balance: SQL): SQL {
  const before = sql`sum(x.amount) over (order by t.place rows between unbounded preceding and 1 preceding)`
  const now = sql`${balance} - ${changedBy(slice.offset ?? 0, slice.asOf)}`
  return slicedJson(
    slice,
    shownJson(sql`${numberOf('t')} as id, t.transaction_date as date, t.type, t.description, ${BESIDE}, t.receipt,
      (${now} - coalesce(${before}, 0))::numeric(14,2)::text as after`),
  )
}

/** What the newest `offset` transactions of the account's `mine` changed. */
function changedBy(offset: number, asOf: Day | undefined): SQL {
  if (offset === 0) return sql`0`
  return sql`(select coalesce(sum(p.amount), 0) from (select t.id, t.period from mine t where ${dated(asOf)}
      order by t.transaction_date desc, t.id desc limit ${offset}) t
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
    sql`with shown as materialized (select 1 as place, * from ledger.transaction where number = ${number}
        or number is null and id = case when ${number} ~ '^[0-9]{1,17}$' then ${number}::text::bigint end),
      mine as (select o.id, o.number from ledger.transaction o join shown t on o.id = t.reverses_id),
      undoing as (select v.id, v.number, v.reverses_id from ledger.transaction v join shown t on v.reverses_id = t.id)
    select ${SHOWN} as list, json_build_object(
      'account', (select json_build_object('number', a.number, 'name', c.name) from account a join customer c on c.id = a.customer_id where a.id = t.account_id),
      'postedAt', t.posted_at, 'by', coalesce(t.recorded_by, (select u.name from app_user u where u.id = t.posted_by), t.posted_by::text),
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
