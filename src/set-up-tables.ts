import { bankCodes } from './auto-payment/bank-codes.ts'
import { codeCaptions, codeValues } from './codes/set-up.ts'
import { emailTypes } from './contacts/email-types.ts'
import { contactTypes } from './contacts/types.ts'
import { customFields } from './custom-fields/set-up.ts'
import { addressTypes } from './customers/address-types.ts'
import { phoneTypes } from './customers/phone-types.ts'
import { titles } from './customers/titles.ts'
import { deferredCharges } from './deferred-charges/set-up.ts'
import { demographicCategories, demographicItems } from './demographics/set-up.ts'
import { documentTypes } from './documents/types.ts'
import { accountStatuses } from './organization/account-status.ts'
import { collectionCodes } from './organization/collection-codes.ts'
import { customerTypes } from './organization/customer-type.ts'
import { cycles } from './organization/cycles.ts'
import { glAccounts } from './organization/gl-accounts.ts'
import { noteTypes } from './organization/note-types.ts'
import { paymentMethods } from './organization/payment-methods.ts'
import { revenueClasses } from './organization/revenue-classes.ts'
import { routes } from './organization/routes.ts'
import { services } from './organization/services.ts'
import { recurringItemTable } from './recurring-items/items.ts'
import { serviceOrderCategories, serviceOrderCodes, serviceOrderTemplates } from './service-orders/set-up.ts'
import { conditionCodes } from './special-conditions/condition-codes.ts'
import type { TableFrame } from './tables/table.ts'

/** Every set-up table. A new one is its own file and a line here: screens, API, import and export follow. */
export const SETUP_TABLES: readonly TableFrame[] = [
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
  titles,
  addressTypes,
  phoneTypes,
  emailTypes,
  contactTypes,
  recurringItemTable,
  conditionCodes,
  demographicCategories,
  demographicItems,
  codeCaptions,
  codeValues,
  customFields,
  documentTypes,
  bankCodes,
  deferredCharges,
  serviceOrderCategories,
  serviceOrderCodes,
  serviceOrderTemplates,
]
