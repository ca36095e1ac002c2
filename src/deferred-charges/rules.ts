import type Big from 'big.js'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'

export type Trigger = 'overpayment' | 'payment'
export type Calculation = 'maximum' | 'minimum' | 'sum'

/** How much a deferred charge is: each method that is ticked has its value, one that is not is null. */
export type DeferredMethods = {
  fixed: Money | null
  /** In per cent of the statement. */
  percentage: Big | null
  roundUp: Money | null
  calculation: Calculation
  /** Never Let Amount Exceed; null = no limit. */
  cap: Money | null
}

export type DeferredCharge = DeferredMethods & {
  code: string
  name: string
  trigger: Trigger
  onlyIfCovered: boolean
  /** GL number; null = the revenue of the service that carries it. */
  gl: string | null
  /** Codes in the Service Apply Order; null = the company's payoff order. */
  order: string[] | null
}

/** The statement that a charge is reckoned from. */
export type DeferredStatement = { number: string; amount: Money }

/** What a payment's decision asks: the charges that the customer takes part in and that this statement has not brought yet. */
export type DeferredFacts = {
  charges: DeferredCharge[]
  statement: DeferredStatement | null
  /** The period that the payment's date falls in: there the charges age. */
  period: Day
  /** When they fall due. */
  due: Day
}

/** A charge that a payment brings, and the service that carries it. */
export type DeferredLine = {
  code: string
  name: string
  trigger: Trigger
  service: string
  amount: Money
  /** What it would be in full; an overpayment may cover a part only. */
  whole: Money
  gl: string | null
  statement: string | null
  how: string
}

type Part = { method: string; amount: Money }

/** What each ticked method gives: fixed, a percentage half up, the way to the next multiple. Never below zero (D6). */
export function deferredParts(methods: DeferredMethods, statement: Money | null): Part[] {
  const { fixed, percentage, roundUp } = methods
  const base = statement?.gt(ZERO) ? statement : ZERO
  return [
    ...(fixed ? [{ method: 'Fixed', amount: fixed }] : []),
    ...(percentage ? [{ method: 'Percentage', amount: money(base.times(percentage).div('100')) }] : []),
    ...(roundUp ? [{ method: 'Round-Up', amount: upTo(base, roundUp) }] : []),
  ]
}

function upTo(base: Money, multiple: Money): Money {
  if (multiple.lte(ZERO)) return ZERO
  const over = base.mod(multiple)
  return over.eq(ZERO) ? ZERO : money(multiple.minus(over))
}

/**
 * A deferred charge on a statement amount (domain.md 3.9): the largest, the smallest or the sum of what the ticked methods
 * give, at most the cap. Statement 42.00 with 2.00, 5 % and Round-Up to 5: 3.00, 2.00 or 7.10. Without a statement
 * percentage and round-up are 0.00 (D6); a result of 0.00 counts as a value (D1).
 */
export function deferredAmount(methods: DeferredMethods, statement: Money | null): Money {
  const [first, ...more] = deferredParts(methods, statement).map(({ amount }) => amount)
  if (!first) return ZERO
  const pick = (wanted: (a: Money, b: Money) => boolean) =>
    more.reduce((best, each) => (wanted(each, best) ? each : best), first)
  const results: Record<Calculation, () => Money> = {
    maximum: () => pick((a, b) => a.gt(b)),
    minimum: () => pick((a, b) => a.lt(b)),
    sum: () => sum([first, ...more]),
  }
  const result = results[methods.calculation]()
  return methods.cap && result.gt(methods.cap) ? methods.cap : result
}

/**
 * What a payment brings of the charges with one trigger, in their Apply Order (D2 to D4). `payment`: each in full, covered
 * or not. `overpayment`: what is there of `available`, one after the other; one that is charged only if fully covered is
 * left out where less is there. Nothing at 0.00.
 */
export function deferredOnPayment<C extends DeferredMethods & { trigger: Trigger; onlyIfCovered: boolean }>(
  trigger: Trigger,
  charges: readonly C[],
  statement: Money | null,
  available: Money,
): { charge: C; amount: Money; whole: Money }[] {
  let left = available
  return charges.flatMap((charge) => {
    if (charge.trigger !== trigger) return []
    const whole = deferredAmount(charge, statement)
    const amount = trigger === 'payment' || whole.lte(left) ? whole : charge.onlyIfCovered ? ZERO : left
    if (amount.lte(ZERO)) return []
    if (trigger === 'overpayment') left = money(left.minus(amount))
    return [{ charge, amount, whole }]
  })
}

/** The service that carries a charge (D8): the first of the order that is active on the account; undefined = none is. */
export const carrier = (order: readonly string[], active: readonly string[]): string | undefined =>
  order.find((service) => active.includes(service))

/** How an amount came about: `Round-Up 3.00, the largest of Fixed 2.00, Percentage 2.10, Round-Up 3.00`. */
export function deferredWords(methods: DeferredMethods, statement: Money | null): string {
  const parts = deferredParts(methods, statement).map(({ method, amount }) => `${method} ${text(amount)}`)
  const of = { maximum: 'the largest of ', minimum: 'the smallest of ', sum: 'the sum of ' }[methods.calculation]
  const on = statement ? `statement ${text(statement)}` : 'no statement yet'
  const capped = methods.cap ? `, at most ${text(methods.cap)}` : ''
  return `${parts.length > 1 ? of : ''}${parts.join(', ')}${capped}; ${on}`
}

/** Whether the customer takes part: as chosen, else as the Signup Type says (D7). */
export const takesPart = (signup: 'opt_in' | 'opt_out', chosen: boolean | null): boolean =>
  chosen ?? signup === 'opt_out'

/** What a deferred charge is posted for: once a statement, on an account without one once until there is one (D5). */
export const deferredKey = (code: string, account: string, statement: string | null): string =>
  `deferred/${code}/${account}/${statement ?? 'none'}`
