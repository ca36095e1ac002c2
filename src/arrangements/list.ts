import { type SQL, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { context } from '../web/context.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { view } from '../web/view.ts'
import { type PlanRow, planJson } from './plans.ts'
import { planShown } from './present.ts'
import { standing } from './standing-rules.ts'

const STATES = ['current', 'broken', 'completed', 'cancelled', 'all'] as const
const SIZE = 40

/** Collections > Arrangements: the plans of all accounts by state, current ones first asked for. */
export async function arrangementList(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const query = req.query as Record<string, string>
  const state = STATES.find((each) => each === query.state) ?? 'current'
  const { plans, total, page } = await plansIn(db, state, today, pageNumber(query.page))
  const data = {
    title: 'Arrangements',
    state,
    states: STATES,
    count: total,
    plans: plans.map(({ plan, account, name }) => shown(plan, account, name, today)),
    paging: paging('/arrangements', { state }, page, total, SIZE),
  }
  view(req, res, 'arrangements/list', data)
}

function shown(plan: PlanRow, account: string, name: string, today: Day) {
  const said = planShown(plan, today)
  return { ...said, account, name, next: said.payments.find(({ left }) => left !== '0.00') }
}

type State = (typeof STATES)[number]

/** A page of the plans in a state at the end of a day, the newest first, and how many there are; beyond the last page, the last. */
export async function plansIn(db: Db, state: State, day: Day, asked: number) {
  const chosen = await inState(db, state, day)
  const of = sql`from arrangement r join account a on a.id = r.account_id join customer c on c.id = a.customer_id where ${chosen}`
  const total = (await one<{ n: number }>(db, sql`select count(*)::int as n ${of}`))?.n ?? 0
  const { page } = paging('', {}, asked, total, SIZE)
  const plans = await rows<{ plan: PlanRow; account: string; name: string }>(
    db,
    sql`select ${planJson} as plan, a.number as account, c.name ${of} order by r.id desc limit ${SIZE} offset ${(page - 1) * SIZE}`,
  )
  return { plans, total, page }
}

/** Which rows `r` are in a state. That an unended plan is broken or paid only the rule says: those are read for it. */
async function inState(db: Db, state: State, day: Day): Promise<SQL> {
  if (state === 'all') return sql`true`
  if (state === 'cancelled') return sql`r.ended_as = 'cancelled'`
  const open = await rows<{ plan: PlanRow }>(
    db,
    sql`select ${planJson} as plan from arrangement r where r.ended_on is null`,
  )
  const ids = open.filter(({ plan }) => standing(plan, day).state === state).map(({ plan }) => plan.id)
  return sql`(r.ended_as = ${state} or r.id in (select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)))`
}
