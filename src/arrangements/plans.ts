import { type SQL, sql } from 'drizzle-orm'
import { changedSince, PAYING } from '../accounts/sums.ts'
import { type Db, one, rows } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import type { Day } from '../ledger/calendar.ts'
import { inArrangement, type Plan } from './standing-rules.ts'

/** A plan with what its screens show beside. */
export interface PlanRow extends Plan {
  id: number
  version: number
  description: string
  accountBalance: string
  regularBilling: boolean
  frequency: string | null
  startDate: Day | null
  madeBy: string | null
}

// What was posted after the plan was made counts, whatever it is dated; of a plan without that moment, what is dated later.
const since = (t: SQL): SQL =>
  sql`case when r.made_at is null then ${t}.transaction_date > r.made_on else ${t}.posted_at > r.made_at end`

/** Json of what an account's transactions of some types moved since the plan in `r`; `sign` turns charges or payments above zero. */
const moved = (
  types: SQL,
  sign: SQL,
): SQL => sql`(select coalesce(json_agg(json_build_object('date', e.date, 'amount', (${sign} * e.amount)::text) order by e.date, e.id), '[]')
  from (${changedSince(sql`r.account_id`, types, since)}) e)`

const PAID = moved(PAYING, sql`-1`)
const CHARGED = moved(sql`'Bill', 'Pen', 'Int', 'Misc'`, sql`1`)

const MADE_IN = sql`coalesce((select min(d.end_date) from ledger.period d where d.end_date >= r.made_on and d.end_date <> 'infinity'),
  (date_trunc('month', r.made_on) + interval '1 month - 1 day')::date)`

/** Json of the plan in `r` (a row of `arrangement`) with what the ledger has of it. */
export const planJson = sql`json_build_object('id', r.id, 'version', r.version, 'number', r.number, 'accountId', r.account_id,
  'madeOn', r.made_on, 'madeIn', ${MADE_IN}, 'description', r.description, 'accountBalance', r.account_balance::text, 'amount', r.amount::text,
  'regularBilling', r.regular_billing, 'frequency', r.frequency, 'startDate', r.start_date, 'graceDays', r.grace_days,
  'paymentOrder', r.payment_order, 'endedOn', r.ended_on, 'endedAs', r.ended_as, 'endedReason', r.ended_reason,
  'madeBy', (select ${shownName()} from audit w join app_user u on u.id = w.actor
    where w.subject = 'arrangement' and w.subject_key = r.id::text and u.id <> 0 order by w.id limit 1),
  'services', (select coalesce(json_agg(json_build_object('code', s.code, 'name', s.name, 'balance', x.balance::text) order by s.sort, s.code), '[]')
    from arrangement_service x join service s on s.id = x.service_id where x.arrangement_id = r.id),
  'instalments', (select coalesce(json_agg(json_build_object('due', i.due_date, 'amount', i.amount::text) order by i.position), '[]')
    from arrangement_instalment i where i.arrangement_id = r.id),
  'payments', ${PAID}, 'charges', case when r.payment_order = 'bill' then ${CHARGED} else '[]'::json end)`

/** Json of every plan of the account in `a`, the newest first. */
export const plansOf = sql`(select coalesce(json_agg(${planJson} order by r.made_on desc, r.id desc), '[]') from arrangement r where r.account_id = a.id)`

const unfinished = (day: Day): SQL =>
  sql`r.made_on <= ${day}::date and (r.ended_on is null or r.ended_on > ${day}::date)`

/** Whether the account in `a` has a plan that nobody has ended by the day: few have, and to read one is long. */
export const hasUnfinishedPlan = (day: Day): SQL =>
  sql`exists (select from arrangement r where r.account_id = a.id and ${unfinished(day)})`

/** The account's plan that nobody has ended by the day; `inArrangement` says whether it still holds. */
export async function unfinishedPlan(db: Db, accountId: number, day: Day): Promise<PlanRow | undefined> {
  const found = await one<{ plan: PlanRow }>(
    db,
    sql`select ${planJson} as plan from arrangement r where r.account_id = ${accountId} and ${unfinished(day)} order by r.id desc limit 1`,
  )
  return found?.plan
}

/** The plan that protects an account on a day (its state at the end of it), or undefined. */
export async function arrangementFor(db: Db, accountId: number, day: Day): Promise<PlanRow | undefined> {
  const plan = await unfinishedPlan(db, accountId, day)
  return inArrangement(plan, day) ? plan : undefined
}

/** Of every account that is in a current arrangement on a day: its plan, by account id. Asks the plans alone. */
export async function arrangementsOn(db: Db, day: Day): Promise<Map<number, PlanRow>> {
  const found = await rows<{ plan: PlanRow }>(
    db,
    sql`select ${planJson} as plan from arrangement r where ${unfinished(day)} order by r.id`,
  )
  return new Map(found.flatMap(({ plan }) => (inArrangement(plan, day) ? [[plan.accountId, plan] as const] : [])))
}
