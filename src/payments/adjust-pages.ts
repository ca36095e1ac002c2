import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { type Money, text, ZERO } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { adjust, billNamed, billSignature, type Charge, changeBill, chargeNamed, previewBill } from './adjust.ts'
import { lockedServices } from './bill-rules.ts'
import { adjustForm, billForm, boxesOf } from './movement-forms.ts'
import { askedMovement, formHref, frameOf, historyOf } from './movement-frame.ts'
import { Changed } from './service.ts'
import { addAdjustment, postsByBatch } from './unposted.ts'

/** What the table of a charge shows, by service. */
export const partsOf = ({ lines }: Pick<Charge, 'lines'>) =>
  lines.map((line) => ({
    service: line.service,
    name: line.name,
    charged: text(line.charged),
    adjusted: text(line.adjusted),
    now: text(line.charged.plus(line.adjusted)),
    paid: line.paid,
  }))

/** Adjust on a posted charge: Add Unposted Adjustment where the counter posts by batch, else an adjustment at once. */
export async function adjustPage(req: Request, res: Response): Promise<void> {
  const charge = await askedCharge(req, res)
  const form = adjustForm(charge.lines).show({ requestId: randomUUID(), date: context(res).today })
  return showAdjust(req, res, charge, form)
}

async function askedCharge(req: Request, res: Response): Promise<Charge> {
  return chargeNamed(context(res), (await askedMovement(req, res)).id)
}

export async function postAdjust(req: Request, res: Response): Promise<void> {
  const who = context(res)
  const charge = await askedCharge(req, res)
  const form = adjustForm(charge.lines)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return showAdjust(req, res, charge, parsed.view, 422)
  const { requestId, reason, date } = parsed.data
  const changes = boxesOf<Money>(parsed.data).map(({ service, value }) => ({ service, change: value }))
  try {
    if (await postsByBatch(who)) {
      const { runId } = await addAdjustment(who, charge.found.id, { changes, reason, date }, requestId)
      flash(req, `The adjustment waits unposted in batch ${runId}.`)
    } else {
      const { transactionId } = await adjust(who, charge.found.id, { changes, reason, date }, requestId)
      flash(req, `Adjustment ${transactionId} is posted.`)
    }
    goTo(req, res, historyOf(charge.found.account))
  } catch (error) {
    return showAdjust(req, res, charge, form.show(req.body as object, refusedErrors(error)), 422)
  }
}

async function showAdjust(req: Request, res: Response, charge: Charge, form: FormView, status = 200): Promise<void> {
  const byBatch = await postsByBatch(context(res))
  const title = byBatch ? 'Add Unposted Adjustment' : 'Add Adjustment'
  const data = { parts: partsOf(charge), found: charge.found, form, byBatch, edit: null, action: formHref(req) }
  view(req, res, 'payments/adjust', { ...frameOf(charge.found.account, title), ...data }, { status })
}

/** Make Adjustments to Bill. */
export async function billPage(req: Request, res: Response): Promise<void> {
  const bill = await billNamed(context(res), (await askedMovement(req, res)).id)
  const now = Object.fromEntries(partsOf(bill).map((part) => [`change-${part.service}`, part.now]))
  const values = { requestId: randomUUID(), date: context(res).today, ...now }
  showBill(req, res, bill, billForm(bill.lines).show(values, {}, lockOf(bill)))
}

const lockOf = ({ lines }: Charge) => ({ readonly: lockedServices(lines).map((service) => `change-${service}`) })

/** Shows what hangs on the change, or, where that was shown already and is still so, posts it. */
export async function postBill(req: Request, res: Response): Promise<void> {
  const who = context(res)
  const bill = await billNamed(who, (await askedMovement(req, res)).id)
  const form = billForm(bill.lines)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return showBill(req, res, bill, parsed.view, undefined, 422)
  const { requestId, step, shown, reason, date } = parsed.data
  const amounts = boxesOf<Money>(parsed.data).map(({ service, value }) => ({ service, amount: value }))
  const again = (errors: Record<string, string> = {}) => form.show(req.body as object, errors, lockOf(bill))
  try {
    if (step === 'go' && shown) {
      const { transactionId } = await changeBill(who, bill.found.id, { amounts, reason, date }, requestId, shown)
      flash(req, `The bill is adjusted, by ${transactionId}.`)
      return goTo(req, res, historyOf(param(req, 'number')))
    }
    showBill(req, res, bill, again(), (await previewBill(who, bill.found.id, amounts)).decided)
  } catch (error) {
    if (!(error instanceof Changed)) return showBill(req, res, bill, again(refusedErrors(error)), undefined, 422)
    const { decided } = await previewBill(who, bill.found.id, amounts)
    showBill(req, res, bill, again({ '': error.message }), decided, 422)
  }
}

type Decided = Awaited<ReturnType<typeof previewBill>>['decided']

function showBill(req: Request, res: Response, bill: Charge, form: FormView, decided?: Decided, status = 200): void {
  const changed = (service: string) =>
    [...(decided?.changes ?? []), ...(decided?.carried ?? [])].find((each) => each.service === service)
  const parts = partsOf(bill).map((part, at) => {
    const change = changed(part.service)?.change ?? ZERO
    const line = bill.lines[at]
    const carried = decided?.carried.find((each) => each.service === part.service)
    return {
      ...part,
      change: text(change),
      after: text((line?.charged ?? ZERO).plus(line?.adjusted ?? ZERO).plus(change)),
      says: carried ? `${carried.percent.toFixed()} % of ${carried.from}` : '',
      field: form.by[`change-${part.service}`] ?? null,
    }
  })
  const data = {
    ...{ parts, found: bill.found, form, action: formHref(req), decided: decided !== undefined },
    shown: decided ? billSignature(decided) : '',
    total: text(
      [...(decided?.changes ?? []), ...(decided?.carried ?? [])].reduce((all, { change }) => all.plus(change), ZERO),
    ),
  }
  view(req, res, 'payments/bill', { ...frameOf(bill.found.account, 'Make Adjustments to Bill'), ...data }, { status })
}
