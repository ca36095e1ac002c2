import { type Bucket, OPEN, post, retire } from '../ledger/aging.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, sum, ZERO } from '../ledger/money.ts'
import { chargeService } from '../ledger/open-credit.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import { net, type ServicePosting } from '../ledger/reversal.ts'

/** What is unpaid of an account, by service; `service` null is the account's own open credit. */
export type Books = { service: string | null; buckets: Bucket[] }[]

/** A change of one service: above zero it is owed more, below zero less. */
export type ServiceChange = { service: string; change: Money }

/** The books after some postings. */
export function afterPostings(books: Books, postings: readonly ServicePosting[]): Books {
  const services = new Set([...books, ...postings].map(({ service }) => service))
  return [...services].map((service) => ({
    service,
    buckets: post(
      bucketsIn(books, service),
      postings.filter((line) => line.service === service),
    ),
  }))
}

export const bucketsIn = (books: Books, service: string | null): Bucket[] =>
  books.find((book) => book.service === service)?.buckets ?? []

export const balanceIn = (books: Books): Money =>
  sum(books.flatMap(({ buckets }) => buckets.map(({ unpaid }) => unpaid)))

/**
 * The buckets that changes of services move, one after the other: less owed retires the service's oldest unpaid period
 * first and leaves the rest as open credit, more owed ages in `period` and takes up open credit (product.md 1.1).
 */
export function changePostings(books: Books, changes: readonly ServiceChange[], period: Day): ServicePosting[] {
  const lines: ServicePosting[] = []
  for (const { service, change } of changes) {
    if (change.eq(ZERO)) continue
    const now = afterPostings(books, lines)
    const buckets = bucketsIn(now, service)
    const credit = sum(bucketsIn(now, null).map(({ unpaid }) => unpaid))
    if (change.gt(ZERO)) lines.push(...chargeService(service, buckets, credit, period, change))
    else lines.push(...retire(buckets, change.times('-1')).map((line) => ({ ...line, service })))
  }
  return net(lines)
}

/** What a charge is and was adjusted by since, by service. */
export type ChargeLine = { service: string; charged: Money; adjusted: Money }

/**
 * Adjusts a posted charge: each service of it by some amount, together not zero. Refuses a change of nothing, a service
 * twice or not of the charge, and more taken off than the charge with its earlier adjustments still is.
 */
export function adjustCharge(
  charge: readonly ChargeLine[],
  changes: readonly ServiceChange[],
): Result<ServiceChange[]> {
  const wanted = changes.filter(({ change }) => !change.eq(ZERO))
  if (wanted.length === 0) return refuse('nothing_changed')
  for (const [at, { service, change }] of wanted.entries()) {
    if (wanted.findIndex((other) => other.service === service) !== at)
      return refuse('service_listed_twice', { service })
    const line = charge.find((each) => each.service === service)
    if (!line) return refuse('service_not_charged', { service })
    const left = line.charged.plus(line.adjusted)
    if (left.plus(change).lt(ZERO)) return refuse('below_zero', { service, left: left.toFixed(2) })
  }
  return accept(wanted)
}

/** Open credit to give back: what the account is below zero, at most what lies open (domain.md 3.14). */
export function refundable(books: Books): Money {
  const balance = balanceIn(books)
  const credit = sum(openCredits(books).map(({ credit: each }) => each))
  const below = balance.lt(ZERO) ? balance.times('-1') : ZERO
  return below.lt(credit) ? below : credit
}

/**
 * The open credit that a refund takes: the account's own first, then the services' in the order given. Refuses more than
 * what can be refunded.
 */
export function refundPostings(books: Books, amount: Money, order: readonly string[]): Result<ServicePosting[]> {
  if (amount.lte(ZERO)) return refuse('amount_not_positive', { amount: amount.toFixed(2) })
  const most = refundable(books)
  if (amount.gt(most)) return refuse('above_credit', { amount: amount.toFixed(2), credit: most.toFixed(2) })
  const rank = (service: string | null) => (service === null ? -1 : order.indexOf(service))
  const lines: ServicePosting[] = []
  let left = amount
  for (const { service, credit } of openCredits(books).sort((a, b) => rank(a.service) - rank(b.service))) {
    const part = credit.lt(left) ? credit : left
    if (part.gt(ZERO)) lines.push({ service, period: OPEN, amount: part })
    left = left.minus(part)
  }
  return accept(lines)
}

const openCredits = (books: Books) =>
  books
    .map(({ service, buckets }) => ({
      service,
      credit: sum(buckets.filter(({ period }) => period === OPEN).map(({ unpaid }) => unpaid)).times('-1'),
    }))
    .filter(({ credit }) => credit.gt(ZERO))
