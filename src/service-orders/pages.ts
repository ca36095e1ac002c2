import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { changesOf } from '../audit/present.ts'
import { one, rows } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import { NotFound } from '../errors.ts'
import type { Place } from '../panel/records.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { sendPdf } from '../web/download.ts'
import { feature } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { view } from '../web/view.ts'
import { askSeveral, completeSeveral } from './complete-several.ts'
import { askReopen, complete, openComplete, reopen } from './completion.ts'
import { controlPanel } from './control-panel.ts'
import { orderOf, ordersOf, placeFor } from './found.ts'
import { ofPlace } from './records.ts'
import { orderPdf, ordersPdf, type ReportPlace } from './reports.ts'

/** Complete and Reopen, the reports, the history of an order, and the control panel for groups [001-432 to 001-442]. */
export const pages: FeatureMaker = () =>
  feature('service-orders')
    .get('/service-orders', 'customers.view', controlPanel, { menu: 'Service Orders > Control panel' })
    .get('/service-orders/complete', 'customers.edit', askSeveral, { repeats: ['order'] })
    .post('/service-orders/complete', 'customers.edit', completeSeveral, { repeats: ['order'] })
    .get('/panel/:number/service-orders/list', 'customers.view', (req, res) =>
      report(req, res, 'Service order list', false),
    )
    .get('/panel/:number/service-orders/history', 'customers.view', (req, res) =>
      report(req, res, 'Service order history', true),
    )
    .get('/panel/:number/service-orders/:id/print', 'customers.view', print)
    .get('/panel/:number/service-orders/:id/history', 'customers.view', history)
    .get('/panel/:number/service-orders/:id/complete', 'customers.edit', openComplete)
    .post('/panel/:number/service-orders/:id/complete', 'customers.edit', complete)
    .get('/panel/:number/service-orders/:id/reopen', 'customers.edit', askReopen)
    .post('/panel/:number/service-orders/:id/reopen', 'customers.edit', reopen)

async function reportPlace(res: Response, place: Place): Promise<ReportPlace> {
  const { db, today } = context(res)
  const row = await one<Omit<ReportPlace, 'today' | 'town'>>(
    db,
    sql`select n.number as location, n.service_address as "serviceAddress",
      a.number || ' ' || c.name as account from account a join location n on n.id = a.location_id join customer c on c.id = a.customer_id
      where a.id = ${place.accountId}`,
  )
  if (!row) throw new NotFound('account')
  return { ...row, town: (res.locals.town as TownFacts).name, today }
}

async function print(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  sendPdf(res, `service-order-${order.number}.pdf`, await orderPdf(await reportPlace(res, place), order))
}

/** The list is of the location; the history of the account, with what was done. */
async function report(req: Request, res: Response, title: string, withResults: boolean): Promise<void> {
  const place = await placeFor(req, res)
  const orders = await ordersOf(res, withResults ? ofPlace(place) : sql`o.location_id = ${place.locationId}`)
  const at = await reportPlace(res, place)
  sendPdf(
    res,
    `${title.replaceAll(' ', '-').toLowerCase()}.pdf`,
    await ordersPdf(withResults ? at : { ...at, account: '' }, title, orders, withResults),
  )
}

interface Step {
  at: string
  by: string
  old: object | null
  now: object | null
}

/** Who made and changed an order, and when, out of the audit trail. */
async function history(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  const steps = await rows<Step>(
    context(res).db,
    sql`select u.at, coalesce(${shownName('p')}, '') as by, u.old, u.new as now
      from audit u left join app_user p on p.id = u.actor where u.subject = 'service_order' and u.subject_key = ${String(order.id)} order by u.id`,
  )
  const data = {
    title: `Service order ${order.number}`,
    crumbs: [{ label: place.number, href: place.at }],
    order,
    steps: steps.map(({ at, by, old, now }) => ({ at, by, changed: old ? changesOf(old, now) : [] })),
    back: place.at,
  }
  view(req, res, 'service-orders/history', data)
}
