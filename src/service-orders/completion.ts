import type { Request, Response } from 'express'
import { changeRow } from '../customers/rows.ts'
import { serviceOrder } from '../db/tables/service-orders.ts'
import { Refused } from '../errors.ts'
import type { Place } from '../panel/records.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { dateInput, linesInput, numberInput, optional } from '../web/inputs.ts'
import { failedSave } from '../web/refused.ts'
import { goTo, view } from '../web/view.ts'
import { orderOf, placeFor } from './found.ts'
import { completionRefused } from './rules.ts'
import type { Order } from './tab.ts'

const form = defineForm({
  completed: field(dateInput(), { label: 'Date completed', input: 'date' }),
  result: field(linesInput(2000), { label: 'Result', input: 'textarea', rows: 4, hint: 'What was found and done.' }),
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
})

const reopening = defineForm({ version: field(optional(numberInput()), { label: '', input: 'hidden' }) })

/** Complete: its form, with the day of today. */
export async function openComplete(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  show(req, res, place, order, form.show({ completed: context(res).today, version: String(order.version) }))
}

/** Completes an open order. Refuses a day after today or before the request, and an order that was changed meanwhile. */
export async function complete(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  const { db, actor, today } = context(res)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return show(req, res, place, order, parsed.view, 422)
  const { completed, result, version } = parsed.data
  try {
    if (order.completed !== null) throw new Refused('completed', 'This service order is completed already.')
    const sentence = completionRefused(completed, order.requested, today)
    if (sentence) throw new Refused('dates', sentence, { completed: sentence })
    await changeRow(db, serviceOrder, { id: order.id, version: version ?? 0 }, { completed, result }, actor.id, {})
    flash(req, `Service order ${order.number} is completed.`)
    goTo(req, res, place.at)
  } catch (error) {
    const [status, errors] = failedSave(error)
    show(req, res, place, order, form.show(req.body as object, errors), status)
  }
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

/** Reopen asks first and says what is taken off the order. */
export async function askReopen(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  if (order.completed === null) return showReopen(req, res, place, order, { '': NOT_COMPLETED }, 422)
  showReopen(req, res, place, order)
}

/**
 * Opens a completed order again: the day and the result go and stay in its history. Refuses an open order and one that
 * was changed meanwhile.
 */
export async function reopen(req: Request, res: Response): Promise<void> {
  const place = await placeFor(req, res)
  const order = await orderOf(req, res, place)
  const { db, actor } = context(res)
  const parsed = reopening.parse(req.body)
  const version = parsed.ok ? (parsed.data.version ?? 0) : 0
  try {
    if (order.completed === null) throw new Refused('open', NOT_COMPLETED)
    await changeRow(db, serviceOrder, { id: order.id, version }, { completed: null, result: null }, actor.id, {})
    flash(req, `Service order ${order.number} is open again.`)
    goTo(req, res, place.at)
  } catch (error) {
    const [status, errors] = failedSave(error)
    showReopen(req, res, place, order, errors, status)
  }
}

const NOT_COMPLETED = 'This service order is not completed.'

function showReopen(
  req: Request,
  res: Response,
  place: Place,
  order: Order,
  errors: Record<string, string> = {},
  status = 200,
): void {
  const data = {
    title: `Reopen service order ${order.number}`,
    crumbs: [{ label: place.number, href: place.at }],
    form: reopening.show({ version: String(order.version) }, errors),
    order,
    action: `${place.at}/${order.id}/reopen`,
    back: place.at,
  }
  view(req, res, 'service-orders/reopen', data, { status })
}
