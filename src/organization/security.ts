import { isRole } from '../auth/permissions.ts'
import { type FactorRule, factorDemanded } from '../auth/rules.ts'
import type { Db } from '../db/db.ts'
import { Forbidden } from '../errors.ts'
import { haveKeys, NO_KEYS } from '../secrets/keys.ts'
import { securityForm } from './security-form.ts'
import { securityFacts, usersByRole } from './security-store.ts'
import { settingTab } from './setting-tab.ts'
import { rowName, type SettingName, settings, writeSetting } from './settings.ts'

const NAMES = ['secondFactor', 'idleMinutes', 'sessionsPerUser'] as const satisfies SettingName[]

/** Organization > Organization > Security: seen by all who see the organization, changed by administrators. */
export const security = settingTab({
  label: 'Security',
  path: 'security',
  form: securityForm,
  need: 'users.manage',
  faults: ({ secondFactor }) => (secondFactor !== 'offered' && !haveKeys() ? { secondFactor: NO_KEYS } : {}),
  beside: async (db) => ({ facts: await securityFacts(db), demands: await demandedOf(db) }),
})

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
