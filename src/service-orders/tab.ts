import { sql } from 'drizzle-orm'
import { tab } from '../accounts/tab.ts'
import type { Day } from '../ledger/calendar.ts'
import { OF_ACCOUNT, ordersWhere } from './records.ts'
import { isOf, isOverdue, STATUSES, statusAsked } from './rules.ts'

export interface Order {
  id: number
  version: number
  number: string
  category: string
  code: string
  description: string
  instructions: string | null
  requested: Day
  due: Day | null
  urgent: boolean
  assignedTo: string | null
  completed: Day | null
  result: string | null
  customer: string | null
  by: string | null
}

interface Raw {
  orders: Order[]
  templates: { code: string; name: string }[]
}

const HERE = sql`o.location_id = a.location_id`

/** Service orders of the account, or of every customer of the location [001-431]. */
export const serviceOrdersTab = tab<Raw>({
  path: 'service-orders',
  label: 'Service Orders',
  need: 'customers.view',
  template: 'service-orders/tab',
  count: sql`select count(*) from service_order o where o.completed is null and ${OF_ACCOUNT}`,
  sql: ({ query }) => sql`json_build_object('orders', ${ordersWhere(query.all === 'on' ? HERE : OF_ACCOUNT)},
    'templates', (select coalesce(json_agg(json_build_object('code', m.code, 'name', m.name) order by m.code), '[]') from service_order_template m))`,
  present: (_account, { orders, templates }, { query, may, today }) => {
    const status = statusAsked(query.status)
    return {
      orders: orders.filter((each) => isOf(each, status)).map((each) => ({ ...each, overdue: isOverdue(each, today) })),
      nothing: orders.length === 0,
      status,
      statuses: STATUSES,
      all: query.all === 'on',
      templates,
      mayEdit: may('customers.edit'),
    }
  },
})
