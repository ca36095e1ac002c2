import type { Request, Response } from 'express'
import type { Permission } from '../auth/permissions.ts'
import type { Db } from '../db/db.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { rowName, type SettingName, type Settings, settings, settingsOf, writeSetting } from './settings.ts'
import { ROOT, saveChanges, type TabLabel, tabFrame, writtenState } from './tab.ts'

type Typed = { seen: string } & Record<string, unknown>

/** A tab of Organization > Organization that is a form of settings and nothing else. */
export interface SettingTab {
  label: TabLabel
  /** The piece of the address, and the name of the template. */
  path: string
  /** Its fields are settings by their names, and `seen`. */
  form: {
    shape: object
    show(values?: object, errors?: Record<string, string>, options?: ShowOptions): FormView
    parse(body: unknown, options?: ShowOptions): { ok: true; data: object } | { ok: false; view: FormView }
  }
  /** Who changes them; everybody who sees the organization sees them. Absent = who edits the organization. */
  need?: Permission
  lists?(db: Db): Promise<ShowOptions>
  /** What is wrong beyond the form's rules, by field. */
  faults?(typed: Record<string, unknown>): Record<string, string>
  /** What the template shows beside the form. */
  beside?(db: Db): Promise<object>
}

/** The pages of such a tab: shown, and saved with other people's changes told field by field. */
export const settingTab =
  (tab: SettingTab): FeatureMaker =>
  () =>
    feature(`${tab.path} settings`)
      .get(hrefOf(tab), 'organization.view', (req, res) => show(tab, req, res))
      .post(hrefOf(tab), needOf(tab), (req, res) => submit(tab, req, res))

const hrefOf = ({ path }: SettingTab): string => `${ROOT}/${path}`
const needOf = ({ need }: SettingTab): Permission => need ?? 'organization.edit'
const namesOf = ({ form }: SettingTab): SettingName[] =>
  Object.keys(form.shape).filter((name) => name !== 'seen') as SettingName[]

async function show(tab: SettingTab, req: Request, res: Response): Promise<void> {
  const stored = await settings(context(res).db)
  await render(tab, req, res, await formOf(tab, res, stored, stored), 200)
}

async function formOf(tab: SettingTab, res: Response, stored: Settings, values: object, errors = {}) {
  const { db, may } = context(res)
  const names = namesOf(tab)
  const options = { ...(await tab.lists?.(db)), ...(may(needOf(tab)) ? {} : { readonly: names }) }
  return tab.form.show({ ...values, seen: JSON.stringify(writtenState(stored, names)) }, errors, options)
}

async function render(
  tab: SettingTab,
  req: Request,
  res: Response,
  form: FormView,
  status: number,
  theirs: string[] = [],
) {
  const { db, may } = context(res)
  const [frame, beside] = await Promise.all([tabFrame(res, tab.label), tab.beside?.(db)])
  const data = { ...frame, ...beside, mayEdit: may(needOf(tab)), action: hrefOf(tab), form, theirs }
  view(req, res, `organization/${tab.path}`, data, { status })
}

async function submit(tab: SettingTab, req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const stored = await settings(db)
  const parsed = tab.form.parse(req.body, await tab.lists?.(db))
  if (!parsed.ok) return render(tab, req, res, parsed.view, 422)
  const { seen, ...typed } = parsed.data as Typed
  const faults = tab.faults?.(typed) ?? {}
  if (Object.keys(faults).length > 0) return render(tab, req, res, await formOf(tab, res, stored, typed, faults), 422)
  const names = namesOf(tab)
  const written = Object.fromEntries(names.map((name) => [name, writeSetting(name, typed[name] as never)]))
  try {
    const changed = await saveChanges(req, res, { stored: writtenState(stored, names), typed: written, seen })
    if (!changed) return goTo(req, res, hrefOf(tab))
    const merged = Object.entries(changed.values).map(([name, value]) => [rowName(name as SettingName), value])
    const form = await formOf(tab, res, stored, settingsOf(Object.fromEntries(merged)))
    await render(tab, req, res, form, 409, changed.theirs)
  } catch (error) {
    await render(tab, req, res, await formOf(tab, res, stored, typed, refusedErrors(error)), 422)
  }
}
