import { sql } from 'drizzle-orm'
import { inForce } from '../../accounts/sums.ts'
import { mailingAddresses } from '../../customers/mailing.ts'
import type { CustomerAddress } from '../../customers/mailing-rules.ts'
import { type Db, one, rows } from '../../db/db.ts'
import { shownName } from '../../db/shown-name.ts'
import type { Day } from '../../ledger/calendar.ts'
import { DUE_DAYS } from '../../ledger/due.ts'
import { firstShownAfter, shownOn } from './window.ts'

/** What a statement of an account is made from, as text. */
export interface StatementSource {
  accountId: number
  account: string
  version: string
  customerId: number
  customer: string
  name: string
  email: string | null
  emailNotices: boolean
  serviceAddress: string
  addresses: CustomerAddress[]
  dueDays: number
  balance: string
  /** The moment up to which it was read. */
  readAt: string
  last: { number: string; date: Day; madeAt: string; amount: string } | null
  /** The last day before what a first statement shows; `-infinity` where nothing is before. */
  after: string
  /** The latest due date of its buckets with something unpaid. */
  due: Day | null
  /** Date of the latest bill among the changes that is not reversed. */
  bill: Day | null
  changes: {
    kind: string
    date: Day
    description: string
    lines: { service: string; amount: string }[]
  }[]
}

/**
 * The account with what was posted to it since its last statement; without one, since the period of its latest bill
 * began. One statement, so that figures and moment belong together.
 */
export async function statementSource(db: Db, account: string, date: Day): Promise<StatementSource | undefined> {
  const row = await one<{ source: StatementSource }>(
    db,
    sql`with a as materialized (select a.*, ${DUE_DAYS} as due_days,
        n.service_address from account a join location n on n.id = a.location_id left join cycle y on y.id = n.cycle_id where a.number = ${account}),
      last as materialized (select k.* from ledger.statement k join a on a.id = k.account_id order by k.made_at desc, k.id desc limit 1),
      bill as materialized (select t.id, t.transaction_date as date from ledger.transaction t join a on a.id = t.account_id
        where t.type = 'Bill' and coalesce(t.source_key, '') not like 'move/%' and ${inForce(undefined)}),
      first as materialized (select ${firstShownAfter(sql`(select max(b.date) from bill b)`, sql`${date}::date`)} as after),
      since as materialized (select t.*, coalesce(o.type, t.type) as kind
        from ledger.transaction t join a on a.id = t.account_id left join ledger.transaction o on o.id = t.reverses_id
        where case when exists (select from last) then t.posted_at > (select made_at from last)
          else t.transaction_date > (select after from first) end)
    select json_build_object('accountId', a.id, 'account', a.number, 'version', (select version::text from ledger.account_ledger l where l.account_id = a.id),
      'customerId', c.id, 'customer', c.number, 'name', c.name, 'email', c.email, 'emailNotices', c.email_notices, 'serviceAddress', a.service_address,
      'addresses', ${mailingAddresses(sql`c`)}, 'dueDays', a.due_days, 'readAt', clock_timestamp(),
      'balance', (select coalesce(sum(o.unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = a.id),
      'last', (select json_build_object('number', number, 'date', date, 'madeAt', made_at, 'amount', amount::text) from last),
      'after', (select after::text from first), 'bill', (select max(b.date) from bill b join since s on s.id = b.id),
      'due', (select max(b.due_date) from ledger.open_bucket b where b.account_id = a.id and b.unpaid > 0),
      'changes', (select coalesce(json_agg(json_build_object('kind', s.kind, 'date', s.transaction_date, 'description', s.description,
          'lines', x.lines) order by s.transaction_date, s.id), '[]')
        from since s join lateral (select json_agg(json_build_object('service', coalesce(nullif(v.name, ''), 'On account'), 'amount', v.amount::text)
            order by v.sort) as lines
          from (select s2.name, s2.sort, sum(p.amount) as amount from ledger.posting p join service s2 on s2.id = p.service_id
            where p.period = s.period and p.transaction_id = s.id and p.subledger = 'utility' group by s2.name, s2.sort) v) x on x.lines is not null)) as source
    from a join customer c on c.id = a.customer_id`,
  )
  return row?.source
}

