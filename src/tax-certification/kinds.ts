import type { RunKind } from '../runs/kind.ts'
import { countyFile } from './county-file.ts'
import { createRecords } from './create-records.ts'
import { importPayments } from './import-payments.ts'
import { printNotices } from './print-notices.ts'
import { updateCustomerBalances } from './update-customer-balances.ts'

/** The routines of the Tax Certification menu, in its order. */
export const CERTIFICATION_KINDS: RunKind[] = [
  createRecords as RunKind,
  printNotices as RunKind,
  updateCustomerBalances as RunKind,
  countyFile as RunKind,
  importPayments as RunKind,
]
