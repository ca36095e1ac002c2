import { type SQL, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { changesOf } from '../audit/present.ts'
import { changeRow } from '../customers/rows.ts'
import { one, rows } from '../db/db.ts'
import { serviceOrder } from '../db/tables/service-orders.ts'
import { NotFound, Refused } from '../errors.ts'
import { placeOf } from '../panel/record-service.ts'
import type { Place } from '../panel/records.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { sendPdf } from '../web/download.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { dateInput, linesInput, numberInput, optional } from '../web/inputs.ts'
import { failedSave } from '../web/refused.ts'
import { feature, idParam, param } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { goTo, view } from '../web/view.ts'
import { completeSeveral, controlPanel } from './control-panel.ts'
import { ofPlace, ordersWhere } from './records.ts'
import { orderPdf, ordersPdf, type ReportPlace } from './reports.ts'
import type { Order } from './tab.ts'

const form = defineForm({
  completed: field(dateInput(), { label: 'Date completed', input: 'date' }),
  result: field(linesInput(2000), { label: 'Result', input: 'textarea', rows: 4, hint: 'What was found and done.' }),
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
})

/** Complete, the reports, the history of an order, and the control panel for groups [001-432 to 001-442]. */
export const pages: FeatureMaker = () =>
  feature('service-orders')
    .get('/service-orders', 'customers.view', controlPanel, { menu: 'Service Orders > Control panel' })
    .post('/service-orders', 'customers.edit', completeSeveral, { repeats: ['order'] })
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

const placeFor = (req: Request, res: Response): Promise<Place> =>
  placeOf(context(res).db, param(req, 'number'), 'service-orders')

async function ordersOf(res: Response, condition: SQL): Promise<Order[]> {
  const found = await one<{ list: Order[] }>(context(res).db, sql`select ${ordersWhere(condition)} as list`)
  return found?.list ?? []
}

async function orderOf(req: Request, res: Response, place: Place): Promise<Order> {
  const [order] = await ordersOf(res, sql`o.id = ${idParam(req, 'id', 'service order')} and ${ofPlace(place)}`)
  if (!order) throw new NotFound('service order')
  return order
}

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
    sql`select u.at, coalesce(nullif(p.full_name, ''), p.name, '') as by, u.old, u.new as now
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

async function openComplete(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  show(req, res, place, order, form.show({ completed: context(res).today, version: String(order.version) }))
}

async function complete(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  const { db, actor } = context(res)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return show(req, res, place, order, parsed.view, 422)
  const { completed, result, version } = parsed.data
  try {
    if (order.completed !== null) throw new Refused('completed', 'This service order is completed already.')
    if (completed < order.requested) throw early()
    await changeRow(db, serviceOrder, { id: order.id, version: version ?? 0 }, { completed, result }, actor.id, {})
    flash(req, `Service order ${order.number} is completed.`)
    goTo(req, res, place.at)
  } catch (error) {
    const [status, errors] = failedSave(error)
    show(req, res, place, order, form.show(req.body as object, errors), status)
  }
}

function early(): Refused {
  const sentence = 'It cannot be completed before it was requested.'
  return new Refused('dates', sentence, { completed: sentence })
}

function show(req: Request, res: Response, place: Place, order: Order, shown: FormView, status = 200): void {
  const data = {
    title: `Complete service order ${order.number}`,
    crumbs: [{ label: place.number, href: place.at }],
    form: shown,
    action: `${place.at}/${order.id}/complete`,
    back: place.at,
    removable: false,
    theirs: [] as string[],
    whoElse: '',
  }
  view(req, res, 'panel/record', data, { status })
}
