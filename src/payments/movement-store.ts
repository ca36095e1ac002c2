import { type SQL, sql } from 'drizzle-orm'
import { inForce } from '../accounts/sums.ts'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { numberOf } from '../ledger/header-sql.ts'

/** A transaction as the actions on it ask: what it is, whose, and what became of it. Amounts as text. */
export interface Movement {
  id: string
  type: string
  date: Day
  description: string
  account: string
  method: string | null
  receipt: string | null
  reverses: string | null
  reversedBy: string | null
  reversedType: string | null
  /** Number of the transfer that moved it to another account. */
  transferredBy: string | null
  /** The change of the utility balance: a payment is below zero. */
  amount: string
  facts: unknown
}

/** That the transaction `t` has this number, by its indexes: the town's own number, else the id. */
export const named = (number: string | SQL) => sql`(t.number = ${number}
  or t.number is null and t.id = case when ${number} ~ '^[0-9]{1,17}$' then ${number}::text::bigint end)`

const MOVEMENT = (
  number: string | SQL,
) => sql`select ${numberOf('t')} as id, t.type, t.transaction_date as date, t.description, a.number as account, t.method, t.receipt, t.facts,
      (select ${numberOf('o')} from ledger.transaction o where o.id = t.reverses_id) as reverses,
      ${numberOf('v')} as "reversedBy", v.type as "reversedType",
      (select ${numberOf('x')} from ledger.live_source l join ledger.transaction x on x.id = l.transaction_id
        where l.source_key = 'transfer/' || ${numberOf('t')}) as "transferredBy",
      (select coalesce(sum(p.amount), 0)::numeric(14,2)::text from ledger.posting p
        where p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility') as amount
    from ledger.transaction t join account a on a.id = t.account_id left join ledger.transaction v on v.reverses_id = t.id
    where ${named(number)}`

/** A transaction of an account that this person may see; undefined when there is none. */
export const movement = (db: Db, number: string): Promise<Movement | undefined> => one(db, MOVEMENT(number))

/** What a transaction moved on the utility book, by service and bucket; service '' is the account's open credit. */
export function utilityOf(db: Db, number: string): Promise<{ service: string; period: Day; amount: string }[]> {
  return rows(
    db,
    sql`select s.code as service, case when p.aging_period = 'infinity' then 'open' else p.aging_period::text end as period, p.amount::text
    from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility'
    join service s on s.id = p.service_id where ${named(number)} order by p.line`,
  )
}

export interface ChargeRow {
  service: string
  name: string
  charged: string
  adjusted: string
  paid: boolean
}

/**
 * The charge as it is and what it was adjusted by since, by service; `paid` = money of a payment, a transfer or a deposit lies
 * on its bucket, or open credit was taken up. What a service earned is what was charged: the account's own credit that a
 * charge took up stands on no service.
 */
export const chargeRows = (db: Db, numbers: string[]): Promise<ChargeRow[]> =>
  rows(db, CHARGE(sql`array(select jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb))`))

/** Many transactions with what `chargeRows` says of each alone, by the number asked for; what is not to be seen is left out. */
export async function chargeMovements(
  db: Db,
  numbers: string[],
): Promise<Map<string, { found: Movement; lines: ChargeRow[] }>> {
  const asked = await rows<{ number: string; found: Movement | null; lines: ChargeRow[] }>(
    db,
    sql`select asked.number, (select to_json(x) from (${MOVEMENT(sql`asked.number`)}) x) as found,
      (select coalesce(json_agg(x), '[]') from (${CHARGE(sql`array[asked.number]`)}) x) as lines
    from jsonb_array_elements_text(${JSON.stringify([...new Set(numbers)])}::jsonb) as asked(number)`,
  )
  return new Map(asked.flatMap(({ number, found, lines }) => (found ? [[number, { found, lines }]] : [])))
}

