import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { baseOf } from '../accounts/inquiry.ts'
import { type TransactionDetail, transactionWhole } from '../accounts/service.ts'
import { mayReverse } from '../accounts/transactions-tab.ts'
import { Forbidden } from '../errors.ts'
import { RETURNABLE } from '../ledger/reversal.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { reversalForm } from './forms.ts'
import { historyOf } from './movement-frame.ts'
import { reversalNeeds } from './reversal-rules.ts'
import { reverseTransaction } from './service.ts'

/** Add Reversal (001-388). */
export async function reverseForm(req: Request, res: Response): Promise<void> {
  show(req, res, await asked(req, res), reversalForm.show({ requestId: randomUUID() }))
}

export async function reverseNow(req: Request, res: Response): Promise<void> {
  const found = await asked(req, res)
  const parsed = reversalForm.parse(req.body)
  if (!parsed.ok) return show(req, res, found, parsed.view, 422)
  const { requestId, ...input } = parsed.data
  try {
    const { transactionId } = await reverseTransaction(context(res), found.id, input, requestId)
    flash(req, `${found.type} ${found.id} is reversed by ${transactionId}. Its own periods are open again.`)
    goTo(req, res, backOf(req))
  } catch (error) {
    show(req, res, found, reversalForm.show(req.body as object, refusedErrors(error)), 422)
  }
}

/** Where it was opened: the History tab, else Customer Inquiry. */
const backOf = (req: Request): string =>
  req.query.from === 'history' ? historyOf(param(req, 'number')) : baseOf(param(req, 'number'))

async function asked(req: Request, res: Response): Promise<TransactionDetail> {
  const { db, may } = context(res)
  const found = await transactionWhole(db, param(req, 'transaction'), param(req, 'number'))
  const need = reversalNeeds(found.type)
  if (!may(need)) throw new Forbidden(need)
  return found
}

function show(req: Request, res: Response, found: TransactionDetail, form: FormView, status = 200): void {
  const base = baseOf(param(req, 'number'))
  const crumbs = [
    { label: found.account?.number ?? '', href: base },
    { label: `${found.type} ${found.id}`, href: `${base}/transactions/${encodeURIComponent(found.id)}` },
  ]
  const data = {
    ...{ title: `Reverse ${found.type} ${found.id}`, crumbs, base, found, form, back: backOf(req) },
    action: req.originalUrl,
    received: RETURNABLE.includes(found.type),
    possible: mayReverse(found, context(res)),
  }
  view(req, res, 'payments/reverse', data, { status })
}
