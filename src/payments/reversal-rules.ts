import type { Permission } from '../auth/permissions.ts'

const NEEDS: Record<string, Permission> = {
  Pmt: 'payments.reverse',
  CertPmt: 'payments.reverse',
  Dep: 'payments.reverse',
  Xfer: 'payments.transfer',
  Ref: 'payments.refund',
  DepRef: 'payments.refund',
  DepApp: 'payments.reverse',
}

/** The right that it takes to reverse a transaction of this type. */
export const reversalNeeds = (type: string): Permission => NEEDS[type] ?? 'transactions.adjust'
