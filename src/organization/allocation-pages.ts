import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import { refusedErrors } from '../web/refused.ts'
import { queryText } from '../web/routes.ts'
import { goTo } from '../web/view.ts'
import { NAMES, PATH, render, type Screen, screenOf, written } from './allocation-screen.ts'
import { type AllocationData, allocationForm } from './forms.ts'
import { closePicker, isPickerAction, pickerStep } from './picker.ts'
import { settings, writeSetting } from './settings.ts'
import { allocationLists } from './store.ts'
import { saveChanges, writtenState } from './tab.ts'

/** Organization > Organization > Payment Allocation [004]. */
export async function showAllocation(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const [stored, lists] = await Promise.all([settings(db), allocationLists(db)])
  await render(req, res, {
    picker: { lists, open: '', picked: [] },
    typed: stored,
    ticks: { available: [], chosen: [] },
    // who may not edit tries the stored lists, by the address
    amount: queryText(req, 'amount') || '20.00',
    account: queryText(req, 'account'),
    seen: writtenState(stored, NAMES, lists),
  })
}

/** Every button of the tab: the picker's change what the screen shows; Save, which has no name, stores it. */
export async function applyAllocation(req: Request, res: Response): Promise<void> {
  const parsed = allocationForm.parse(req.body)
  if (!parsed.ok)
    return render(req, res, await screenOf(req.body as object, res), {
      errors: parsed.view,
      status: 422,
    })
  const screen = await screenOf(parsed.data, res)
  const action = parsed.data.do
  if (isPickerAction(action))
    return render(req, res, { ...screen, picker: pickerStep(screen.picker, action, screen.ticks) })
  if (action === 'example') return render(req, res, screen)
  await save(req, res, { ...screen, picker: closePicker(screen.picker) }, parsed.data)
}

async function save(req: Request, res: Response, screen: Screen, data: AllocationData): Promise<void> {
  const { db } = context(res)
  const [stored, lists] = await Promise.all([settings(db), allocationLists(db)])
  const methods = NAMES.map((name) => [name, writeSetting(name, data[name] as never)])
  const typed = { ...Object.fromEntries(methods), ...written(screen.picker.lists) }
  try {
    const changed = await saveChanges(req, res, { stored: writtenState(stored, NAMES, lists), typed, seen: data.seen })
    if (!changed) return goTo(req, res, PATH)
    const seen = writtenState(stored, NAMES, lists)
    const merged = await screenOf(
      { ...changed.values, payPastDueFirst: changed.values.payPastDueFirst === 'yes' ? 'on' : '' },
      res,
    )
    // htmx swaps a 422 in, and no 409.
    const status = req.get('HX-Request') === 'true' ? 422 : 409
    const { amount, account } = screen
    await render(req, res, { ...merged, amount, account, seen }, { theirs: changed.theirs, status })
  } catch (error) {
    await render(req, res, screen, { errors: allocationForm.show({}, refusedErrors(error)), status: 422 })
  }
}
