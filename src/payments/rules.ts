import type { DeferredFacts, DeferredLine } from '../deferred-charges/rules.ts'
import { type Bucket, bucketSum, retire } from '../ledger/aging.ts'
import {
  type AllocationSettings,
  type AllocationStep,
  allocatePayment,
  manualAllocation,
  type ServiceShare,
} from '../ledger/allocation.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import {
  allocateOverpayment,
  type OverpaymentBasis,
  type OverpaymentMethod,
  type OverpaymentShare,
  overpaymentBasis,
} from '../ledger/overpayment.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import type { ServicePosting } from '../ledger/reversal.ts'
import { chargedFacts, deferredLines } from './deferred-rules.ts'
import { type DueDates, pastDueOf } from './due-rules.ts'

export type PayableService = {
  service: string
  sort: number
  /** Active on the account on the payment's date: it may receive an overpayment. */
  active: boolean
  onAccount: boolean
  buckets: Bucket[]
  due: DueDates
}

/** What a payment's decision asks; its keys are codes of services. */
export type PaymentFacts = {
  /** The payment's date: what fell due before it is past due. */
  day: Day
  services: PayableService[]
  /** The account's own open credit, zero or below. */
  accountCredit: Money
  settings: AllocationSettings
  overpayment: { method: OverpaymentMethod; listed: string[]; exclude: string[] }
  paid12: Record<string, Money>
  charged12: Record<string, Money>
  /** Deferred charges that the payment may bring; none where the organization has them switched off. */
  deferred?: DeferredFacts | undefined
}

export type PaymentDecision = {
  allocations: ServiceShare[]
  overpayment: OverpaymentShare[]
  rest: Money
  /** Empty when the clerk allocated by hand. */
  steps: AllocationStep[]
  basis: OverpaymentBasis
  manual: boolean
  /** What the payment brings with it; its own shares of the money stand among the allocations. */
  deferred: DeferredLine[]
  balanceAfter: Money
}

const MOST = money('9999999.99')

/**
 * Where a payment goes: to what each service owes by the organization's Payment Allocation or by the clerk's own
 * allocation, then to deferred charges that take an overpayment up, and what is beyond by the overpayment rule ([004],
 * domain.md 3.1, 3.2, 3.9). Refuses an amount that is not
 * from 0.01 to 9999999.99 and what `manualAllocation` and `allocatePayment` refuse.
 */
export function decidePayment(facts: PaymentFacts, amount: Money, byHand?: ServiceShare[]): Result<PaymentDecision> {
  if (amount.gt(MOST)) return refuse('amount_too_large', { amount: text(amount) })
  const placed = deferredLines('payment', facts, ZERO)
  const charged = chargedFacts(facts, placed).services
  const services = charged.map((service) => ({
    ...service,
    balance: bucketSum(service.buckets),
    pastDue: pastDueOf(service, facts.day),
  }))
  const known = services.filter((service) => service.onAccount || service.balance.gt(ZERO))
  const decided: Result<{ allocations: ServiceShare[]; rest: Money; steps?: AllocationStep[] }> = byHand
    ? manualAllocation(amount, byHand, known)
    : allocatePayment(amount, services, facts.settings)
  if (!decided.ok) return decided
  const { allocations, rest: beyond, steps = [] } = decided.value
  const absorbed = deferredLines('overpayment', facts, beyond)
  const rest = money(beyond.minus(sum(absorbed.map((line) => line.amount))))
  const deferred = [...placed, ...absorbed]
  const over = { ...facts.overpayment, services: known, paid12: facts.paid12, charged12: facts.charged12 }
  return accept({
    allocations: withShares(allocations, absorbed),
    rest,
    overpayment: allocateOverpayment(rest, facts.overpayment.method, over),
    basis: overpaymentBasis(facts.overpayment.method, over),
    steps,
    manual: byHand !== undefined,
    deferred,
    balanceAfter: money(sum([balanceOf(facts), ...deferred.map((line) => line.amount)]).minus(amount)),
  })
}

function withShares(shares: ServiceShare[], more: readonly ServiceShare[]): ServiceShare[] {
  const totals = new Map(shares.map(({ service, amount }) => [service, amount]))
  for (const { service, amount } of more) totals.set(service, sum([totals.get(service) ?? ZERO, amount]))
  return [...totals].map(([service, amount]) => ({ service, amount }))
}

export const balanceOf = (facts: PaymentFacts): Money =>
  sum([facts.accountCredit, ...facts.services.map((service) => bucketSum(service.buckets))])

/** What is past due on the payment's date, before the payment and what comes with it. */
export const pastDueIn = (facts: PaymentFacts): Money =>
  sum(facts.services.map((service) => pastDueOf(service, facts.day)))

/** The buckets a decided payment moves, amounts below zero: each service's oldest first, the rest open credit. */
export function retirePayment(facts: PaymentFacts, decision: PaymentDecision): ServicePosting[] {
  const { services } = chargedFacts(facts, decision.deferred)
  const totals = new Map<string | null, Money>()
  for (const { service, amount } of [...decision.allocations, ...decision.overpayment]) {
    totals.set(service, sum([totals.get(service) ?? ZERO, amount]))
  }
  return [...totals].flatMap(([service, amount]): ServicePosting[] => {
    const buckets = services.find((each) => each.service === service)?.buckets ?? []
    return retire(service === null ? [] : buckets, amount).map((line) => ({ ...line, service }))
  })
}
