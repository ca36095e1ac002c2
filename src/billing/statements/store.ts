import { sql } from 'drizzle-orm'
import { mailingAddresses } from '../../customers/mailing.ts'
import type { CustomerAddress } from '../../customers/mailing-rules.ts'
import { type Db, one, rows } from '../../db/db.ts'
import type { Day } from '../../ledger/calendar.ts'

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
  last: { number: string; madeAt: string; amount: string } | null
  changes: {
    kind: string
    date: Day
    description: string
    due: Day | null
    lines: { service: string; amount: string }[]
  }[]
}

/**
 * The account with what was posted to it since its last statement; without one, since its period began (that is what is
 * new on a first statement). One statement, so that figures and moment belong together.
 */
export async function statementSource(db: Db, account: string, date: Day): Promise<StatementSource | undefined> {
  const row = await one<{ source: StatementSource }>(
    db,
    sql`with a as materialized (select a.*, coalesce(y.due_days, (select value::int from setting where name = 'due_days' and value <> ''), 20) as due_days,
        n.service_address from account a join location n on n.id = a.location_id left join cycle y on y.id = n.cycle_id where a.number = ${account}),
      last as materialized (select k.* from ledger.statement k join a on a.id = k.account_id order by k.made_at desc, k.id desc limit 1),
      since as materialized (select t.*, coalesce(o.type, t.type) as kind from ledger.transaction t join a on a.id = t.account_id
        left join ledger.transaction o on o.id = t.reverses_id
        where case when exists (select from last) then t.posted_at > (select made_at from last)
          else t.transaction_date > coalesce((select max(p.end_date) from ledger.period p where p.end_date < ${date}::date), '-infinity') end)
    select json_build_object('accountId', a.id, 'account', a.number, 'version', (select version::text from ledger.account_ledger l where l.account_id = a.id),
      'customerId', c.id, 'customer', c.number, 'name', c.name, 'email', c.email, 'emailNotices', c.email_notices, 'serviceAddress', a.service_address,
      'addresses', ${mailingAddresses(sql`c`)}, 'dueDays', a.due_days, 'readAt', clock_timestamp(),
      'balance', (select coalesce(sum(o.unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = a.id),
      'last', (select json_build_object('number', number, 'madeAt', made_at, 'amount', amount::text) from last),
      'changes', (select coalesce(json_agg(json_build_object('kind', s.kind, 'date', s.transaction_date, 'description', s.description,
          'due', coalesce(s.due_date, s.transaction_date + case when s.type in ('Bill', 'Misc') then a.due_days else 0 end),
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
    coalesce(k.made_by_name, (select u.full_name from app_user u where u.id = k.made_by), k.made_by::text) as by
  from ledger.statement k join account a on a.id = k.account_id join customer c on c.id = a.customer_id`

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

/** The first statement that shows a transaction of the account; undefined while none does. */
export const statementShowing = (db: Db, account: string, transaction: string): Promise<StatementRow | undefined> =>
  one(
    db,
    sql`${STATEMENTS} join ledger.transaction t on t.account_id = a.id and coalesce(t.number, t.id::text) = ${transaction}
      where a.number = ${account} and k.made_at >= t.posted_at order by k.made_at limit 1`,
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
