import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { bucketDue, inForce, ownTransactions, standing } from '../accounts/sums.ts'
import { type Db, one } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { historyWindow } from '../ledger/overpayment.ts'

export type ListName = 'first' | 'second' | 'third' | 'overpayment' | 'exclude'

export interface PaymentExtras {
  lists: Record<ListName, string[]>
  pastDue: Record<string, string>
  paid12: Record<string, string>
  charged12: Record<string, string>
  /** Returned payments of the last twelve months. */
  nsf12: number
  /** Notes for the payment centre. */
  notes: { subject: string; text: string | null }[]
}

type Raw = Omit<PaymentExtras, 'lists'> & { lists: Partial<PaymentExtras['lists']> }

const byService = (types: string[], sign: '-' | '') => sql`(
  select coalesce(jsonb_object_agg(code, total::text), '{}') from (
    select s.code, ${sql.raw(sign)}sum(p.amount) as total from mine t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility' and p.service_id <> 0
    join service s on s.id = p.service_id, span
    where t.type = any(string_to_array(${types.join(',')}, ',')) and t.transaction_date between span.first and span.last and ${standing(undefined)}
    group by s.code) x)`

/** What a payment's rules ask beside the account's facts: the five lists, past due, twelve months of history, notes. */
export async function paymentExtras(db: Db, accountId: number, date: Day): Promise<PaymentExtras> {
  const { from, to } = historyWindow(date)
  const row = await one<{ extras: Raw }>(
    db,
    sql`with span as (select ${from}::date as first, ${to}::date as last),
    a as materialized (select a.*, coalesce(y.due_days, (select value::int from setting where name = 'due_days' and value <> ''), 20) as due_days
      from account a join location n on n.id = a.location_id left join cycle y on y.id = n.cycle_id where a.id = ${accountId}),
    item as materialized (select o.* from ledger.open_item o join a on a.id = o.account_id),
    ${ownTransactions(sql`(select id from a)`)},
    due as (${bucketDue(sql`(select due_days from a)`, sql`(select min(aging_period) from item)`, undefined)})
    select jsonb_build_object(
      'lists', (select coalesce(jsonb_object_agg(list, codes), '{}') from (select l.list, jsonb_agg(s.code order by l.position) as codes
        from payment_allocation l join service s on s.id = l.service_id group by l.list) x),
      'pastDue', (select coalesce(jsonb_object_agg(code, total::text), '{}') from (select s.code, sum(i.unpaid) as total
        from item i join service s on s.id = i.service_id left join due d on d.service_id = i.service_id and d.aging_period = i.aging_period
        where i.aging_period <> 'infinity' and coalesce(d.due, i.aging_period) < ${date}::date group by s.code) x),
      'paid12', ${byService(['Pmt'], '-')}, 'charged12', ${byService(['Bill', 'Pen', 'Int', 'Misc'], '')},
      'nsf12', (select count(*) from mine t, span where t.type = 'NSF'
        and t.transaction_date between span.first and span.last),
      'notes', (select coalesce(jsonb_agg(jsonb_build_object('subject', o.subject, 'text', o.text) order by o.id desc), '[]')
        from note o where o.payment_center and ${ofAccount})) as extras
    from a`,
  )
  if (!row) throw new Error(`no account ${accountId}`)
  const { lists, ...rest } = row.extras
  return { ...rest, lists: { first: [], second: [], third: [], overpayment: [], exclude: [], ...lists } }
}

export interface ReceiptRow {
  number: string
  date: Day
  takenAt: string
  takenBy: string
  total: string
  tenders: { method: string; name: string | null; amount: string; reference?: string }[]
  lines: {
    id: string
    account: string
    name: string
    address: string
    description: string
    type: string
    reversedBy: string | null
    reversedType: string | null
    /** Number of the transfer that moved it, and the account it is on now; null where that one may not be seen. */
    movedBy: string | null
    movedTo: string | null
    /** Waits in a batch, or was taken out of it: then the receipt is void. */
    unposted: 'waits' | 'void' | null
    amount: string
    shares: { service: string; amount: string }[]
    facts: unknown
  }[]
}

