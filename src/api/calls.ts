import { z } from 'zod'
import { RUN_KINDS } from '../run-kinds.ts'
import type { Registry } from '../runs/registry.ts'
import { productVersion } from '../version.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { apiFeature } from '../web/routes.ts'
import { ACCOUNT_CALLS } from './accounts.ts'
import { addCall, type Call, call, ok } from './call.ts'
import { CERTIFICATION_CALLS } from './certification.ts'
import { openapi } from './openapi.ts'
import { ORGANIZATION_CALLS } from './organization.ts'
import { PAYMENT_CALLS } from './payments.ts'
import { runCalls } from './runs.ts'

function callsOf(registry: Registry): Call[] {
  const calls = [
    ...ACCOUNT_CALLS,
    ...PAYMENT_CALLS,
    ...CERTIFICATION_CALLS,
    ...runCalls(registry),
    ...ORGANIZATION_CALLS,
  ]
  const description: Call = call({
    method: 'get',
    path: '/openapi.json',
    need: 'signed-in',
    summary: 'This description',
    answers: { 200: z.record(z.string(), z.unknown()) },
    handle: async () => ok(openapi([...calls, description], productVersion())),
  })
  return [...calls, description]
}

/** The JSON API (contract.md 3) with the batch routines of a registry. */
export const apiWith =
  (registry: Registry): FeatureMaker =>
  (deps) =>
    callsOf(registry).reduce((feature, each) => addCall(feature, deps, each), apiFeature('api'))

export const api = apiWith(RUN_KINDS)
