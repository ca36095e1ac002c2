import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Db, one, rows } from '../db/db.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { isOverdue, STATUSES, statusAsked } from './rules.ts'

const SIZE = 100

interface Row {
  id: number
  number: string
  account: string | null
  customer: string | null
  location: string
  address: string
  route: string | null
  category: string
  description: string
  requested: string
  due: string | null
  urgent: boolean
  assignedTo: string | null
  completed: string | null
}

interface Filters {
  status: ReturnType<typeof statusAsked>
  category: string
  route: string
}

/** Service Orders > Control panel: orders of groups of accounts, by status, category and route [001-432]. */
export async function controlPanel(req: Request, res: Response): Promise<void> {
  const { db, today, may } = context(res)
  const asked: Filters = {
    status: statusAsked(req.query.status),
    category: queryText(req, 'category'),
    route: queryText(req, 'route'),
  }
  const page = pageNumber(req.query.page)
  const [list, total, categories, routes] = await Promise.all([
    listed(db, asked, page),
    one<{ n: number }>(db, sql`select count(*)::int as n ${from(asked)}`),
    rows<{ code: string; name: string }>(db, sql`select code, name from service_order_category order by code`),
    rows<{ code: string; name: string }>(db, sql`select code, name from route order by code`),
  ])
  const data = {
    title: 'Service Order Control Panel',
    orders: list.map((each) => ({ ...each, overdue: isOverdue(each, today) })),
    asked,
    statuses: STATUSES,
    categories,
    routes,
    total: total?.n ?? 0,
    paging: paging('/service-orders', req.query, page, total?.n ?? 0, SIZE),
    mayEdit: may('customers.edit'),
  }
  view(req, res, 'service-orders/control-panel', data, { block: 'main' })
}

// Orders of customers that are not to be seen are none of this person's: their rows do not come.
const from = ({ status, category, route }: Filters) => sql`from service_order o
  join service_order_code k on k.id = o.service_order_code_id join service_order_category g on g.id = k.service_order_category_id
  join location n on n.id = o.location_id left join route r on r.id = n.route_id
  where ${status === 'both' ? sql`true` : status === 'complete' ? sql`o.completed is not null` : sql`o.completed is null`}
    and (${category} = '' or g.code = ${category}) and (${route} = '' or r.code = ${route})`

const listed = (db: Db, asked: Filters, page: number): Promise<Row[]> =>
  rows<Row>(
    db,
    sql`select o.id, o.number, (select a.number from account a where a.location_id = o.location_id and a.customer_id = o.customer_id
        order by a.activity_status = 'Current' desc, a.id desc limit 1) as account,
      (select c.name from customer c where c.id = o.customer_id) as customer, n.number as location, n.service_address as address, r.code as route,
      g.name as category, o.description, o.requested::text, o.due::text, o.urgent, o.assigned_to as "assignedTo", o.completed::text
    ${from(asked)} order by o.completed is not null, o.urgent desc, coalesce(o.due, o.requested), ledger.number_order(o.number)
    limit ${SIZE} offset ${(page - 1) * SIZE}`,
  )

/** Completes the ticked orders of the list today, in one statement; those completed meanwhile are left as they are. */
export async function completeSeveral(req: Request, res: Response): Promise<void> {
  const { db, actor, today } = context(res)
  const { order, result } = req.body as { order?: string | string[]; result?: string }
  const ids = [order ?? []]
    .flat()
    .filter((each) => /^[1-9]\d{0,8}$/.test(each))
    .slice(0, SIZE)
  const said = (typeof result === 'string' ? result.normalize('NFC').trim() : '').slice(0, 2000) || 'Completed'
  const done = await rows<{ id: number }>(
    db,
    sql`update service_order set completed = greatest(${today}::date, requested), result = ${said}, version = version + 1, changed_by = ${actor.id}
      where id = any(${`{${ids.join(',')}}`}::int[]) and completed is null returning id`,
  )
  flash(req, `${done.length} service order${done.length === 1 ? ' is' : 's are'} completed.`)
  goTo(req, res, '/service-orders')
}
