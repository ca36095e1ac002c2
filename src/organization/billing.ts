import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { billingForm } from './billing-form.ts'
import { rowName, type SettingName, type Settings, settings, settingsOf, writeSetting } from './settings.ts'
import { ROOT, saveChanges, tabFrame, writtenState } from './tab.ts'

const PATH = `${ROOT}/billing`
const NAMES = [
  'counterPosting',
  'deferredCharges',
  'statementMessage',
  'emailStatements',
  'emailSubject',
  'emailText',
  'arrangementGraceDays',
  'arrangementPaymentOrder',
  'maximumDepositHolding',
  'maximumDepositInstallments',
] as const satisfies SettingName[]

/** Organization > Organization > Billing. */
export const billing: FeatureMaker = () =>
  feature('billing settings').get(PATH, 'organization.view', show).post(PATH, 'organization.edit', submit)

const formOf = (stored: Settings, values: object, errors: Record<string, string>, mayEdit: boolean): FormView =>
  billingForm.show(
    { ...values, seen: JSON.stringify(writtenState(stored, NAMES)) },
    errors,
    mayEdit ? {} : { readonly: NAMES },
  )

async function show(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const stored = await settings(db)
  await render(req, res, formOf(stored, stored, {}, may('organization.edit')), 200)
}

async function render(req: Request, res: Response, form: FormView, status: number, theirs: string[] = []) {
  const frame = await tabFrame(res, 'Billing')
  view(req, res, 'organization/billing', { ...frame, action: PATH, form, theirs }, { status })
}

async function submit(req: Request, res: Response): Promise<void> {
  const stored = await settings(context(res).db)
  const parsed = billingForm.parse(req.body)
  if (!parsed.ok) return render(req, res, parsed.view, 422)
  const { seen, ...typed } = parsed.data
  const written = Object.fromEntries(NAMES.map((name) => [name, writeSetting(name, typed[name] as never)]))
  try {
    const changed = await saveChanges(req, res, { stored: writtenState(stored, NAMES), typed: written, seen })
    if (!changed) return goTo(req, res, PATH)
    const rows = Object.entries(changed.values).map(([name, value]) => [rowName(name as SettingName), value])
    await render(req, res, formOf(stored, settingsOf(Object.fromEntries(rows)), {}, true), 409, changed.theirs)
  } catch (error) {
    await render(req, res, formOf(stored, typed, refusedErrors(error), true), 422)
  }
}
