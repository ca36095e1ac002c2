import { CODES } from '../codes/records.ts'
import { demographics } from '../demographics/records.ts'
import { variances } from '../demographics/variances.ts'
import { notes } from '../notes/records.ts'
import { permits } from '../permits/records.ts'
import { recurringItems } from '../recurring-items/records.ts'
import { serviceOrders } from '../service-orders/records.ts'
import { specialConditions } from '../special-conditions/records.ts'
import type { RecordFrame } from './records.ts'

/** Every kind of record that a tab of the Account Control Panel lists: pages and API calls follow from it. */
export const RECORD_KINDS: readonly RecordFrame[] = [
  notes,
  demographics,
  variances,
  recurringItems,
  specialConditions,
  ...CODES,
  permits,
  serviceOrders,
]
