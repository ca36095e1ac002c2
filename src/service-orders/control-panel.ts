import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Db, one, rows } from '../db/db.ts'
import { context } from '../web/context.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { view } from '../web/view.ts'
import { type Filters, filtersOf } from './filters.ts'
import { isOverdue, STATUSES } from './rules.ts'

/** Orders on a page of the list. */
export const SIZE = 100

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

/** Service Orders > Control panel: orders of groups of accounts, by status, category and route [001-432]. */
export async function controlPanel(req: Request, res: Response): Promise<void> {
  const { db, today, may } = context(res)
  const asked = filtersOf(req.query)
  const [total, categories, routes] = await Promise.all([
    one<{ n: number }>(db, sql`select count(*)::int as n ${from(asked)}`),
    rows<{ code: string; name: string }>(db, sql`select code, name from service_order_category order by code`),
    rows<{ code: string; name: string }>(db, sql`select code, name from route order by code`),
  ])
  const links = paging('/service-orders', req.query, pageNumber(asked.page), total?.n ?? 0, SIZE)
  // the last page may be gone once its orders are completed
  const list = await listed(db, asked, links.page)
  const data = {
    title: 'Service Order Control Panel',
    orders: list.map((each) => ({ ...each, overdue: isOverdue(each, today) })),
    asked: { ...asked, page: String(links.page) },
    statuses: STATUSES,
    categories,
    routes,
    total: total?.n ?? 0,
    paging: links,
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
