import type { Request, Response } from 'express'
import type { Values } from '../tables/merge.ts'
import { listRows } from '../tables/service.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { periodText } from '../web/format.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { applyAllocation, showAllocation } from './allocation-pages.ts'
import { touchedAccounts } from './counts.ts'
import { certificationForm, fromPerCent, generalForm, inPerCent, thresholdForm } from './forms.ts'
import { glAccounts } from './gl-accounts.ts'
import { rowName, type SettingName, type Settings, settings, settingsOf, writeSetting } from './settings.ts'
import { periodList, serviceList } from './store.ts'
import { changesInWords, options, ROOT, saveChanges, tabFrame, writtenState } from './tab.ts'

/** Organization > Organization, its tabs and the counts beside the minimum balances. */
export const pages: FeatureMaker = () =>
  feature('organization')
    .get(ROOT, 'organization.view', (req, res) => show(GENERAL, req, res), { menu: 'Organization > Organization' })
    .post(ROOT, 'organization.edit', (req, res) => submit(GENERAL, req, res))
    .get(`${ROOT}/counts`, 'organization.view', counts)
    .get(`${ROOT}/certification`, 'organization.view', (req, res) => show(CERTIFICATION, req, res))
    .post(`${ROOT}/certification`, 'organization.edit', (req, res) => submit(CERTIFICATION, req, res))
    .get(`${ROOT}/payment-allocation`, 'organization.view', showAllocation)
    .post(`${ROOT}/payment-allocation`, 'organization.edit', applyAllocation, { repeats: ['available', 'chosen'] })

interface PlainTab {
  label: 'General' | 'Certification'
  path: string
  template: string
  form: typeof generalForm | typeof certificationForm
}
const GENERAL: PlainTab = { label: 'General', path: ROOT, template: 'organization/general', form: generalForm }
const CERTIFICATION: PlainTab = {
  label: 'Certification',
  path: `${ROOT}/certification`,
  template: 'organization/certification',
  form: certificationForm,
}

const namesOf = ({ form }: PlainTab): SettingName[] =>
  Object.keys(form.shape).filter((name) => name !== 'seen') as SettingName[]

async function show(tab: PlainTab, req: Request, res: Response): Promise<void> {
  const stored = await settings(context(res).db)
  await render(tab, req, res, formOf(tab, stored, await optionsOf(tab, res)), 200)
}

/** The form with what is stored, and with it as `seen`. */
function formOf(tab: PlainTab, stored: Settings, show: ShowOptions, values: Settings = stored): FormView {
  const seen = JSON.stringify(writtenState(stored, namesOf(tab)))
  const shown = { ...values, certificationFeeRate: inPerCent(values.certificationFeeRate), seen }
  return tab.form.show(shown, {}, show)
}

async function render(
  tab: PlainTab,
  req: Request,
  res: Response,
  form: FormView,
  status: number,
  theirs: string[] = [],
) {
  const { db } = context(res)
  const stored = await settings(db)
  const [frame, counted, changes, services] = await Promise.all([
    tabFrame(res, tab.label),
    touchedAccounts(db, stored),
    tab === GENERAL ? changesInWords(res) : [],
    tab === CERTIFICATION ? serviceList(db) : [],
  ])
  view(
    req,
    res,
    tab.template,
    { ...frame, action: tab.path, form, counts: counted, changes, services, theirs },
    { status },
  )
}

async function optionsOf(tab: PlainTab, res: Response): Promise<ShowOptions> {
  const { db, may } = context(res)
  const accounts = options(
    (await listRows(db, glAccounts)).map((row) => ({ code: String(row.number), name: String(row.name) })),
  )
  const byName = Object.fromEntries(
    namesOf(tab)
      .filter((name) => name.endsWith('Gl'))
      .map((name) => [name, accounts]),
  )
  const readonly = may('organization.edit') ? [] : namesOf(tab)
  if (tab === CERTIFICATION) return { options: byName, readonly }
  const [periods, services] = await Promise.all([periodList(db), serviceList(db)])
  const current = (await settings(db)).currentPeriod
  const ends = [
    ...new Set([current, ...periods.filter((period) => period.closedAt === null).map((period) => period.end)]),
  ]
    .sort()
    .reverse()
  const currentPeriod = ends.map((end) => ({ value: end, label: periodText(end) }))
  return { options: { ...byName, nsfService: options(services), currentPeriod }, readonly }
}

async function submit(tab: PlainTab, req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const [stored, show] = await Promise.all([settings(db), optionsOf(tab, res)])
  const parsed = tab.form.parse(req.body, show)
  if (!parsed.ok) return render(tab, req, res, parsed.view, 422)
  const state = {
    stored: writtenState(stored, namesOf(tab)),
    typed: written(parsed.data),
    seen: String(parsed.data.seen),
  }
  try {
    const changed = await saveChanges(req, res, state)
    if (!changed) return goTo(req, res, tab.path)
    const values = { ...stored, ...settingsOf(rowNames(changed.values)) } as Settings
    await render(tab, req, res, formOf(tab, stored, show, values), 409, changed.theirs)
  } catch (error) {
    await render(tab, req, res, tab.form.show(req.body as object, refusedErrors(error), show), 422)
  }
}

/** What was typed as rows hold it; a rate typed in per cent becomes a fraction. */
function written(data: Record<string, unknown>): Values {
  const { seen: _seen, ...typed } = data
  const rate = typed.certificationFeeRate
  const fractions =
    rate === undefined ? {} : { certificationFeeRate: fromPerCent(rate as Settings['certificationFeeRate']) }
  const entries = Object.entries({ ...typed, ...fractions })
  return Object.fromEntries(
    entries.map(([name, value]) => [name, writeSetting(name as SettingName, (value ?? null) as never)]),
  )
}

const rowNames = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [rowName(name as SettingName), value]))

/** How many accounts the minimum balances as typed would touch; what cannot be read yet leaves the counts as they are. */
async function counts(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const typed = Object.fromEntries(
    Object.entries(req.query).filter(([name]) => Object.hasOwn(thresholdForm.shape, name)),
  )
  const parsed = thresholdForm.parse(typed)
  if (!parsed.ok) return void res.status(204).end()
  const counted = await touchedAccounts(db, { ...(await settings(db)), ...parsed.data })
  view(req, res, 'organization/counts', { title: 'Accounts today', counts: counted }, { block: 'counts' })
}
