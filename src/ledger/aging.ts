import { apply, type BucketKey, type CentsBuckets, type Cut, chargeCents, OPEN, retireCents } from './book.ts'
import { type Day, previousPeriod } from './calendar.ts'
import { cents, fromCents, lesser, type Money, sum, ZERO } from './money.ts'

export { OPEN } from './book.ts'

/** What is unpaid of one service in one period; the bucket of open credit is never above zero. */
export type Bucket = { period: BucketKey; unpaid: Money }

/** One line on a service's book: the bucket it moves and by how much. */
export type Posting = { period: BucketKey; amount: Money }

/** Credit that a transaction of a period took out of open credit and still holds. */
export type TakeUp = { period: Day; amount: Money }

/**
 * Cuts a credit, given as an amount above zero: the oldest unpaid period first, a posting for each, the rest into
 * open credit. Amounts come back negative and add up to the credit (product.md 1.1).
 */
export function retire(buckets: Bucket[], amount: Money): Posting[] {
  return retireCents(toCents(buckets), cents(amount)).map(posting)
}

/**
 * A charge opens the bucket of its period and takes up the service's open credit, one posting per bucket: 50.00 on an
 * open credit of 20.00 is 30.00 in the period and 20.00 on open credit, together the charge.
 */
export function charge(buckets: Bucket[], period: Day, amount: Money): Posting[] {
  return chargeCents(toCents(buckets), period, cents(amount)).map(posting)
}

/** The buckets after some postings, oldest first, open credit last, none at zero. */
export function post(buckets: Bucket[], postings: Posting[]): Bucket[] {
  const book = toCents(buckets)
  for (const line of postings) apply(book, line.period, cents(line.amount))
  return [...book].map(([period, unpaid]) => ({ period, unpaid: fromCents(unpaid) })).sort(byPeriod)
}

export function bucketSum(buckets: Bucket[]): Money {
  return sum(buckets.map((bucket) => bucket.unpaid))
}

/**
 * The newest period that counts as n or more periods back, or `undefined` for n = 0, where every period counts.
 * Periods later than the current one have age 0. Refuses nothing; n is a whole number from zero, else it throws.
 */
export function cutoff(n: number, currentPeriod: Day, periods: readonly Day[]): Day | undefined {
  if (!Number.isInteger(n) || n < 0) throw new RangeError(`a number of periods is whole and not negative, not ${n}`)
  if (n === 0) return undefined
  const known = CUTOFFS.get(periods) ?? new Map<string, Day>()
  CUTOFFS.set(periods, known)
  const key = `${n}/${currentPeriod}`
  const found = known.get(key) ?? stepBack(n, currentPeriod, periods)
  known.set(key, found)
  return found
}

// A run asks the same question of thousands of accounts with the one list of periods that it read.
const CUTOFFS = new WeakMap<readonly Day[], Map<string, Day>>()

function stepBack(n: number, currentPeriod: Day, periods: readonly Day[]): Day {
  let period = currentPeriod
  for (let back = 0; back < n; back += 1) period = previousPeriod(period, periods)
  return period
}

/** How many periods back a period lies: 0 for the current one and later ones, 1 for the one before. */
export function ageOf(period: Day, currentPeriod: Day, periods: readonly Day[]): number {
  let age = 0
  for (let at = currentPeriod; at > period; at = previousPeriod(at, periods)) age += 1
  return age
}

/** True for a bucket n or more periods back; open credit has no age. */
export function isAged(bucket: Bucket, limit: Day | undefined): boolean {
  return bucket.period !== OPEN && (limit === undefined || bucket.period <= limit)
}

/**
 * What is unpaid in buckets n or more periods back from the current period. Open credit never counts, and the answer
 * is never below zero. Golden case: 0.00, 68.88, 65.77, 70.51, 68.27 newest first, n = 2 gives 204.55 (product.md 3.3).
 */
export function aged(buckets: Bucket[], n: number, currentPeriod: Day, periods: readonly Day[]): Money {
  const limit = cutoff(n, currentPeriod, periods)
  const total = bucketSum(buckets.filter((bucket) => isAged(bucket, limit)))
  return total.lt(ZERO) ? ZERO : total
}

/** The sum over an account's services; no service's credit offsets another's arrears (product.md 3.3). */
export function agedAccount(services: Bucket[][], n: number, currentPeriod: Day, periods: readonly Day[]): Money {
  return sum(services.map((buckets) => aged(buckets, n, currentPeriod, periods)))
}

/** Per certified bucket the lesser of what was certified and what is still unpaid (product.md 3.10); none at zero. */
export function takeCertified(buckets: Bucket[], certified: TakeUp[]): TakeUp[] {
  const left = toCents(buckets)
  return certified.flatMap(({ period, amount }) => {
    const unpaid = left.get(period) ?? 0n
    const taken = lesser(unpaid, cents(amount))
    if (taken <= 0n) return []
    apply(left, period, -taken)
    return [{ period, amount: fromCents(taken) }]
  })
}

/**
 * The extra postings after an exact reversal left a bucket below zero or open credit above zero (product.md 1.1):
 * excess credit goes to the oldest unpaid bucket, else to open credit; missing open credit is taken back from the
 * periods that took it up, newest first, and what none of them holds ages in `fallback`, the reversal's own period.
 * The postings sum to zero, one per bucket.
 */
export function mend(buckets: Bucket[], takeUps: TakeUp[], fallback: Day): Posting[] {
  const before = toCents(buckets)
  const book = new Map(before)
  let excess = 0n
  for (const [period, unpaid] of before) {
    if (period === OPEN || unpaid >= 0n) continue
    apply(book, period, -unpaid)
    excess -= unpaid
  }
  if (excess > 0n) retireCents(book, excess)
  takeBack(book, takeUps, fallback)
  return difference(before, book)
}

function takeBack(book: CentsBuckets, takeUps: TakeUp[], fallback: Day): void {
  const newestFirst = takeUps.filter((taken) => taken.amount.gt(ZERO)).sort((a, b) => -byPeriod(a, b))
  let missing = book.get(OPEN) ?? 0n
  if (missing <= 0n) return
  book.delete(OPEN)
  for (const { period, amount } of newestFirst) {
    const part = lesser(cents(amount), missing)
    apply(book, period, part)
    missing -= part
  }
  if (missing > 0n) apply(book, fallback, missing)
}

function difference(before: CentsBuckets, after: CentsBuckets): Posting[] {
  const periods = [...new Set([...before.keys(), ...after.keys()])]
  return periods
    .map((period) => ({ period, cents: (after.get(period) ?? 0n) - (before.get(period) ?? 0n) }))
    .filter((cut) => cut.cents !== 0n)
    .map(posting)
    .sort(byPeriod)
}

/** Buckets in cents; the same period twice is added up. */
function toCents(buckets: Bucket[]): CentsBuckets {
  const book: CentsBuckets = new Map()
  for (const bucket of buckets) apply(book, bucket.period, cents(bucket.unpaid))
  return book
}

const posting = (cut: Cut): Posting => ({ period: cut.period, amount: fromCents(cut.cents) })

// 'open' sorts after every digit, so the periods stand oldest first and open credit last.
const byPeriod = (a: { period: BucketKey }, b: { period: BucketKey }): number =>
  a.period < b.period ? -1 : a.period > b.period ? 1 : 0
