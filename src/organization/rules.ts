import { agedAccount, type Bucket } from '../ledger/aging.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, text, ZERO } from '../ledger/money.ts'
import { type Refusal, refuse } from '../ledger/result.ts'

/** One test of "why is this account (not) on the list", in words: what was looked at, its value, its threshold, the outcome. */
export type Test = { test: string; value: string; threshold: string; passed: boolean }

export type AllocationLists = Record<'first' | 'second' | 'third' | 'overpayment' | 'exclude', string[]>

const PRIORITIES = ['first', 'second', 'third'] as const

/**
 * What is wrong with the lists of the Payment Allocation tab, each fault naming its service: a service twice in the
 * three priority lists, twice in one list, unknown, or both in Allocate Overpayments to These Services and in Exclude
 * These Services (domain.md P6, O2; coverage 004-026). Nothing wrong is an empty list.
 */
export function allocationFaults(lists: AllocationLists, services: string[]): Refusal[] {
  const prioritized = PRIORITIES.flatMap((list) => lists[list])
  const both = lists.overpayment.filter((service) => lists.exclude.includes(service))
  const all = Object.entries(lists).flatMap(([list, codes]) => codes.map((service) => ({ list, service })))
  const unknown = all.filter(({ service }) => !services.includes(service))
  return [
    ...unknown.map(({ list, service }) => refuse('service_unknown', { service, list })),
    ...repeated(prioritized).map((service) =>
      refuse('service_listed_twice', { service, list: placesOf(service, lists) }),
    ),
    ...repeated(lists.overpayment).map((service) => refuse('service_listed_twice', { service, list: 'overpayment' })),
    ...repeated(lists.exclude).map((service) => refuse('service_listed_twice', { service, list: 'exclude' })),
    ...[...new Set(both)].map((service) => refuse('overpayment_and_excluded', { service })),
  ]
}

export type Threshold = { minimum: Money; periods: number }
export type AgingFacts = { services: Bucket[][]; currentPeriod: Day; periods: Day[] }

/** Delinquent when what is unpaid Delinquent Periods or more back is at least the minimum (product.md 3.4). */
export function delinquentTest(account: AgingFacts, threshold: Threshold): Test {
  return minimumTest(named('Delinquent Minimum Balance', threshold), agedBy(account, threshold), threshold.minimum)
}

/** Eligible for shutoff when what is unpaid Shutoff Periods or more back is at least the minimum (product.md 3.4). */
export function shutoffTest(account: AgingFacts, threshold: Threshold): Test {
  return minimumTest(named('Shutoff Minimum Balance', threshold), agedBy(account, threshold), threshold.minimum)
}

/** Penalty is billed when the past due subject to it is at least the minimum: 25.00 yes, 24.99 no (domain.md M1). */
export function penaltyTest(pastDue: Money, minimum: Money): Test {
  return minimumTest('Penalty Minimum Balance', pastDue, minimum)
}

/** A bill is sent when the amount due is at least the minimum; the charge posts either way (domain.md M3). */
export function utilityBillTest(amountDue: Money, minimum: Money): Test {
  return {
    test: 'Utility Bill Minimum Balance',
    value: text(amountDue),
    threshold: text(minimum),
    passed: amountDue.gte(minimum),
  }
}

/** Equal counts. With a minimum of 0.00 there must still be something owed. */
export function minimumTest(test: string, value: Money, minimum: Money): Test {
  return { test, value: text(value), threshold: text(minimum), passed: value.gt(ZERO) && value.gte(minimum) }
}

const named = (setting: string, { periods }: Threshold): string =>
  `${setting}, unpaid ${periods} or more ${periods === 1 ? 'period' : 'periods'} back`

const agedBy = (account: AgingFacts, threshold: Threshold): Money =>
  agedAccount(account.services, threshold.periods, account.currentPeriod, account.periods)

const repeated = (codes: string[]): string[] => [...new Set(codes.filter((code, at) => codes.indexOf(code) !== at))]

const placesOf = (service: string, lists: AllocationLists): string =>
  PRIORITIES.filter((list) => lists[list].includes(service)).join(', ')
