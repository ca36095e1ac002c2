import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Db, rows } from '../db/db.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { directPayForm } from './direct-pay-form.ts'
import { rowName, type SettingName, type Settings, settings, settingsOf, writeSetting } from './settings.ts'
import { options, ROOT, saveChanges, tabFrame, writtenState } from './tab.ts'

const PATH = `${ROOT}/direct-pay`
const NAMES = Object.keys(directPayForm.shape).filter((name) => name !== 'seen') as SettingName[]

/** Organization > Organization > Direct Pay. */
export const directPay: FeatureMaker = () =>
  feature('direct pay settings').get(PATH, 'organization.view', show).post(PATH, 'organization.edit', submit)

const items = async (db: Db): Promise<ShowOptions> => ({
  options: {
    budgetDemographicItem: options(
      await rows<{ code: string; name: string }>(db, sql`select code, name from demographic_item order by code`),
    ),
  },
})

async function formOf(res: Response, stored: Settings, values: object, errors: Record<string, string> = {}) {
  const { db, may } = context(res)
  const lists = await items(db)
  const shown = { ...values, seen: JSON.stringify(writtenState(stored, NAMES)) }
  return directPayForm.show(shown, errors, { ...lists, ...(may('organization.edit') ? {} : { readonly: NAMES }) })
}

async function show(req: Request, res: Response): Promise<void> {
  const stored = await settings(context(res).db)
  await render(req, res, await formOf(res, stored, stored), 200)
}

async function render(req: Request, res: Response, form: FormView, status: number, theirs: string[] = []) {
  const frame = await tabFrame(res, 'Direct Pay')
  view(req, res, 'organization/direct-pay', { ...frame, action: PATH, form, theirs }, { status })
}

async function submit(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const stored = await settings(db)
  const parsed = directPayForm.parse(req.body, await items(db))
  if (!parsed.ok) return render(req, res, parsed.view, 422)
  const { seen, ...typed } = parsed.data
  const values = typed as Record<string, unknown>
  const written = Object.fromEntries(NAMES.map((name) => [name, writeSetting(name, values[name] as never)]))
  try {
    const changed = await saveChanges(req, res, { stored: writtenState(stored, NAMES), typed: written, seen })
    if (!changed) return goTo(req, res, PATH)
    const merged = Object.entries(changed.values).map(([name, value]) => [rowName(name as SettingName), value])
    await render(req, res, await formOf(res, stored, settingsOf(Object.fromEntries(merged))), 409, changed.theirs)
  } catch (error) {
    await render(req, res, await formOf(res, stored, typed, refusedErrors(error)), 422)
  }
}
