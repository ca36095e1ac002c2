import { type SQL, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { optionalText } from '../web/inputs.ts'
import { goTo, view } from '../web/view.ts'
import { SIZE } from './control-panel.ts'
import { filtersOf, listAddress } from './filters.ts'
import { completionRefused } from './rules.ts'

const form = defineForm({
  result: field(optionalText(2000), { label: 'Result for all of them', hint: 'Empty: Completed.', autofocus: true }),
})

type Fields = Record<string, unknown>

interface Ticked {
  id: number
  number: string
  category: string
  description: string
  customer: string | null
  address: string
  requested: Day
  due: Day | null
}

/** Asks before several are completed: how many, which, and which of the ticked ones stay open. */
export async function askSeveral(req: Request, res: Response): Promise<void> {
  await ask(req, res, req.query as Fields, form.show())
}

async function ask(req: Request, res: Response, fields: Fields, shown: FormView, status = 200): Promise<void> {
  const { today } = context(res)
  const ticked = await tickedOrders(res, idsOf(fields))
  const orders = ticked.filter(({ requested }) => !completionRefused(today, requested, today))
  const filters = filtersOf(fields)
  const data = {
    title: 'Complete service orders',
    crumbs: [{ label: 'Service Order Control Panel', href: listAddress(filters) }],
    form: shown,
    orders,
    later: ticked.filter((each) => !orders.includes(each)),
    filters,
    today,
    back: listAddress(filters),
  }
  view(req, res, 'service-orders/complete-several', data, { status: orders.length === 0 ? 422 : status })
}

const idsOf = ({ order }: Fields): string[] =>
  [order ?? []]
    .flat()
    .filter((each): each is string => typeof each === 'string' && /^[1-9]\d{0,8}$/.test(each))
    .slice(0, SIZE)

const among = (ids: readonly string[]): SQL => sql`any(${`{${ids.join(',')}}`}::int[])`

/** Those that are open still. Orders of customers that are not to be seen do not come. */
const tickedOrders = (res: Response, ids: readonly string[]): Promise<Ticked[]> =>
  rows<Ticked>(
    context(res).db,
    sql`select o.id, o.number, g.name as category, o.description, (select c.name from customer c where c.id = o.customer_id) as customer,
        n.service_address as address, o.requested::text, o.due::text
      from service_order o join service_order_code k on k.id = o.service_order_code_id join service_order_category g on g.id = k.service_order_category_id
      join location n on n.id = o.location_id
      where o.id = ${among(ids)} and o.completed is null order by ledger.number_order(o.number)`,
  )

/**
 * Completes the orders sent, today, in one statement, and goes back to the list as it was filtered. Those completed or
 * deleted meanwhile, and those requested for a later day, are left as they are.
 */
export async function completeSeveral(req: Request, res: Response): Promise<void> {
  const { db, actor, today } = context(res)
  const fields = req.body as Fields
  const parsed = form.parse({ result: fields.result })
  if (!parsed.ok) return ask(req, res, fields, parsed.view, 422)
  const ids = idsOf(fields)
  const done = await rows<{ id: number }>(
    db,
    sql`update service_order set completed = ${today}::date, result = ${parsed.data.result || 'Completed'}, version = version + 1, changed_by = ${actor.id}
      where id = ${among(ids)} and completed is null and requested <= ${today}::date returning id`,
  )
  flash(req, told(done.length, ids.length - done.length))
  goTo(req, res, listAddress(filtersOf(fields)))
}

function told(done: number, left: number): string {
  const completed = `${done} service order${done === 1 ? ' is' : 's are'} completed.`
  return left === 0
    ? completed
    : `${completed} ${left} ${left === 1 ? 'was' : 'were'} changed meanwhile and left as ${left === 1 ? 'it is' : 'they are'}.`
}
