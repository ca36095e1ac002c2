import { type SQL, sql } from 'drizzle-orm'
import { inForce } from '../accounts/sums.ts'
import { takeNumber } from '../customers/rows.ts'
import { type Db, one, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import type { Day } from '../ledger/calendar.ts'

/** A deposit: what was agreed (none for one that came from elsewhere), what was received and what is held. Amounts as text. */
export interface DepositRow {
  number: string
  account: string
  accountId: number
  customer: string
  customerNumber: string
  location: string
  address: string
  service: string
  serviceName: string
  serviceId: number
  amount: string | null
  installments: number
  agreedOn: Day | null
  description: string
  received: string
  held: string
  /** 0 = there is no agreement. */
  version: number
}

/** Every deposit, once by number and service: those agreed on and those of the ledger. */
const EVERY = sql`select g.number, g.account_id, g.service_id, g.amount, g.installments, g.agreed_on, g.description, g.version
    from deposit_agreement g
  union all select d.number, d.account_id, b.service_id, null, 1, null, null, 0 from ledger.deposit_balance b
    join ledger.deposit d on d.id = b.deposit_id
    where not exists (select from deposit_agreement g where g.number = d.number and g.service_id = b.service_id)`

/** Received of a deposit: what Dep and transfers brought, not reversed. */
const RECEIVED = sql`(select coalesce(-sum(p.amount), 0)::numeric(14,2)::text from ledger.transaction t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'deposit' and p.amount < 0
    where t.account_id = x.account_id and t.type in ('Dep', 'Xfer') and p.deposit_id = d.id and coalesce(p.service_id, 0) = x.service_id
      and ${inForce(undefined)})`

const HELD = sql`(select coalesce(-sum(b.balance), 0)::numeric(14,2)::text from ledger.deposit_balance b
    where b.deposit_id = d.id and b.service_id = x.service_id)`

const listed = (
  where: SQL,
) => sql`select * from (select x.number, a.number as account, a.id as "accountId", c.name as customer,
    c.number as "customerNumber", n.number as location, n.service_address as address, s.code as service, s.name as "serviceName",
    s.id as "serviceId", x.amount::text, x.installments, x.agreed_on::text as "agreedOn", coalesce(x.description, '') as description,
    ${RECEIVED} as received, ${HELD} as held, x.version
  from (${EVERY}) x join account a on a.id = x.account_id join customer c on c.id = a.customer_id join location n on n.id = a.location_id
  join service s on s.id = x.service_id left join ledger.deposit d on d.number = x.number and d.account_id = x.account_id where ${where}
  order by ledger.number_order(a.number), ledger.number_order(x.number), s.sort) y`

export const SHOWN = ['held', 'collect', 'all'] as const
export type Which = (typeof SHOWN)[number]

const WHICH: Record<Which, SQL> = {
  held: sql`where y.held::numeric > 0`,
  collect: sql`where y.amount::numeric > y.received::numeric`,
  all: sql``,
}

const asked = (which: Which, query: string): SQL => {
  const words = sql`lower(concat_ws(' ', x.number, a.number, c.name, n.service_address)) like ${containing(query)}`
  return sql`${listed(query === '' ? sql`true` : words)} ${WHICH[which]}`
}

/** All deposits that are asked for, or a page of them, by account and number. */
export const depositList = (
  db: Db,
  which: Which,
  query: string,
  page?: { limit: number; offset: number },
): Promise<DepositRow[]> =>
  rows(db, sql`${asked(which, query)}${page ? sql` limit ${page.limit} offset ${page.offset}` : sql``}`)

/** How many are asked for, and what all of them hold and lack. */
export async function depositTotals(
  db: Db,
  which: Which,
  query: string,
): Promise<{ count: number; held: string; left: string }> {
  const totals = await one<{ count: number; held: string; left: string }>(
    db,
    sql`select count(*)::int as count, coalesce(sum(d.held::numeric), 0)::numeric(14,2)::text as held,
        coalesce(sum(greatest(d.amount::numeric - d.received::numeric, 0)), 0)::numeric(14,2)::text as left from (${asked(which, query)}) d`,
  )
  return totals ?? { count: 0, held: '0.00', left: '0.00' }
}

export const depositsOfAccount = (db: Db, account: string): Promise<DepositRow[]> =>
  rows(db, listed(sql`a.number = ${account}`))

/** A deposit by its number: a row for each service it stands on. */
export const depositNamed = (db: Db, number: string): Promise<DepositRow[]> =>
  rows(db, listed(sql`x.number = ${number}`))

export interface DepositLine {
  id: string
  type: string
  date: Day
  description: string
  amount: string
  receipt: string | null
  reversedBy: string | null
}

/** What was done with a deposit, oldest first. Amounts as the deposit moves: received above zero. */
export const depositLines = (db: Db, number: string): Promise<DepositLine[]> =>
  rows(
    db,
    sql`select coalesce(t.number, t.id::text) as id, t.type, t.transaction_date::text as date, t.description, t.receipt,
        (-sum(p.amount))::text as amount, coalesce(v.number, v.id::text) as "reversedBy"
      from ledger.deposit d join ledger.transaction t on t.account_id = d.account_id
      join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.deposit_id = d.id
      left join ledger.transaction v on v.reverses_id = t.id
      where d.number = ${number} group by t.id, t.number, t.type, t.transaction_date, t.description, t.receipt, v.id, v.number
      order by t.transaction_date, t.id`,
  )

/** The customer of an account: the versions of all its accounts, and what it holds in deposits. */
export function customerHolding(
  db: Db,
  account: string,
): Promise<{ accounts: { id: number; version: string }[] | null; held: string } | undefined> {
  return one(
    db,
    sql`select json_agg(json_build_object('id', a.id, 'version', l.version::text)) as accounts,
        (select coalesce(-sum(b.balance), 0)::numeric(14,2)::text from ledger.deposit_balance b
          join account z on z.id = b.account_id where z.customer_id = min(a.customer_id)) as held
      from account a join ledger.account_ledger l on l.account_id = a.id
      where a.customer_id = (select o.customer_id from account o where o.number = ${account})`,
  )
}

/**
 * The ledger's ids of deposits of one account, by number; one is made when something is paid for the first time. A number
 * under which another account holds a deposit is left out.
 */
export async function ledgerDeposits(db: Db, numbers: string[], accountId: number): Promise<Map<string, number>> {
  await db.execute(sql`insert into ledger.deposit (number, account_id) select n, ${accountId}
    from jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb) n
    where not exists (select from ledger.deposit d where d.number = n) on conflict do nothing`)
  const found = await rows<{ number: string; id: number }>(
    db,
    sql`select number, id from ledger.deposit where account_id = ${accountId} and number in ${numbers}`,
  )
  return new Map(found.map(({ number, id }) => [number, id]))
}

/** A new deposit of an account in the ledger, with the next number: nobody else gets that number, whatever becomes of it. */
export const newLedgerDeposit = (db: Db, accountId: number): Promise<{ number: string; id: number }> =>
  db.transaction(async (tx) => {
    const number = await takeNumber(tx, 'deposit_agreement')
    const made = await one<{ id: number }>(
      tx,
      sql`insert into ledger.deposit (number, account_id) values (${number}, ${accountId}) returning id`,
    )
    if (!made) throw new Error(`deposit ${number} was not made`)
    return { number, id: made.id }
  })

/** Whether anything was posted for an agreed deposit of this number. */
export const isPosted = async (db: Db, number: string): Promise<boolean> =>
  (await one(
    db,
    sql`select 1 from deposit_agreement g join ledger.deposit d on d.number = g.number and d.account_id = g.account_id
      join ledger.transaction t on t.account_id = d.account_id
      join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.deposit_id = d.id
      where g.number = ${number} limit 1`,
  )) !== undefined

/** Deposits that hold money on an account, by number: what apply, refund and transfer take from. */
export const holdings = (
  db: Db,
  account: string,
  only?: string,
): Promise<{ deposit: string; id: number; serviceId: number; service: string; held: string }[]> =>
  rows(
    db,
    sql`select d.number as deposit, d.id, b.service_id as "serviceId", s.code as service, (-b.balance)::text as held
      from ledger.deposit_balance b join ledger.deposit d on d.id = b.deposit_id join account a on a.id = b.account_id
      join service s on s.id = b.service_id
      where a.number = ${account} and b.balance < 0 and (${only ?? null}::text is null or d.number = ${only ?? null})
      order by ledger.number_order(d.number), s.sort, s.code`,
  )

/** A deposit that was moved to another account stands there as an agreement of its own, for what came. */
export async function keepTransferred(
  db: Db,
  moved: { deposit: string; from: string; agreedOn: Day; by: number },
): Promise<void> {
  await db.execute(sql`insert into deposit_agreement (number, account_id, service_id, amount, agreed_on, description, changed_by)
    select d.number, b.account_id, min(b.service_id), -sum(b.balance), ${moved.agreedOn}::date, ${`Moved from ${moved.from}`}, ${moved.by}::int
    from ledger.deposit d join ledger.deposit_balance b on b.deposit_id = d.id and b.balance < 0 where d.number = ${moved.deposit}
    group by d.number, b.account_id having count(*) = 1
    on conflict (number) do nothing`)
}
