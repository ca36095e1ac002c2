import { type Bucket, OPEN } from '../ledger/aging.ts'
import { addDays, type Day, formatDay } from '../ledger/calendar.ts'
import { type Money, money, sum, ZERO } from '../ledger/money.ts'

/** A dated amount of the ledger. */
export interface Moved {
  date: Day
  amount: string
}

/** A plan as it was agreed, and what the ledger has of its account since. */
export interface Plan {
  number: string
  accountId: number
  madeOn: Day
  /** End of the period it was made in. */
  madeIn: Day
  amount: string
  graceDays: number
  /** Whether a payment goes to the instalments or to newer bills first (domain.md A7). */
  paymentOrder: 'instalment' | 'bill'
  endedOn: Day | null
  endedAs: 'completed' | 'broken' | 'cancelled' | null
  endedReason: string | null
  services: { code: string; name: string; balance: string }[]
  instalments: { due: Day; amount: string }[]
  /** Paid since, a reversal below zero on its own day. */
  payments: Moved[]
  /** Charged since. */
  charges: Moved[]
}

export type State = 'current' | 'completed' | 'broken' | 'cancelled'

export interface Instalment {
  due: Day
  amount: Money
  paid: Money
  left: Money
  state: 'paid' | 'part paid' | 'to come' | 'past due' | 'missed' | 'ended'
}

export interface Standing {
  state: State
  /** The day it was completed, broken or cancelled. */
  ended: Day | null
  /** Why, where it is broken or cancelled. */
  reason: string
  paid: Money
  left: Money
  instalments: Instalment[]
}

/**
 * What counts toward a plan up to a day, inclusive. Instalment first: whatever was paid. Bill first: what is left of a
 * payment when the charges billed since the plan was made are covered. What was reversed counts no more from the day of
 * its reversal. Never below zero.
 */
export function counted({ payments, charges, paymentOrder }: Plan, day: Day): Money {
  const until = (list: Moved[]) =>
    list.filter(({ date }) => date <= day).map((each) => ({ ...each, amount: money(each.amount) }))
  const paid = until(payments)
  if (paymentOrder === 'instalment') return atLeastZero(sum(paid.map(({ amount }) => amount)))
  const events = [
    ...until(charges).map(({ date, amount }) => ({ date, charge: true, amount })),
    ...paid.map(({ date, amount }) => ({ date, charge: false, amount })),
  ].sort((a, b) => (a.date === b.date ? Number(b.charge) - Number(a.charge) : a.date < b.date ? -1 : 1))
  let billed = ZERO
  let plan = ZERO
  for (const { charge, amount } of events) {
    if (charge) billed = atLeastZero(money(billed.plus(amount)))
    else if (amount.lt(ZERO)) {
      const back = plan.lt(amount.times('-1')) ? plan : money(amount.times('-1'))
      plan = money(plan.minus(back))
      billed = money(billed.minus(amount).minus(back))
    } else {
      const toBill = billed.lt(amount) ? billed : amount
      billed = money(billed.minus(toBill))
      plan = money(plan.plus(amount).minus(toBill))
    }
  }
  return plan
}

const atLeastZero = (amount: Money): Money => (amount.lt(ZERO) ? ZERO : amount)

interface Missed {
  /** The first day on which the plan is broken. */
  day: Day
  place: number
}

/**
 * The first breach up to a day: an instalment not wholly paid at the end of its due date plus the grace days breaks the
 * plan on the next day; a payment returned later breaks it on the day after its return (domain.md A6).
 */
export function breach(plan: Plan, day: Day): Missed | undefined {
  const limits = plan.instalments.map(({ due }) => addDays(due, plan.graceDays))
  const moved = [...plan.payments, ...plan.charges].map(({ date }) => date)
  const days = [...new Set([...limits, ...moved])].filter((each) => addDays(each, 1) <= day).sort()
  for (const each of days) {
    const paid = counted(plan, each)
    let needed = ZERO
    for (const [place, { amount }] of plan.instalments.entries()) {
      needed = money(needed.plus(amount))
      if ((limits[place] ?? '') <= each && paid.lt(needed)) return { day: addDays(each, 1), place }
    }
  }
  return undefined
}

