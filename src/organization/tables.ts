import { addTable } from '../tables/screens.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { accountStatuses } from './account-status.ts'
import { collectionCodes } from './collection-codes.ts'
import { customerTypes } from './customer-type.ts'
import { cycles } from './cycles.ts'
import { glAccounts } from './gl-accounts.ts'
import { noteTypes } from './note-types.ts'
import { paymentMethods } from './payment-methods.ts'
import { revenueClasses } from './revenue-classes.ts'
import { routes } from './routes.ts'
import { services } from './services.ts'

/** The set-up tables of the Organization menu. A new one is its own file and a line here. */
export const SETUP_TABLES = [
  services,
  customerTypes,
  collectionCodes,
  accountStatuses,
  glAccounts,
  revenueClasses,
  cycles,
  routes,
  paymentMethods,
  noteTypes,
]

export const tables: FeatureMaker = () => SETUP_TABLES.reduce(addTable, feature('tables'))
