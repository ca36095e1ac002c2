import { type SQL, sql } from 'drizzle-orm'
import { shownOn } from '../billing/statements/window.ts'
import { type Db, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { BATCH_RUN, BY, numberOf } from '../ledger/header-sql.ts'
import type { HistoryQuery } from './query.ts'
import { TYPES_OF } from './rules.ts'

export interface HistoryLine {
  book: 'utility' | 'certification' | 'deposit'
  service: string | null
  name: string | null
  amount: string
  taxYear: number | null
}

/** A posted transaction as the History tab shows it. Amounts as text. */
export interface HistoryRow {
  id: string
  date: Day
  type: string
  /** Of a reversal: the type of what it reverses. */
  kind: string
  description: string
  amount: string
  /** Of the account, or of the chosen service, after it. */
  balance: string
  run: string | null
  runKind: string | null
  method: string | null
  reference: string | null
  receipt: string | null
  reverses: string | null
  reversedBy: string | null
  reversedType: string | null
  transferredBy: string | null
  moved: boolean
  dueDate: Day | null
  postedAt: string
  by: string
  reason: string | null
  /** The statement that shows it first. */
  statement: string | null
  lines: HistoryLine[]
}

const list = (values: readonly string[]) => sql`(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`

/** The account's transactions with the balance after each, and which of them a listing shows; needs the account in `a`. */
function tables(
  { view, service, from, to }: Omit<HistoryQuery, 'page' | 'row' | 'unposted' | 'errors'>,
  asOf?: Day,
): SQL {
  const types = TYPES_OF[view]
  const of = service === '' ? sql`true` : sql`p.service_id = (select s.id from service s where s.code = ${service})`
  const where = [
    types === undefined ? sql`true` : sql`m.kind in ${list(types)}`,
    from === undefined ? sql`true` : sql`m.transaction_date >= ${from}`,
    to === undefined ? sql`true` : sql`m.transaction_date <= ${to}`,
    service === '' ? sql`true` : sql`m.lines > 0`,
  ]
  return sql`moved as materialized (select t.id, t.transaction_date, coalesce(o.type, t.type) as kind,
        coalesce(sum(p.amount), 0) as amount, count(p.amount) as lines
      from ledger.transaction t left join ledger.transaction o on o.id = t.reverses_id
      left join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility' and ${of}
      where t.account_id = a.id and ${asOf === undefined ? sql`true` : sql`t.transaction_date <= ${asOf}`} group by t.id, t.transaction_date, o.type, t.type),
    after as materialized (select m.*, sum(m.amount) over (order by m.transaction_date, m.id) as balance from moved m),
    shown as materialized (select m.* from after m where ${sql.join(where, sql` and `)})`
}

const RUN = sql`left join ledger.run r on r.id = t.run_id and ${BATCH_RUN}`

const LINES = sql`(select coalesce(json_agg(json_build_object('book', case l.subledger when 'certified' then 'certification' else l.subledger::text end,
    'service', nullif(s.code, ''), 'name', nullif(s.name, ''), 'amount', l.amount::text, 'taxYear', l.tax_year)
    order by l.subledger, s.sort, s.code, l.tax_year), '[]')
  from (select p.subledger, p.service_id, p.tax_year, case p.subledger when 'deposit' then -sum(p.amount) else sum(p.amount) end as amount
    from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger <> 'general' group by 1, 2, 3) l
  left join service s on s.id = l.service_id)`

const ROW = sql`json_build_object('id', ${numberOf('t')}, 'date', t.transaction_date, 'type', t.type, 'kind', m.kind,
  'description', t.description, 'amount', m.amount::numeric(14,2)::text, 'balance', m.balance::numeric(14,2)::text,
  'run', coalesce(t.run_number, r.number, r.id::text), 'runKind', r.kind,
  'method', (select x.name from payment_method x where x.code = t.method), 'reference', t.reference, 'receipt', t.receipt,
  'reverses', (select ${numberOf('o')} from ledger.transaction o where o.id = t.reverses_id),
  'reversedBy', ${numberOf('v')}, 'reversedType', v.type,
  'transferredBy', (select ${numberOf('x')} from ledger.live_source k join ledger.transaction x on x.id = k.transaction_id
    where t.type = 'Pmt' and k.source_key = 'transfer/' || ${numberOf('t')}),
  'moved', coalesce(t.source_key, '') like 'move/%', 'dueDate', t.due_date, 'postedAt', t.posted_at,
  'by', ${BY},
  'reason', coalesce(t.facts->>'reason', (select g.reason from ledger.run g where g.id = t.run_id)),
  'statement', ${shownOn('number')},
  'lines', ${LINES})`

/** Json of a page of the history of the account in `a`, newest first, and how many rows the listing has. */
export function historyJson(query: HistoryQuery, size: number, asOf: Day | undefined): SQL {
  return sql`(with ${tables(query, asOf)}
    select json_build_object('count', (select count(*) from shown), 'rows', (select coalesce(json_agg(${ROW} order by m.transaction_date desc, m.id desc), '[]')
      from (select * from shown order by transaction_date desc, id desc limit ${size} offset ${(query.page - 1) * size}) m
      join ledger.transaction t on t.id = m.id left join ledger.transaction v on v.reverses_id = t.id ${RUN})))`
}

/** The whole history of an account, oldest first, for printing. */
export function wholeHistory(db: Db, account: string): Promise<HistoryRow[]> {
  const everything = { view: 'all' as const, service: '', from: undefined, to: undefined }
  return rows<{ row: HistoryRow }>(
    db,
    sql`select x.row from account a, lateral (with ${tables(everything)} select ${ROW} as row, m.transaction_date, m.id
        from shown m join ledger.transaction t on t.id = m.id left join ledger.transaction v on v.reverses_id = t.id ${RUN}) x
      where a.number = ${account} order by x.transaction_date, x.id`,
  ).then((found) => found.map(({ row }) => row))
}
