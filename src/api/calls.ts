import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { RUN_KINDS } from '../run-kinds.ts'
import type { Registry } from '../runs/registry.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { apiFeature } from '../web/routes.ts'
import { ACCOUNT_CALLS } from './accounts.ts'
import { addCall, type Call, call, ok } from './call.ts'
import { CERTIFICATION_CALLS } from './certification.ts'
import { openapi } from './openapi.ts'
import { ORGANIZATION_CALLS } from './organization.ts'
import { PAYMENT_CALLS } from './payments.ts'
import { runCalls } from './runs.ts'

const version = (): string => {
  const file = path.join(import.meta.dirname, '../../package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

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
    handle: async () => ok(openapi([...calls, description], version())),
  })
  return [...calls, description]
}

/** The JSON API (contract.md 3) with the batch routines of a registry. */
export const apiWith =
  (registry: Registry): FeatureMaker =>
  (deps) =>
    callsOf(registry).reduce((feature, each) => addCall(feature, deps, each), apiFeature('api'))

export const api = apiWith(RUN_KINDS)