const POSTED_LINES = sql`(select json_agg(json_build_object('id', coalesce(t.number, t.id::text), 'account', a.number, 'name', c.name,
      'address', n.service_address, 'description', t.description, 'type', t.type, 'facts', t.facts, 'unposted', null,
      'reversedBy', coalesce(v.number, v.id::text), 'reversedType', v.type,
      'movedBy', coalesce(x.number, x.id::text), 'movedTo', (select o.number from ledger.transaction y join account o on o.id = y.account_id
        where y.link = x.link and y.id <> x.id and y.reverses_id is null),
      'amount', (select (-sum(p.amount))::text from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger <> 'general'),
      'shares', (select json_agg(json_build_object('service', x.name, 'amount', x.amount::text) order by x.sort) from (
        select coalesce(nullif(s.name, ''), '') as name, s.sort, -sum(p.amount) as amount from ledger.posting p left join service s on s.id = p.service_id
        where p.period = t.period and p.transaction_id = t.id and p.subledger <> 'general' group by s.name, s.sort) x)) order by t.id)
    from ledger.transaction t join account a on a.id = t.account_id join customer c on c.id = a.customer_id
    join location n on n.id = a.location_id left join ledger.transaction v on v.reverses_id = t.id
    left join ledger.live_source k on k.source_key = 'transfer/' || coalesce(t.number, t.id::text)
    left join ledger.transaction x on x.id = k.transaction_id
    where t.receipt = r.number and t.reverses_id is null)`

const WAITING_LINES = sql`(select json_agg(json_build_object('id', '', 'account', a.number, 'name', c.name, 'address', n.service_address,
      'description', e.description, 'type', e.type, 'facts', null, 'unposted', case when e.removed_at is null then 'waits' else 'void' end,
      'reversedBy', null, 'reversedType', null, 'movedBy', null, 'movedTo', null, 'amount', (-e.amount)::text, 'shares', json_build_array()) order by e.id)
    from ledger.batch_entry e join account a on a.id = e.account_id join customer c on c.id = a.customer_id
    join location n on n.id = a.location_id where e.receipt = r.number)`

/** A receipt with its lines, or undefined when there is none, or none of its lines may be seen. */
export async function receiptRow(db: Db, number: string): Promise<ReceiptRow | undefined> {
  const found = await one<{ receipt: ReceiptRow }>(
    db,
    sql`select json_build_object('number', r.number, 'date', r.date, 'takenAt', r.taken_at, 'total', r.total::text,
      'takenBy', coalesce(r.taken_by_name, (select u.full_name from app_user u where u.id = r.taken_by), r.taken_by::text),
      'tenders', (select json_agg(e || jsonb_build_object('name', (select m.name from payment_method m where m.code = e->>'method')))
        from jsonb_array_elements(r.tenders) e),
      'lines', coalesce(${POSTED_LINES}, ${WAITING_LINES}, '[]')) as receipt
    from ledger.receipt r where r.number = ${number}`,
  )
  return found && found.receipt.lines.length > 0 ? found.receipt : undefined
}

export interface Taken {
  byMethod: { name: string; count: number; total: string }[]
  total: string
  last: { account: string; name: string; receipt: string; method: string; amount: string }[]
}

/** What one person took on a day that stands (not reversed, unposted too): by method, and the last five. */
export async function takenOn(db: Db, day: Day, userId: number): Promise<Taken> {
  const row = await one<{ taken: Taken }>(
    db,
    sql`with paid as materialized (
      select r.number::bigint as id, t.receipt, a.number as account, c.name, coalesce(m.name, t.method) as method, coalesce(m.id, 0) as place,
        (select -sum(p.amount) from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger <> 'general') as amount
      from ledger.receipt r join ledger.transaction t on t.receipt = r.number and t.reverses_id is null
      join account a on a.id = t.account_id join customer c on c.id = a.customer_id left join payment_method m on m.code = t.method
      where r.date = ${day} and r.taken_by = ${userId} and ${inForce(undefined)}
      union all
      select r.number::bigint, e.receipt, a.number, c.name, coalesce(m.name, e.method), coalesce(m.id, 0), -e.amount
      from ledger.receipt r join ledger.batch_entry e on e.receipt = r.number and e.removed_at is null
      join ledger.run g on g.id = e.run_id and g.state in ('preparing', 'prepared', 'failed')
      join account a on a.id = e.account_id join customer c on c.id = a.customer_id left join payment_method m on m.code = e.method
      where r.date = ${day} and r.taken_by = ${userId})
    select json_build_object('total', (select coalesce(sum(amount), 0)::numeric(14,2)::text from paid),
      'byMethod', (select coalesce(json_agg(x order by x.place), '[]') from (
        select method as name, count(*)::int as count, sum(amount)::text as total, min(place) as place from paid group by method) x),
      'last', (select coalesce(json_agg(y order by y.id desc), '[]') from (
        select id, account, name, receipt, method, amount::text from paid order by id desc limit 5) y)) as taken`,
  )
  return row?.taken ?? { byMethod: [], total: '0.00', last: [] }
}

/** The e-mail address of an account's customer. */
export async function receiptEmail(db: Db, account: string): Promise<string | null> {
  const row = await one<{ email: string | null }>(
    db,
    sql`select c.email from account a join customer c on c.id = a.customer_id where a.number = ${account}`,
  )
  return row?.email ?? null
}
