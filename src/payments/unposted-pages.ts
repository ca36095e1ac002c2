import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import type { Money } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { failedSave } from '../web/refused.ts'
import { idParam, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { type Charge, chargeNamed } from './adjust.ts'
import { partsOf } from './adjust-pages.ts'
import { entryNeeds } from './batch.ts'
import { type EntryRow, mustBeEntry } from './batch-store.ts'
import { demandRight } from './door.ts'
import { adjustForm, boxesOf, removeForm } from './movement-forms.ts'
import { formHref, frameOf, historyOf } from './movement-frame.ts'
import { changeAdjustment, removeUnposted } from './unposted.ts'

async function asked(req: Request, res: Response): Promise<EntryRow> {
  const row = await mustBeEntry(context(res).db, idParam(req, 'entry', 'unposted transaction'))
  if (row.account !== param(req, 'number') || !row.open) throw new NotFound('unposted transaction')
  return row
}

async function askedAdjustment(req: Request, res: Response): Promise<{ row: EntryRow; charge: Charge }> {
  const row = await asked(req, res)
  if (row.type !== 'Adj') throw new NotFound('unposted adjustment')
  return { row, charge: await chargeNamed(context(res), row.input.of?.[0] ?? '') }
}

/** Edit Adjustment (001-380). */
export async function editPage(req: Request, res: Response): Promise<void> {
  const { row, charge } = await askedAdjustment(req, res)
  const boxes = Object.fromEntries(
    (row.input.changes ?? []).map(({ service, change }) => [`change-${service}`, change]),
  )
  const values = {
    requestId: crypto.randomUUID(),
    version: row.version,
    date: row.date,
    reason: row.input.reason,
    ...boxes,
  }
  showEdit(req, res, row, charge, adjustForm(charge.lines).show(values))
}

export async function postEdit(req: Request, res: Response): Promise<void> {
  const { row, charge } = await askedAdjustment(req, res)
  const form = adjustForm(charge.lines)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return showEdit(req, res, row, charge, parsed.view, 422)
  const { reason, date, version = 0 } = parsed.data
  const changes = boxesOf<Money>(parsed.data).map(({ service, value }) => ({ service, change: value }))
  try {
    await changeAdjustment(context(res), row.id, { changes, reason, date, version })
    flash(req, 'The unposted adjustment is changed.')
    goTo(req, res, historyOf(row.account))
  } catch (error) {
    const [status, errors] = failedSave(error)
    showEdit(req, res, row, charge, form.show(req.body as object, errors), status)
  }
}

function showEdit(req: Request, res: Response, row: EntryRow, charge: Charge, form: FormView, status = 200): void {
  const data = { parts: partsOf(charge), found: charge.found, form, byBatch: true, edit: row, action: formHref(req) }
  view(req, res, 'payments/adjust', { ...frameOf(row.account, 'Edit Adjustment'), ...data }, { status })
}

/** Delete Unposted Payment asks first (001-384). */
export async function removePage(req: Request, res: Response): Promise<void> {
  const row = await asked(req, res)
  demandRight(context(res), entryNeeds(row.type))
  showRemove(req, res, row, removeForm.show())
}

export async function postRemove(req: Request, res: Response): Promise<void> {
  const row = await asked(req, res)
  const parsed = removeForm.parse(req.body)
  if (!parsed.ok) return showRemove(req, res, row, parsed.view, 422)
  await removeUnposted(context(res), row.id, parsed.data.reason)
  const kept = row.receipt ? ` Receipt ${row.receipt} keeps its number and is void.` : ''
  flash(req, `${row.description} is taken out of batch ${row.runId}.${kept}`)
  goTo(req, res, historyOf(row.account))
}

function showRemove(req: Request, res: Response, row: EntryRow, form: FormView, status = 200): void {
  const title = row.type === 'Pmt' ? 'Delete Unposted Payment' : 'Delete Unposted Adjustment'
  view(req, res, 'payments/remove', { ...frameOf(row.account, title), row, form, action: formHref(req) }, { status })
}
