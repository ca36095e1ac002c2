import type { Day } from '../../ledger/calendar.ts'
import type { TransactionType } from '../../ledger/other-side.ts'
import type { AccountInfo } from '../picture.ts'

export type FileBook = 'utility' | 'certification' | 'deposit' | 'general'

/** A line of transactions.csv whose cells fit their kinds. */
export interface Line {
  /** Its line in the file. */
  at: number
  book: FileBook
  /** '' = none; on the utility book the account's own open credit. */
  service: string
  /** In cents, with the file's sign: the change of what the book shows. */
  cents: bigint
  taxYear: number | null
  /** A period's end date, 'open', or '' where the aging book decides. */
  agesIn: string
  gl: string
  deposit: string
}

/** What the lines of a transaction have in common; a missing value is ''. */
export interface EntryHeader {
  number: string
  date: Day
  period: Day
  type: TransactionType
  description: string
  reverses: string
  dueDate: string
  method: string
  reference: string
  receipt: string
  run: string
  source: string
  link: string
  facts: string
  recordedAt: string
  recordedBy: string
}

/** A transaction of the file, read from the line `at`. */
export interface Entry extends EntryHeader {
  at: number
  account: AccountInfo
  lines: Line[]
}

export type LedgerBook = 'general' | 'utility' | 'certified' | 'deposit'

/** A posting on its way to the ledger: cents as the general ledger sees them. */
export interface Posting {
  gl: number
  book: LedgerBook
  service: number | null
  /** 'infinity' is open credit. */
  aging: string | null
  taxYear: number | null
  deposit: number | null
  cents: bigint
}

/** A deposit is a liability: what the file shows as held is below zero in the general ledger. */
export const glSign = (line: Pick<Line, 'book' | 'cents'>): bigint =>
  line.book === 'deposit' ? -line.cents : line.cents

/** `-12.05` from cents. */
export function centsText(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
