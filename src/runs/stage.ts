import type { Day } from '../ledger/calendar.ts'
import type { Effect } from '../ledger/effect.ts'
import type { Money } from '../ledger/money.ts'
import type { NewTransaction } from '../ledger/transaction.ts'

export type { CertificationChange, Effect } from '../ledger/effect.ts'

/** One test of "why is this account (not) on the list": value, threshold and outcome, in words a clerk reads. */
export interface Test {
  test: string
  value: string
  threshold: string
  passed: boolean
}

/** A line of the preview. `amount` in dollars as text; `service` a code, null for the account's own credit. */
export interface PreviewLine {
  type: string
  service: string | null
  amount: string
  taxYear: number | null
}

export interface StagedAccount {
  accountId: number
  /** From the same statement as the facts: the ledger version, or `ledger.certified_fingerprints(accounts)`. */
  fingerprint: string
  before: Money
  after: Money
  facts: unknown
  lines: PreviewLine[]
}

export interface StagedCertification {
  accountId: number
  taxYear: number
  date: Day
  fee: Money
  parcelNumber: string | null
  lines: { serviceId: number; agingPeriod: Day; certified: Money }[]
}

/** Where preparing writes. Rows are kept back and written in bulk; `flush` is the frame's. */
export interface Stage {
  account(row: StagedAccount): void
  /** Who met the criteria and is left out, with every test that decided it. */
  exclude(accountId: number, reasons: Test[]): void
  /** Returns the transaction's id, taken from the ledger's own sequence. */
  transaction(transaction: NewTransaction): number
  /** Returns the certification's id. */
  certification(certification: StagedCertification): number
  effect(effect: Effect): void
  /** A file that the run makes; kept with its hash. `holdsPrivate` when it names accounts of private customers. */
  file(name: string, mediaType: string, bytes: Buffer, holdsPrivate: boolean): void
}
