import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { rows } from '../db/db.ts'
import { context } from '../web/context.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { view } from '../web/view.ts'
import { type PlanRow, planJson } from './plans.ts'
import { planShown } from './present.ts'

const STATES = ['current', 'broken', 'completed', 'cancelled', 'all'] as const
const SIZE = 40

/** Collections > Arrangements: the plans of all accounts by state, current ones first asked for. */
export async function arrangementList(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const query = req.query as Record<string, string>
  const state = STATES.find((each) => each === query.state) ?? 'current'
  // a plan is over by what was paid, which only the rule says: of plans that nobody ended all are asked
  const stored = state === 'all' || state === 'current' ? sql`true` : sql`(r.ended_as is null or r.ended_as = ${state})`
  const open = state === 'current' ? sql`r.ended_on is null` : sql`true`
  const found = await rows<{ plan: PlanRow; account: string; name: string }>(
    db,
    sql`select ${planJson} as plan, a.number as account, c.name from arrangement r join account a on a.id = r.account_id
      join customer c on c.id = a.customer_id where ${stored} and ${open} order by r.id desc`,
  )
  const shown = found
    .map(({ plan, account, name }) => ({ ...planShown(plan, today), account, name }))
    .filter((plan) => state === 'all' || plan.state === state)
    .map((plan) => ({ ...plan, next: plan.payments.find(({ left }) => left !== '0.00') }))
  const page = pageNumber(query.page)
  const data = {
    title: 'Arrangements',
    state,
    states: STATES,
    count: shown.length,
    plans: shown.slice((page - 1) * SIZE, page * SIZE),
    paging: paging('/arrangements', { state }, page, shown.length, SIZE),
  }
  view(req, res, 'arrangements/list', data)
}
