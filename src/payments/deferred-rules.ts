import {
  carrier,
  type DeferredLine,
  deferredOnPayment,
  deferredWords,
  type Trigger,
} from '../deferred-charges/rules.ts'
import { OPEN } from '../ledger/aging.ts'
import { payoffOrder } from '../ledger/allocation.ts'
import { type Money, sum } from '../ledger/money.ts'
import type { ServicePosting } from '../ledger/reversal.ts'
import { afterPostings, type Books, bucketsIn, changePostings } from './change-rules.ts'
import { laterDue } from './due-rules.ts'
import type { PaymentFacts } from './rules.ts'

/** The deferred charges of one trigger that a payment brings, each on the service that carries it (domain.md 3.9). */
export function deferredLines(trigger: Trigger, facts: PaymentFacts, available: Money): DeferredLine[] {
  const { deferred } = facts
  if (!deferred) return []
  const active = facts.services.filter((service) => service.active).map(({ service }) => service)
  const company = payoffOrder(facts.settings, facts.services)
  const carried = deferred.charges.filter((charge) => carrier(charge.order ?? company, active) !== undefined)
  const amount = deferred.statement?.amount ?? null
  return deferredOnPayment(trigger, carried, amount, available).map(({ charge, ...money }) => ({
    ...money,
    code: charge.code,
    name: charge.name,
    trigger,
    service: carrier(charge.order ?? company, active) ?? '',
    gl: charge.gl,
    statement: deferred.statement?.number ?? null,
    how: deferredWords(charge, amount),
  }))
}

/** The buckets that each charge moves: its own period's, less what open credit it takes up. */
export function deferredPostings(facts: PaymentFacts, lines: readonly DeferredLine[]): ServicePosting[][] {
  const period = facts.deferred?.period
  if (period === undefined) return []
  let books = booksOf(facts)
  return lines.map(({ service, amount }) => {
    const postings = changePostings(books, [{ service, change: amount }], period)
    books = afterPostings(books, postings)
    return postings
  })
}

/** The facts as these charges leave them, before the payment. */
export function chargedFacts(facts: PaymentFacts, lines: readonly DeferredLine[]): PaymentFacts {
  const { deferred } = facts
  if (lines.length === 0 || !deferred) return facts
  const postings = deferredPostings(facts, lines).flat()
  const books = afterPostings(booksOf(facts), postings)
  return {
    ...facts,
    accountCredit: sum(bucketsIn(books, null).map(({ unpaid }) => unpaid)),
    services: facts.services.map((service) => ({
      ...service,
      buckets: bucketsIn(books, service.service),
      due: laterDue(service.due, service.service, postings, deferred),
    })),
  }
}

const booksOf = ({ accountCredit, services }: PaymentFacts): Books => [
  { service: null, buckets: [{ period: OPEN, unpaid: accountCredit }] },
  ...services.map(({ service, buckets }) => ({ service, buckets })),
]

/** For money that is no payment of the customer (a transfer, a deposit), and for examples: nothing is charged with it. */
export const withoutDeferred = <P extends { facts: PaymentFacts }>(payable: P): P => ({
  ...payable,
  facts: { ...payable.facts, deferred: undefined },
})