const CHARGE = (
  list: SQL,
) => sql`with charge as materialized (select t.* from ledger.transaction t where t.number = any(${list})
        or t.number is null and t.id = any(array(select n::bigint from unnest(${list}) n where n ~ '^[0-9]{1,17}$'))),
      line as materialized (select service_id, bucket, id, coalesce(earned, owed) as charged,
          coalesce(ahead, false) or coalesce(earned, owed) <> coalesce(owed, 0) as ahead
        from (select p.service_id, min(p.aging_period) filter (where p.aging_period <> 'infinity') as bucket, min(t.id) as id,
            -sum(p.amount) filter (where p.subledger = 'general') as earned, sum(p.amount) filter (where p.subledger = 'utility') as owed,
            bool_or(p.aging_period = 'infinity') as ahead
          from charge t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
            and p.subledger in ('general', 'utility') and p.service_id <> 0 group by 1) x),
      own as materialized (select t.* from ledger.transaction t where t.account_id = (select account_id from charge limit 1)
        and t.type in ('Adj', 'Pmt', 'Xfer', 'DepApp') and ${inForce(undefined)}),
      adjusted as materialized (select x->>'service' as code, sum((x->>'change')::numeric) as change
        from own t, jsonb_array_elements(t.facts->'adjustment'->'lines') x where t.facts->'adjustment'->'of' ?| ${list} group by 1),
      paid as materialized (select l.service_id from line l join own t on t.type <> 'Adj' and t.id > l.id
        join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility'
          and p.service_id = l.service_id and p.aging_period = l.bucket group by 1 having sum(p.amount) < 0)
    select s.code as service, s.name, l.charged::text, coalesce((select j.change from adjusted j where j.code = s.code), 0)::numeric(14,2)::text as adjusted,
      l.ahead or exists (select from paid where paid.service_id = l.service_id) as paid
    from line l join service s on s.id = l.service_id order by s.sort, s.code`

/** Numbers of the Bill transactions that make up one bill: of the same account and date, in force. */
export async function billNumbers(db: Db, number: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`with c as materialized (select t.account_id, t.transaction_date from ledger.transaction t where t.type = 'Bill' and ${named(number)})
    select ${numberOf('t')} as id from c join ledger.transaction t on t.account_id = c.account_id
      and t.transaction_date = c.transaction_date where t.type = 'Bill'
      and ${inForce(undefined)} order by ${numberOf('t')} = ${number} desc, t.id`,
  )
  return found.map(({ id }) => id)
}

/** Rates of an account's services that are a percentage of another service's charge, as they stood on a day. */
export function linkedRates(
  db: Db,
  account: string,
  day: Day,
): Promise<{ service: string; basedOn: string; percent: string }[]> {
  return rows(
    db,
    sql`select s.code as service, r.based_on as "basedOn", r.percent::text from account a join account_service x on x.account_id = a.id
    join service s on s.id = x.service_id
    join lateral (select r.* from rate r where r.code = x.rate and r.service_id = x.service_id and r.effective_from <= ${day}
      order by r.effective_from desc limit 1) r on true
    where a.number = ${account} and coalesce(r.based_on, '') <> '' and r.percent is not null order by s.sort, s.code`,
  )
}

/** Whether this person sees both sides of a transfer, by the number of either. */
export async function seesBothSides(db: Db, number: string): Promise<boolean> {
  const row = await one<{ n: number }>(
    db,
    sql`select count(*)::int as n from ledger.transaction t join ledger.transaction o on o.link = t.link
      join account a on a.id = o.account_id where ${named(number)}`,
  )
  return (row?.n ?? 0) >= 2
}

/** Transactions that rest on payments of a run: their transfers to other accounts. */
export async function transfersOfRun(db: Db, runId: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    db,
    sql`select x.id::int as id from ledger.transaction t join ledger.live_source l on l.source_key = 'transfer/' || ${numberOf('t')}
      join ledger.transaction x on x.id = l.transaction_id where t.run_id = ${runId}`,
  )
  return found.map(({ id }) => id)
}

/** Number of the transaction that holds a source key now. */
export async function holderOf(db: Db, sourceKey: string): Promise<string | undefined> {
  const row = await one<{ id: string }>(
    db,
    sql`select ${numberOf('t')} as id from ledger.live_source l join ledger.transaction t on t.id = l.transaction_id
      where l.source_key = ${sourceKey}`,
  )
  return row?.id
}

/** The payment methods to choose from for a payment: those in use, and its own. */
export const methodsFor = (db: Db, { method }: Pick<Movement, 'method'>): Promise<{ code: string; name: string }[]> =>
  rows(db, sql`select code, name from payment_method where active or code = ${method} order by id`)
