import type { Request, Response } from 'express'
import { isRole } from '../auth/permissions.ts'
import { type FactorRule, factorDemanded } from '../auth/rules.ts'
import type { Db } from '../db/db.ts'
import { Forbidden } from '../errors.ts'
import { haveKeys, NO_KEYS } from '../secrets/keys.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { securityForm } from './security-form.ts'
import { securityFacts, usersByRole } from './security-store.ts'
import { rowName, type SettingName, type Settings, settings, settingsOf, writeSetting } from './settings.ts'
import { ROOT, saveChanges, tabFrame, writtenState } from './tab.ts'

const PATH = `${ROOT}/security`
const NAMES = ['secondFactor', 'idleMinutes', 'sessionsPerUser'] as const satisfies SettingName[]

/** Organization > Organization > Security: seen by all who see the organization, changed by administrators. */
export const security: FeatureMaker = () =>
  feature('security').get(PATH, 'organization.view', show).post(PATH, 'users.manage', submit)

const formOf = (stored: Settings, values: object, errors: Record<string, string>, mayEdit: boolean): FormView => {
  const seen = JSON.stringify(writtenState(stored, NAMES))
  return securityForm.show({ ...values, seen }, errors, mayEdit ? {} : { readonly: NAMES })
}

async function show(_req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const stored = await settings(db)
  await render(_req, res, formOf(stored, stored, {}, may('users.manage')), 200)
}

async function render(req: Request, res: Response, form: FormView, status: number, theirs: string[] = []) {
  const { db, may } = context(res)
  const [frame, facts, demands] = await Promise.all([tabFrame(res, 'Security'), securityFacts(db), demandedOf(db)])
  const data = { ...frame, mayEdit: may('users.manage'), action: PATH, form, facts, demands, theirs }
  view(req, res, 'organization/security', data, { status })
}

/** How many people each rule asks for a second factor, and how many of them have none yet. */
async function demandedOf(db: Db) {
  const roles = await usersByRole(db)
  const asked = (rule: FactorRule) =>
    roles
      .filter(({ role }) => isRole(role) && factorDemanded(rule, role))
      .reduce((sum, { users, without }) => ({ users: sum.users + users, without: sum.without + without }), {
        users: 0,
        without: 0,
      })
  return { rights: asked('rights'), everyone: asked('everyone') }
}

async function submit(req: Request, res: Response): Promise<void> {
  const stored = await settings(context(res).db)
  const parsed = securityForm.parse(req.body)
  if (!parsed.ok) return render(req, res, parsed.view, 422)
  const { seen, ...typed } = parsed.data
  if (typed.secondFactor !== 'offered' && !haveKeys())
    return render(req, res, formOf(stored, typed, { secondFactor: NO_KEYS }, true), 422)
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

/** Settings that only administrators change, wherever they are changed: refuses a body that changes one (Forbidden). */
export async function refuseSecurityChanges(db: Db, body: Record<string, unknown>): Promise<void> {
  const stored = await settings(db)
  for (const name of NAMES) {
    for (const key of [name, rowName(name)]) {
      if (Object.hasOwn(body, key) && String(body[key] ?? '') !== writeSetting(name, stored[name] as never))
        throw new Forbidden('users.manage')
    }
  }
}
