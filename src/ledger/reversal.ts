import { type Bucket, mend, OPEN, type Posting, post, type TakeUp } from './aging.ts'
import { apply, type CentsBuckets, chargeCents } from './book.ts'
import type { Day } from './calendar.ts'
import { cents, fromCents, lesser, type Money, ZERO } from './money.ts'
import { accept, type Refusal, type Result, refuse } from './result.ts'

export type ReversalKind = 'Rev' | 'NSF'

export type Original = {
  number: string
  type: string
  date: Day
  sourceKey: string | null
  reverses: string | null
  reversedBy: string | null
}

/** Postings of several services; `service` null is the open credit of the account. */
export type ServiceBuckets = { service: string | null; buckets: Bucket[] }
export type ServicePosting = Posting & { service: string | null }
/** Credit of `creditOf` that a charge on `service` took up. */
export type ServiceTakeUp = TakeUp & { creditOf: string | null; service: string }

/** Money received, which a bank can return. */
export const RETURNABLE = ['Pmt', 'CertPmt', 'Dep']

/**
 * Whether a clerk may reverse a transaction. Refused: without a reason; reversed already; itself a reversal (post
 * anew); a certification's PAdj or Fee (withdraw the certification line); credit that a reversal moved; and NSF for
 * what is not money received (product.md 1.1, contract.md 3).
 */
export function mayReverse(original: Original, kind: ReversalKind, reason: string): Result<Original> {
  if (original.reverses !== null) return no('is_a_reversal', original)
  if (original.reversedBy !== null)
    return refuse('already_reversed', { transaction: original.number, by: original.reversedBy })
  if (original.type === 'PAdj' || original.type === 'Fee') return no('certification_is_withdrawn', original)
  if (original.sourceKey?.startsWith('move/')) return no('moved_credit', original)
  if (kind === 'NSF' && !RETURNABLE.includes(original.type)) return no('not_a_payment', original)
  if (reason.trim() === '') return refuse('reason_missing')
  return accept(original)
}

/** A reversal is dated as its original while that date's period is open, else today (product.md 1.3). */
export function reversalDate(original: Day, periodIsOpen: boolean, today: Day): Day {
  return periodIsOpen ? original : today
}

/** The exact opposite, line by line: the same buckets, the same GL accounts, the other sign. */
export function oppositeOf<T extends { amount: Money }>(postings: T[]): T[] {
  return postings.map((line) => ({ ...line, amount: line.amount.times('-1') }))
}

/**
 * `mend` over an account: each service on its own, then the account's open credit, which charges of any service may
 * have taken up. The postings sum to zero over the account. What nobody is known to hold ages in `fallback`.
 */
export function mendAccount(
  books: ServiceBuckets[],
  takeUps: ServiceTakeUp[],
  fallback: { service: string; period: Day },
): ServicePosting[] {
  const own = books.flatMap(({ service, buckets }) => {
    if (service === null) return []
    const held = takeUps.filter((taken) => taken.creditOf === service && taken.service === service)
    return mend(buckets, held, fallback.period).map((line) => ({ ...line, service }))
  })
  return net([...own, ...mendOpenCredit(afterwards(books, own), takeUps, fallback)])
}

function mendOpenCredit(
  books: ServiceBuckets[],
  takeUps: ServiceTakeUp[],
  fallback: { service: string; period: Day },
): ServicePosting[] {
  const account = books.find((book) => book.service === null)?.buckets ?? []
  let missing = account.reduce((total, bucket) => total + cents(bucket.unpaid), 0n)
  if (missing <= 0n) return []
  const postings: ServicePosting[] = [{ service: null, period: OPEN, amount: fromCents(-missing) }]
  const held = takeUps.filter((taken) => taken.creditOf === null && taken.amount.gt(ZERO))
  held.sort((a, b) => (a.period < b.period ? 1 : a.period > b.period ? -1 : 0))
  const current = new Map(books.map((book) => [book.service, centsOf(book.buckets)]))
  const takeBack = (service: string, period: Day, part: bigint) => {
    const cuts = chargeCents(current.get(service) ?? new Map(), period, part)
    postings.push(...cuts.map((cut) => ({ service, period: cut.period, amount: fromCents(cut.cents) })))
    missing -= part
  }
  for (const taken of held) {
    const part = lesser(cents(taken.amount), missing)
    if (part > 0n) takeBack(taken.service, taken.period, part)
  }
  if (missing > 0n) takeBack(fallback.service, fallback.period, missing)
  return postings
}

function afterwards(books: ServiceBuckets[], postings: ServicePosting[]): ServiceBuckets[] {
  return books.map(({ service, buckets }) => {
    return {
      service,
      buckets: post(
        buckets,
        postings.filter((line) => line.service === service),
      ),
    }
  })
}

/** One line for each service and bucket, none at zero. */
export function net(postings: readonly ServicePosting[]): ServicePosting[] {
  const lines = new Map<string, ServicePosting>()
  for (const line of postings) {
    const key = JSON.stringify([line.service, line.period])
    lines.set(key, { ...line, amount: line.amount.plus(lines.get(key)?.amount ?? ZERO) })
  }
  return [...lines.values()].filter((line) => !line.amount.eq(ZERO))
}

function centsOf(buckets: Bucket[]): CentsBuckets {
  const book: CentsBuckets = new Map()
  for (const bucket of buckets) apply(book, bucket.period, cents(bucket.unpaid))
  return book
}

const no = (refusal: string, original: Original): Refusal =>
  refuse(refusal, { transaction: original.number, type: original.type })