export interface StatementRow {
  id: number
  number: string
  account: string
  accountId: number
  customerId: number
  name: string
  email: string | null
  emailNotices: boolean
  date: Day
  dueDate: Day
  format: string
  balanceForward: string
  charges: string
  amount: string
  madeAt: string
  by: string
  fileId: number | null
  facts: unknown
}

const STATEMENTS = sql`select k.id, k.number, a.number as account, a.id as "accountId", c.id as "customerId", c.name, c.email,
    c.email_notices as "emailNotices", k.date, k.due_date as "dueDate", k.format, k.balance_forward::text as "balanceForward",
    k.charges::text, k.amount::text, k.made_at as "madeAt", k.file_id as "fileId", k.facts,
    coalesce(k.made_by_name, (select ${shownName()} from app_user u where u.id = k.made_by), k.made_by::text) as by
  from ledger.statement k join account a on a.id = k.account_id join customer c on c.id = a.customer_id`

export interface Recipient {
  email: string | null
  emailNotices: boolean
}

export const recipient = (db: Db, account: string): Promise<Recipient | undefined> =>
  one(
    db,
    sql`select c.email, c.email_notices as "emailNotices" from account a join customer c on c.id = a.customer_id where a.number = ${account}`,
  )

/** The statements of an account, newest first. */
export const statementsOf = (db: Db, account: string, limit = 100, offset = 0): Promise<StatementRow[]> =>
  rows(
    db,
    sql`${STATEMENTS} where a.number = ${account} order by k.made_at desc, k.id desc limit ${limit} offset ${offset}`,
  )

/** How many statements an account has; undefined where there is no such account to see. */
export async function statementCount(db: Db, account: string): Promise<number | undefined> {
  const row = await one<{ n: number }>(
    db,
    sql`select (select count(*)::int from ledger.statement k where k.account_id = a.id) as n from account a where a.number = ${account}`,
  )
  return row?.n
}

export const statementNamed = (db: Db, account: string, number: string): Promise<StatementRow | undefined> =>
  one(db, sql`${STATEMENTS} where a.number = ${account} and k.number = ${number}`)

export const statementBySource = (db: Db, sourceKey: string): Promise<StatementRow | undefined> =>
  one(db, sql`${STATEMENTS} where k.source_key = ${sourceKey}`)

/** The statement that shows a transaction of the account; undefined while none does. */
export const statementShowing = (db: Db, account: string, transaction: string): Promise<StatementRow | undefined> =>
  one(
    db,
    sql`${STATEMENTS} join ledger.transaction t on t.account_id = a.id and coalesce(t.number, t.id::text) = ${transaction}
      where a.number = ${account} and k.id = ${shownOn('id')}`,
  )

export async function nextNumber(db: Db): Promise<number> {
  const row = await one<{ id: number }>(
    db,
    sql`select nextval(pg_get_serial_sequence('ledger.statement', 'id'))::int as id`,
  )
  if (!row) throw new Error('the sequence gave no number')
  return row.id
}

export interface NewStatement {
  id: number
  accountId: number
  date: Day
  dueDate: Day
  format: string
  balanceForward: string
  charges: string
  amount: string
  madeAt: string
  madeBy: number
  fileId: number
  sourceKey: string
  facts: unknown
}

/** Until the transaction ends nobody posts to the account: what is posted then is posted after what is read here. */
export async function lockAccount(db: Db, account: string): Promise<void> {
  await db.execute(sql`select ledger.lock_account(a.id) from account a where a.number = ${account}`)
}

/** Twins of one request go one after the other. */
export async function lockSource(db: Db, sourceKey: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${sourceKey}, 0))`)
}

export async function insertStatement(db: Db, made: NewStatement): Promise<void> {
  await db.execute(
    sql`insert into ledger.statement (id, number, account_id, date, due_date, format, balance_forward, charges, amount, made_at, made_by,
        file_id, source_key, facts)
      values (${made.id}, ${String(made.id)}, ${made.accountId}, ${made.date}, ${made.dueDate}, ${made.format}, ${made.balanceForward},
        ${made.charges}, ${made.amount}, ${made.madeAt}::timestamptz, ${made.madeBy}, ${made.fileId}, ${made.sourceKey}, ${JSON.stringify(made.facts)}::jsonb)`,
  )
}
