import type { Day } from '../../ledger/calendar.ts'
import type { TransactionType } from '../../ledger/other-side.ts'
import { centsText, type Entry, glSign, type Posting } from './entry.ts'

/** What later lines may ask of a transaction that was read. */
export interface Known {
  id: number
  account: number
  type: TransactionType
  period: Day
  source: string
  reversal: boolean
  /** Number of its reversal, '' = none. */
  reversedBy: string
  /** Sum of its utility postings in cents. */
  utility: bigint
  /** Kept only where something reverses it. */
  postings: Posting[] | undefined
}

type Refuse = (line: { at: number }, column: string, reason: string) => void

/** The exact opposite of a posted transaction, line by line. */
export const reversalPostings = (original: Known): Posting[] =>
  (original.postings ?? []).map((posting) => ({ ...posting, cents: -posting.cents }))

/**
 * What is wrong with a reversal: it names an earlier transaction of the same account that is neither reversed nor a
 * reversal, and is its exact opposite by book, service and tax year, and by bucket where its lines name buckets.
 */
export function reversalFaults(
  entry: Entry,
  original: Known | undefined,
  codes: Map<number, string>,
  refuse: Refuse,
): void {
  if (entry.reverses === '') return
  const reason = nameFault(entry, original)
  if (reason !== undefined) refuse(entry, 'reverses', reason)
  if (reason !== undefined || !original) return
  const wanted = new Map<string, bigint>()
  for (const posting of original.postings ?? []) {
    if (posting.book === 'general') continue
    const service = codes.get(posting.service ?? 0) ?? ''
    const bucket = posting.aging === 'infinity' ? 'open' : (posting.aging ?? '')
    add(wanted, keyOf(posting.book, service, posting.taxYear), -posting.cents)
    add(wanted, `${keyOf(posting.book, service, posting.taxYear)} in ${bucket}`, -posting.cents)
  }
  comparing(entry, wanted, refuse)
}

function nameFault(entry: Entry, original: Known | undefined): string | undefined {
  if (!original) return `no earlier transaction has the number ${entry.reverses}`
  if (original.account !== entry.account.id) return `transaction ${entry.reverses} is another account's`
  if (original.reversal) return `transaction ${entry.reverses} is itself a reversal`
  if (original.reversedBy !== '') return `transaction ${entry.reverses} is reversed already, by ${original.reversedBy}`
  return undefined
}

const BOOK: Record<string, string> = { certification: 'certified' }

const keyOf = (book: string, service: string, taxYear: number | null): string =>
  [BOOK[book] ?? book, service, taxYear ?? ''].filter((part) => part !== '').join(' ')

function comparing(entry: Entry, wanted: Map<string, bigint>, refuse: Refuse): void {
  const found = new Map<string, bigint>()
  const explicit = new Set<string>()
  for (const line of entry.lines) {
    if (line.book === 'general') continue
    const key = keyOf(line.book, line.service, line.taxYear)
    add(found, key, glSign(line))
    if (line.book === 'utility' && line.agesIn !== '') {
      explicit.add(key)
      add(found, `${key} in ${line.agesIn}`, glSign(line))
    }
  }
  for (const key of new Set([...wanted.keys(), ...found.keys()])) {
    const [whole = '', bucket] = key.split(' in ')
    if (bucket !== undefined && !explicit.has(whole)) continue
    const [is, should] = [found.get(key) ?? 0n, wanted.get(key) ?? 0n]
    if (is === should) continue
    const line =
      entry.lines.find((candidate) => key.startsWith(keyOf(candidate.book, candidate.service, candidate.taxYear))) ??
      entry
    refuse(
      line,
      bucket ? 'ages_in' : 'amount',
      `${key}: ${centsText(is)} is not the opposite of transaction ${entry.reverses}, ${centsText(should)}`,
    )
    return
  }
}

const add = (sums: Map<string, bigint>, key: string, cents: bigint): void => {
  sums.set(key, (sums.get(key) ?? 0n) + cents)
}
