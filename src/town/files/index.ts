import type { TownFile } from '../town-file.ts'
import { accountServices, accounts } from './accounts.ts'
import {
  accountStatuses,
  collectionCodes,
  customerTypes,
  cycles,
  noteTypes,
  revenueClasses,
  routes,
} from './code-tables.ts'
import { customers } from './customers.ts'
import { glAccounts } from './gl-accounts.ts'
import { locations } from './locations.ts'
import { meters, readings } from './meters.ts'
import { notes } from './notes.ts'
import { organization } from './organization.ts'
import { paymentAllocation, paymentMethods } from './payments.ts'
import { periods } from './periods.ts'
import { rateBlocks, rateSizes, rates } from './rates.ts'
import { receipts } from './receipts.ts'
import { savedCriteria } from './saved-criteria.ts'
import { services } from './services.ts'

/** The set-up files, each after those whose rows it names. */
export const SET_UP_FILES: TownFile[] = [
  ...[glAccounts, services, paymentMethods, paymentAllocation, organization],
  ...[customerTypes, collectionCodes, accountStatuses, revenueClasses, cycles, routes, noteTypes],
  ...[periods, rates, rateBlocks, rateSizes, customers, locations, accounts, accountServices],
  ...[meters, readings, notes, receipts, savedCriteria],
]
