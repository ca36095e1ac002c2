import { z } from 'zod'
import { verifyAudit } from '../audit/seal.ts'
import { checkLedger, isClean } from '../ledger/check.ts'
import { refuseSecurityChanges } from '../organization/security.ts'
import { organization, saveOrganization } from '../organization/service.ts'
import { call, ok } from './call.ts'
import { checksAnswer, organizationAnswer } from './schemas.ts'
import { visibleAccounts } from './store.ts'

const show = call({
  method: 'get',
  path: '/organization',
  need: 'organization.view',
  summary: 'The settings of the organization, its services, payment allocation and counts',
  answers: { 200: organizationAnswer },
  handle: async ({ db }) => ok(await organization(db)),
})

const save = call({
  method: 'put',
  path: '/organization',
  need: 'organization.edit',
  summary: 'Changes the settings that are named and leaves the others',
  body: z.record(z.string().max(100), z.unknown()),
  answers: { 200: organizationAnswer },
  key: 'call',
  handle: async ({ db, actor, body, may }) => {
    if (!may('users.manage')) await refuseSecurityChanges(db, body)
    await saveOrganization(db, body, actor.id)
    return ok(await organization(db))
  },
})

const checks = call({
  method: 'get',
  path: '/checks',
  need: 'proof.view',
  summary: 'The ledger proof: each invariant with its count of faults',
  answers: { 200: checksAnswer },
  handle: async ({ db, deps }) => {
    const all = deps.databases.private
    const found = await checkLedger(all)
    const chain = await verifyAudit(all)
    const trail = {
      name: 'audit_chain',
      title: "The audit trail's chain is unbroken",
      faults: chain.faults,
      accounts: [],
    }
    const shown = found.map(async (check) => ({ ...check, accounts: await visibleAccounts(db, check.accounts) }))
    return ok({ ok: isClean(found) && chain.faults === 0, checks: [...(await Promise.all(shown)), trail] })
  },
})

export const ORGANIZATION_CALLS = [show, save, checks]
