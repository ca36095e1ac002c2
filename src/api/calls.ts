import { z } from 'zod'
import { RUN_KINDS } from '../run-kinds.ts'
import type { Registry } from '../runs/registry.ts'
import { productVersion } from '../version.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { apiFeature } from '../web/routes.ts'
import { SERVICE_CALLS } from './account-services.ts'
import { ACCOUNT_CALLS } from './accounts.ts'
import { ARRANGEMENT_CALLS } from './arrangements.ts'
import { AUTO_PAYMENT_CALLS } from './auto-payment.ts'
import { addCall, type Call, call, ok } from './call.ts'
import { CERTIFICATION_CALLS } from './certification.ts'
import { CONTACT_CALLS } from './contacts.ts'
import { COUNTY_LAYOUT_CALLS } from './county-layouts.ts'
import { CUSTOMER_EXTRA_CALLS } from './customer-extras.ts'
import { CUSTOMER_SETUP_CALLS } from './customer-setup.ts'
import { CUSTOMER_CALLS } from './customers.ts'
import { DEPOSIT_CALLS } from './deposits.ts'
import { LANDLORD_CALLS } from './landlords.ts'
import { LOCATION_CALLS } from './locations.ts'
import { MASTER_CONTACT_CALLS } from './master-contacts.ts'
import { METERING_CALLS } from './metering.ts'
import { MOVEMENT_CALLS } from './movements.ts'
import { openapi } from './openapi.ts'
import { ORGANIZATION_CALLS } from './organization.ts'
import { RECORD_CALLS } from './panel-records.ts'
import { PAYMENT_CALLS } from './payments.ts'
import { runCalls } from './runs.ts'
import { STATEMENT_CALLS } from './statements.ts'
import { TABLE_CALLS } from './tables.ts'
import { USAGE_CALLS } from './usage.ts'

function callsOf(registry: Registry): Call[] {
  const calls = [
    ...ACCOUNT_CALLS,
    ...CUSTOMER_CALLS,
    ...CUSTOMER_EXTRA_CALLS,
    ...CUSTOMER_SETUP_CALLS,
    ...LANDLORD_CALLS,
    ...LOCATION_CALLS,
    ...SERVICE_CALLS,
    ...DEPOSIT_CALLS,
    ...PAYMENT_CALLS,
    ...MOVEMENT_CALLS,
    ...METERING_CALLS,
    ...USAGE_CALLS,
    ...STATEMENT_CALLS,
    ...AUTO_PAYMENT_CALLS,
    ...ARRANGEMENT_CALLS,
    ...CERTIFICATION_CALLS,
    ...COUNTY_LAYOUT_CALLS,
    ...runCalls(registry),
    ...ORGANIZATION_CALLS,
    ...TABLE_CALLS,
    ...RECORD_CALLS,
    ...CONTACT_CALLS,
    ...MASTER_CONTACT_CALLS,
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
