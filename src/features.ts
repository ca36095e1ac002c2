import { pages as accounts } from './accounts/pages.ts'
import { api } from './api/calls.ts'
import { pages as arrangements } from './arrangements/pages.ts'
import { pages as audit } from './audit/pages.ts'
import { pages as auth } from './auth/pages.ts'
import { pages as users } from './auth/users.ts'
import { pages as autoPayment } from './auto-payment/pages.ts'
import { statements } from './billing/statements/pages.ts'
import { pages as contacts } from './contacts/pages.ts'
import { pages as customFields } from './custom-fields/pages.ts'
import { batchServicesScreen } from './customers/batch-services/screen.ts'
import { pages as customers } from './customers/pages.ts'
import { pages as customerSetup } from './customers/setup/pages.ts'
import { pages as deferredCharges } from './deferred-charges/pages.ts'
import { pages as deposits } from './deposits/pages.ts'
import { pages as documents } from './documents/pages.ts'
import { history } from './history/pages.ts'
import { pages as home } from './home/pages.ts'
import { pages as landlords } from './landlords/pages.ts'
import { pages as locationDetails } from './locations/details-pages.ts'
import { pages as locationServices } from './locations/service-pages.ts'
import { pages as masterContacts } from './master-contacts/pages.ts'
import { pages as metering } from './metering/pages.ts'
import { pages as noteAttachments } from './notes/attachments.ts'
import { billing } from './organization/billing.ts'
import { directPay } from './organization/direct-pay.ts'
import { pages as organization } from './organization/pages.ts'
import { periods } from './organization/period-close.ts'
import { security } from './organization/security.ts'
import { pages as panel } from './panel/pages.ts'
import { batches } from './payments/batch-pages.ts'
import { movements } from './payments/movement-pages.ts'
import { pages as payments } from './payments/pages.ts'
import { receiptMail } from './payments/receipt-mail.ts'
import { RUN_KINDS } from './run-kinds.ts'
import { runPages } from './runs/pages.ts'
import { pages as serviceOrders } from './service-orders/pages.ts'
import { SETUP_TABLES } from './set-up-tables.ts'
import { tablePages } from './tables/screens.ts'
import { pages as taxCertification } from './tax-certification/pages.ts'
import type { FeatureMaker } from './web/deps.ts'

/** Everything that has routes. A feature is added here and nowhere else. */
export const FEATURES: readonly FeatureMaker[] = [
  home,
  auth,
  users,
  audit,
  organization,
  billing,
  directPay,
  security,
  tablePages(SETUP_TABLES),
  periods,
  serviceOrders,
  arrangements,
  panel,
  autoPayment,
  deferredCharges,
  contacts,
  masterContacts,
  customFields,
  documents,
  locationDetails,
  locationServices,
  noteAttachments,
  history,
  accounts,
  customers,
  batchServicesScreen,
  customerSetup,
  deposits,
  landlords,
  metering,
  payments,
  movements,
  batches,
  receiptMail,
  statements,
  runPages(RUN_KINDS),
  ...taxCertification,
  api,
]
