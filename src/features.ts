import { pages as accounts } from './accounts/pages.ts'
import { api } from './api/calls.ts'
import { pages as audit } from './audit/pages.ts'
import { pages as auth } from './auth/pages.ts'
import { pages as users } from './auth/users.ts'
import { pages as customers } from './customers/pages.ts'
import { pages as home } from './home/pages.ts'
import { pages as organization } from './organization/pages.ts'
import { periods } from './organization/period-close.ts'
import { tables } from './organization/tables.ts'
import { pages as panel } from './panel/pages.ts'
import { pages as payments } from './payments/pages.ts'
import { RUN_KINDS } from './run-kinds.ts'
import { runPages } from './runs/pages.ts'
import { pages as taxCertification } from './tax-certification/pages.ts'
import type { FeatureMaker } from './web/deps.ts'

/** Everything that has routes. A feature is added here and nowhere else. */
export const FEATURES: readonly FeatureMaker[] = [
  home,
  auth,
  users,
  audit,
  organization,
  tables,
  periods,
  panel,
  accounts,
  customers,
  payments,
  runPages(RUN_KINDS),
  ...taxCertification,
  api,
]