/** How a plan stands at a day, inclusive: asked, never stored, but for what a clerk or the breach ended. */
export function standing(plan: Plan, day: Day): Standing {
  if (plan.endedOn !== null && plan.endedOn <= day) {
    const state = plan.endedAs ?? 'cancelled'
    return standingWith(plan, plan.endedOn, state, plan.endedOn, plan.endedReason ?? '')
  }
  const missed = breach(plan, day)
  if (missed) return standingWith(plan, addDays(missed.day, -1), 'broken', missed.day, missedWords(plan, missed))
  const completed = counted(plan, day).gte(plan.amount)
  return standingWith(plan, day, completed ? 'completed' : 'current', completed ? completedOn(plan, day) : null, '')
}

function completedOn(plan: Plan, day: Day): Day {
  const days = plan.payments.map(({ date }) => date).filter((date) => date <= day)
  return days.sort().find((each) => counted(plan, each).gte(plan.amount)) ?? day
}

/** `Payment 2 of 83.33, due 12/31/2026, was not paid by 01/05/2027.` */
export function missedWords({ instalments, graceDays }: Plan, { place }: Missed): string {
  const due = instalments[place]?.due ?? ''
  const amount = instalments[place]?.amount ?? ''
  return `Payment ${place + 1} of ${amount}, due ${formatDay(due)}, was not paid by ${formatDay(addDays(due, graceDays))}.`
}

function standingWith(plan: Plan, until: Day, state: State, ended: Day | null, reason: string): Standing {
  const amount = money(plan.amount)
  const all = counted(plan, until)
  const paid = all.gt(amount) ? amount : all
  let rest = paid
  const instalments = plan.instalments.map((each): Instalment => {
    const due = money(each.amount)
    const part = rest.lt(due) ? rest : due
    rest = money(rest.minus(part))
    const left = money(due.minus(part))
    return { due: each.due, amount: due, paid: part, left, state: instalmentState(each.due, part, left, until, state) }
  })
  return { state, ended, reason, paid, left: money(amount.minus(paid)), instalments }
}

function instalmentState(due: Day, paid: Money, left: Money, day: Day, state: State): Instalment['state'] {
  if (left.eq(ZERO)) return 'paid'
  if (state !== 'current') return due <= day ? 'missed' : 'ended'
  if (due < day) return 'past due'
  return paid.gt(ZERO) ? 'part paid' : 'to come'
}

/**
 * Whether a plan protects its account on a day: made and neither completed, broken nor cancelled. Asked by penalty,
 * notices, shutoff and certification.
 */
export const inArrangement = (plan: Plan | null | undefined, day: Day): plan is Plan =>
  plan !== null && plan !== undefined && plan.madeOn <= day && standing(plan, day).state === 'current'

/**
 * Buckets without what is arranged: what is left of a current plan is taken out of its services' oldest buckets, of the
 * period it was made in and older ones; what was charged later stays (domain.md A6).
 */
export function withoutArranged<B extends Bucket & { service: string }>(
  buckets: readonly B[],
  plan: Plan | null | undefined,
  day: Day,
): B[] {
  const now = plan && plan.madeOn <= day ? standing(plan, day) : undefined
  if (!plan || now?.state !== 'current') return [...buckets]
  const codes = new Set(plan.services.map(({ code }) => code))
  let left = now.left
  const oldestFirst = [...buckets].sort((a, b) => (a.period < b.period ? -1 : 1))
  const cut = new Map<B, Money>()
  for (const bucket of oldestFirst) {
    if (!codes.has(bucket.service) || bucket.period === OPEN || bucket.period > plan.madeIn || bucket.unpaid.lte(ZERO))
      continue
    const out = left.lt(bucket.unpaid) ? left : bucket.unpaid
    cut.set(bucket, money(bucket.unpaid.minus(out)))
    left = money(left.minus(out))
  }
  return buckets.map((bucket) => ({ ...bucket, unpaid: cut.get(bucket) ?? bucket.unpaid }))
}
