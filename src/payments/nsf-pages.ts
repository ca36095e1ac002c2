import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { money, text } from '../ledger/money.ts'
import { settings } from '../organization/settings.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { nsfFeeForm, nsfForm } from './movement-forms.ts'
import { askedMovement, formHref, frameOf, historyOf } from './movement-frame.ts'
import { type Movement, methodsFor } from './movement-store.ts'
import { changeNsfFee, nsfFeeOf, refuseUnlessReturnable, returnPayment } from './nsf.ts'

/** NSF asks for the pay method first, then opens Add NSF; on a payment that was returned it is Edit NSF. */
export async function nsfPage(req: Request, res: Response): Promise<void> {
  const found = await askedMovement(req, res)
  const { db, today } = context(res)
  if (found.reversedType === 'NSF') {
    const fee = (await nsfFeeOf({ db }, found.id))?.amount ?? '0.00'
    return show(req, res, found, { edit: nsfFeeForm.show({ requestId: randomUUID(), fee, date: today }) })
  }
  const { method } = req.query
  if (typeof method !== 'string') return show(req, res, found, {})
  try {
    refuseUnlessReturnable(found, method)
  } catch (error) {
    return show(req, res, found, { wrong: Object.values(refusedErrors(error))[0] ?? '' }, 422)
  }
  const fee = text((await settings(db)).nsfFee)
  return show(req, res, found, { add: nsfForm.show({ requestId: randomUUID(), method, date: today, fee }) })
}

/** Which form was sent says what is meant: Add NSF, which has the method, never changes the fee of a payment returned since. */
export async function postNsf(req: Request, res: Response): Promise<void> {
  const found = await askedMovement(req, res)
  const edits = found.reversedType === 'NSF' && !('method' in (req.body as object))
  return edits ? changeFee(req, res, found) : addNsf(req, res, found)
}

async function addNsf(req: Request, res: Response, found: Movement): Promise<void> {
  const parsed = nsfForm.parse(req.body)
  if (!parsed.ok) return show(req, res, found, { add: parsed.view }, 422)
  const { requestId, ...input } = parsed.data
  try {
    const { transactionId } = await returnPayment(context(res), found.id, input, requestId)
    const fee = input.fee.gt('0') ? ` A fee of ${text(input.fee)} is charged.` : ''
    flash(req, `${found.description} is returned, by ${transactionId}. Its own periods are open again.${fee}`)
    goTo(req, res, historyOf(found.account))
  } catch (error) {
    return show(req, res, found, { add: nsfForm.show(req.body as object, refusedErrors(error)) }, 422)
  }
}

async function changeFee(req: Request, res: Response, found: Movement): Promise<void> {
  const parsed = nsfFeeForm.parse(req.body)
  if (!parsed.ok) return show(req, res, found, { edit: parsed.view }, 422)
  const { requestId, ...input } = parsed.data
  try {
    await changeNsfFee(context(res), found.id, input, requestId)
    flash(req, `The NSF fee is ${text(money(input.fee))} now.`)
    goTo(req, res, historyOf(found.account))
  } catch (error) {
    return show(req, res, found, { edit: nsfFeeForm.show(req.body as object, refusedErrors(error)) }, 422)
  }
}

interface Forms {
  add?: FormView
  edit?: FormView
  wrong?: string
}

async function show(req: Request, res: Response, found: Movement, forms: Forms, status = 200): Promise<void> {
  const { db } = context(res)
  const methods = await methodsFor(db, found)
  const { edit, add, wrong = '' } = forms
  const data = {
    ...frameOf(param(req, 'number'), edit ? 'Edit NSF' : 'Add NSF'),
    found,
    methods,
    wrong,
    chosen: typeof req.query.method === 'string' ? req.query.method : '',
    add: add ?? null,
    edit: edit ?? null,
    form: add ?? edit ?? { summary: [] },
    action: formHref(req),
  }
  view(req, res, 'payments/nsf', data, { status })
}
