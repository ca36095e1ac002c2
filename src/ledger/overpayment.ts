import { bySort } from './allocation.ts'
import { addDays, addMonths, type Day } from './calendar.ts'
import { type Connected, isConnectedOn } from './connected.ts'
import { cents, fromCents, type Money, ZERO } from './money.ts'
import { shareOut } from './share.ts'

export type OverpaymentMethod = 'listed' | 'history' | 'all_except' | 'open_credit'

/** `service` null is the open credit of the account. */
export type OverpaymentShare = { service: string | null; amount: Money }

export type OverpaymentFacts = {
  /** Allocate Overpayments to These Services, in order. */
  listed: string[]
  /** Exclude These Services: these never receive an overpayment. */
  exclude: string[]
  services: { service: string; sort: number; active: boolean }[]
  /** Payments per service of the twelve months up to and including the date, net of reversals. */
  paid12: Record<string, Money>
  /** Charges per service of the same months. */
  charged12: Record<string, Money>
}

/** Why an overpayment goes where it goes; `weights` are the sums it is shared by, empty where it is not shared. */
export type OverpaymentBasis = {
  basis: 'first_listed' | 'payments' | 'charges' | 'first_active' | 'open_credit'
  weights: { service: string | null; weight: Money }[]
}

/**
 * Where money beyond every balance goes (domain.md O1-O3, product.md 3.2): the first listed service that is active on
 * the account; or by what was paid per service in twelve months, else what was charged, else the first active service;
 * or the open credit of the account, which also takes what no active service can. Shares of 0.00 are left out.
 */
export function allocateOverpayment(
  amount: Money,
  method: OverpaymentMethod,
  facts: OverpaymentFacts,
): OverpaymentShare[] {
  if (amount.lt(ZERO)) throw new RangeError('an overpayment is not below zero')
  if (amount.eq(ZERO)) return []
  const { weights } = overpaymentBasis(method, facts)
  const parts = shareOut(
    cents(amount),
    weights.map(({ weight }) => cents(weight)),
  )
  return weights
    .map(({ service }, at) => ({ service, amount: fromCents(parts[at] ?? 0n) }))
    .filter((share) => share.amount.gt(ZERO))
}

/** The service or the sums that an overpayment is shared by; the same facts explain it later. */
export function overpaymentBasis(method: OverpaymentMethod, facts: OverpaymentFacts): OverpaymentBasis {
  if (method === 'open_credit') return OPEN_CREDIT
  const active = bySort(facts.services.filter(({ active }) => active)).map(({ service }) => service)
  if (method === 'listed') {
    const first = facts.listed.find((service) => active.includes(service))
    return first === undefined ? OPEN_CREDIT : whole('first_listed', first)
  }
  const allowed = active.filter((service) => !facts.exclude.includes(service))
  const payments = weigh(allowed, facts.paid12)
  if (payments.length > 0) return { basis: 'payments', weights: payments }
  const charges = weigh(allowed, facts.charged12)
  if (charges.length > 0) return { basis: 'charges', weights: charges }
  return allowed[0] === undefined ? OPEN_CREDIT : whole('first_active', allowed[0])
}

/** The twelve months up to and including a date: 11/21/2025 is in those of 11/20/2026 and not of 11/21/2026. */
export function historyWindow(date: Day): { from: Day; to: Day } {
  return { from: addDays(addMonths(date, -12), 1), to: date }
}

/** Active = service active in the town, and connected on the date (`isConnectedOn`). */
export const isActiveOn = (service: Connected & { active: boolean }, date: Day): boolean =>
  service.active && isConnectedOn(service, date)

function weigh(services: string[], sums: Record<string, Money>): { service: string; weight: Money }[] {
  return services.map((service) => ({ service, weight: sums[service] ?? ZERO })).filter(({ weight }) => weight.gt(ZERO))
}

const ONE_CENT = fromCents(1n)

const whole = (basis: OverpaymentBasis['basis'], service: string | null): OverpaymentBasis => ({
  basis,
  weights: [{ service, weight: ONE_CENT }],
})

const OPEN_CREDIT = whole('open_credit', null)
