import type { RunKind } from '../runs/kind.ts'
import { createRecords } from './create-records.ts'
import { updateCustomerBalances } from './update-customer-balances.ts'

/** The routines of the Tax Certification menu. */
export const CERTIFICATION_KINDS: RunKind[] = [createRecords as RunKind, updateCustomerBalances as RunKind]
