import { sql } from 'drizzle-orm'
import { inForce } from '../accounts/sums.ts'
import { type Db, one } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import type { Day } from '../ledger/calendar.ts'
import { OPEN_STATES } from '../runs/states.ts'

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
      'takenBy', coalesce(r.taken_by_name, (select ${shownName()} from app_user u where u.id = r.taken_by), r.taken_by::text),
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
      join ledger.run g on g.id = e.run_id and g.state in ${OPEN_STATES}
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
