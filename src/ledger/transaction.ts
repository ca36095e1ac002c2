import type { BucketKey } from './book.ts'
import type { Day } from './calendar.ts'
import type { Money } from './money.ts'
import type { TransactionType } from './other-side.ts'

export type LedgerBook = 'general' | 'utility' | 'certified' | 'deposit'

/** One posting. `amount` as the GL sees it: debit above zero, credit below. */
export interface NewPosting {
  gl: number
  book: LedgerBook
  amount: Money
  /** Service id; 0 = the account's own open credit. */
  service?: number | undefined
  /** The bucket: a period's end date, or 'open' for open credit. Utility lines only. */
  aging?: BucketKey | undefined
  taxYear?: number | undefined
  deposit?: number | undefined
}

/** A transaction as it is staged. Postings sum to zero; one account; one period. */
export interface NewTransaction {
  accountId: number | null
  type: TransactionType
  date: Day
  /** The period the date falls in: it posts there, and charges age there. */
  period: Day
  description: string
  /** What it is posted for, unique while in force; null on a reversal only. `{id}` becomes the transaction's own id. */
  sourceKey: string | null
  reversesId?: number | undefined
  dueDate?: Day | undefined
  method?: string | undefined
  reference?: string | undefined
  /** Number of a receipt that was given when the row was entered; a document brings its own. */
  receipt?: string | undefined
  /** Transactions of one link are reversed together. */
  link?: string | undefined
  /** What the rule used, so that the number explains itself later. */
  facts?: unknown
  postings: NewPosting[]
}

/** The bucket as the database writes it: open credit is the period `infinity`. */
export const toAgingPeriod = (bucket: BucketKey): string => (bucket === 'open' ? 'infinity' : bucket)
export const toBucket = (agingPeriod: string): BucketKey => (agingPeriod === 'infinity' ? 'open' : agingPeriod)
