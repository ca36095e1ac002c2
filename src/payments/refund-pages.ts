import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { text } from '../ledger/money.ts'
import { guarded } from '../runs/register-csv.ts'
import { csvLine } from '../town/csv.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { failedSave, refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { checkForm, refundForm } from './movement-forms.ts'
import { formHref, frameOf, historyOf } from './movement-frame.ts'
import { enterCheck, refund, refundableOf } from './refund.ts'
import { mustBeRefund, type RefundRow, refundCount, refundList } from './refund-store.ts'

export async function refundPage(req: Request, res: Response): Promise<void> {
  const { today } = context(res)
  const most = text(await refundableOf(context(res), param(req, 'number')))
  const amount = most === '0.00' ? '' : most
  show(req, res, most, refundForm.show({ requestId: randomUUID(), amount, date: today }))
}

export async function postRefund(req: Request, res: Response): Promise<void> {
  const number = param(req, 'number')
  const parsed = refundForm.parse(req.body)
  const most = async () => text(await refundableOf(context(res), number))
  if (!parsed.ok) return show(req, res, await most(), parsed.view, 422)
  const { requestId, ...input } = parsed.data
  try {
    const { transactionId } = await refund(context(res), number, input, requestId)
    flash(req, `Refund ${transactionId} of ${text(input.amount)} is posted and stands on the refund list.`)
    goTo(req, res, historyOf(number))
  } catch (error) {
    show(req, res, await most(), refundForm.show(req.body as object, refusedErrors(error)), 422)
  }
}

function show(req: Request, res: Response, most: string, form: FormView, status = 200): void {
  const number = param(req, 'number')
  const action = `/accounts/${encodeURIComponent(number)}/refunds`
  view(req, res, 'payments/refund', { ...frameOf(number, 'Add Refund'), most, form, action }, { status })
}

const PAGE = 50
const LIST = '/payments/refunds'

/** Payments > Refund: the refund list, those that wait for their check first (domain.md 3.14). */
export async function refundsPage(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const waiting = req.query.all === undefined
  const links = paging(LIST, req.query, pageNumber(req.query.page), await refundCount(db, waiting), PAGE)
  const list = await refundList(db, waiting, PAGE, (links.page - 1) * PAGE)
  view(req, res, 'payments/refunds', { title: 'Refund', list, waiting, links, mayEdit: may('payments.refund') })
}

/** The refund list for accounts payable. */
export async function refundsCsv(req: Request, res: Response): Promise<void> {
  const list = await refundList(context(res).db, req.query.all === undefined, null, 0)
  const head = ['Refund', 'Date', 'Account', 'Name', 'Amount', 'Reason', 'Check No.', 'Check date']
  const lines = list.map((row) =>
    [row.id, row.date, row.account, row.name, row.amount, row.reason, row.checkNumber ?? '', row.checkDate ?? ''].map(
      guarded,
    ),
  )
  res
    .attachment('refunds.csv')
    .type('text/csv')
    .send([head, ...lines].map(csvLine).join(''))
}

export async function checkPage(req: Request, res: Response): Promise<void> {
  const found = await mustBeRefund(context(res).db, param(req, 'transaction'))
  showCheck(req, res, found, checkForm.show(found))
}

export async function postCheck(req: Request, res: Response): Promise<void> {
  const found = await mustBeRefund(context(res).db, param(req, 'transaction'))
  const parsed = checkForm.parse(req.body)
  if (!parsed.ok) return showCheck(req, res, found, parsed.view, 422)
  try {
    await enterCheck(context(res), found.id, parsed.data)
  } catch (error) {
    const [status, errors] = failedSave(error)
    return showCheck(req, res, found, checkForm.show(req.body as object, errors), status)
  }
  flash(
    req,
    parsed.data.checkNumber
      ? `Refund ${found.id} is paid by check ${parsed.data.checkNumber}.`
      : 'The check is taken away.',
  )
  goTo(req, res, LIST)
}

function showCheck(req: Request, res: Response, found: RefundRow, form: FormView, status = 200): void {
  const crumbs = [{ label: 'Refund', href: LIST }]
  const data = {
    title: `Refund ${found.id}`,
    crumbs,
    found,
    form,
    action: formHref(req),
    history: historyOf(found.account),
  }
  view(req, res, 'payments/refund-check', data, { status })
}
