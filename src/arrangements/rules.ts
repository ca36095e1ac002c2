import { addDays, addMonths, type Day, periodOf } from '../ledger/calendar.ts'
import { isPositive, type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import { equalParts } from '../ledger/share.ts'

export const FREQUENCIES = ['weekly', 'biweekly', 'monthly', 'quarterly'] as const
export type Frequency = (typeof FREQUENCIES)[number]

/** What stands against a new plan [001-474 to 001-476]. */
export type Obstacle = 'no_balance' | 'unfinished' | 'unposted'

/** Every condition that fails, in the source's order; none = the wizard goes on (domain.md A1). */
export function obstacles(facts: { balance: Money; unfinished: boolean; unposted: number }): Obstacle[] {
  return [
    ...(isPositive(facts.balance) ? [] : (['no_balance'] as const)),
    ...(facts.unfinished ? (['unfinished'] as const) : []),
    ...(facts.unposted > 0 ? (['unposted'] as const) : []),
  ]
}

/** Equal instalments, the rest on the last (domain.md A3). Refuses so many that one would be less than 0.01. */
export function instalmentsOf(amount: Money, count: number): Result<Money[]> {
  const parts = equalParts(amount, count)
  if (!isPositive(parts[0] ?? ZERO)) {
    return refuse('instalment_too_small', { amount: text(amount), count: String(count) })
  }
  return accept(parts)
}

/** Due dates from the first on: 31 January monthly is 31 January, 28 February, 31 March (domain.md A4). */
export function dueDates(start: Day, frequency: Frequency, count: number): Day[] {
  const step = { weekly: 7, biweekly: 14, monthly: 1, quarterly: 3 }[frequency]
  const after = (place: number) =>
    frequency === 'weekly' || frequency === 'biweekly' ? addDays(start, step * place) : addMonths(start, step * place)
  return Array.from({ length: count }, (_, place) => after(place))
}

export interface Billing {
  currentPeriod: Day
  /** Ends of the town's periods. */
  periods: Day[]
  /** The latest period that has a bill of the account. */
  billed: Day | null
  /** Periods from a bill to the next: 1 = monthly. */
  every: number
  dueDays: number
}

/**
 * Due dates of the next bills of the cycle: a bill is dated by the end of its period and due its due days later. The
 * next is that of the current period, or of the one `every` periods behind the latest that was billed; none is due
 * before today (domain.md A4).
 */
export function billDueDates(billing: Billing, today: Day, count: number): Day[] {
  const { currentPeriod, periods, billed, every, dueDays } = billing
  const next = (period: Day) => {
    let found = period
    for (let step = 0; step < every; step++) found = periodOf(addDays(found, 1), periods)
    return found
  }
  let bill = billed === null ? currentPeriod : next(billed)
  while (addDays(bill, dueDays) < today || (billed === null && bill < currentPeriod)) bill = next(bill)
  const due: Day[] = []
  for (; due.length < count; bill = next(bill)) due.push(addDays(bill, dueDays))
  return due
}

export interface Owed {
  code: string
  name: string
  balance: Money
}

export interface Typed {
  services: readonly string[]
  amount: Money
  payments: number
  regular: boolean
  frequency?: Frequency | undefined
  startDate?: Day | undefined
}

export interface Terms {
  services: Owed[]
  accountBalance: Money
  amount: Money
  remaining: Money
  /** What each payment is; the last one has the rest. */
  payment: Money
  instalments: { due: Day; amount: Money }[]
}

/** Ticked services with what is owed on them, past due and not yet due alike (domain.md A2). */
export function ticked(owed: readonly Owed[], codes: readonly string[]): { services: Owed[]; balance: Money } {
  const services = owed.filter(({ code, balance }) => codes.includes(code) && isPositive(balance))
  return { services, balance: sum(services.map(({ balance }) => balance)) }
}

/**
 * The terms of a plan from what was typed. Refuses: no service ticked, an amount above the balance of the ticked ones
 * (250.01 of 250.00), instalments under 0.01, no frequency or start date where they are asked for, a start in the past.
 */
export function termsOf(owed: readonly Owed[], typed: Typed, billing: Billing, today: Day): Result<Terms> {
  const { services, balance } = ticked(owed, typed.services)
  if (services.length === 0) return refuse('no_service')
  if (typed.amount.gt(balance)) return refuse('over_balance', { amount: text(typed.amount), balance: text(balance) })
  const parts = instalmentsOf(typed.amount, typed.payments)
  if (!parts.ok) return parts
  const due = dueOf(typed, billing, today)
  if (!due.ok) return due
  const instalments = parts.value.map((amount, place) => ({ due: due.value[place] as Day, amount }))
  const remaining = money(balance.minus(typed.amount))
  const payment = parts.value[0] ?? ZERO
  return accept({ services, accountBalance: balance, amount: typed.amount, remaining, payment, instalments })
}

function dueOf(typed: Typed, billing: Billing, today: Day): Result<Day[]> {
  if (typed.regular) return accept(billDueDates(billing, today, typed.payments))
  if (typed.frequency === undefined) return refuse('no_frequency')
  if (typed.startDate === undefined) return refuse('no_start')
  if (typed.startDate < today) return refuse('start_past')
  return accept(dueDates(typed.startDate, typed.frequency, typed.payments))
}
