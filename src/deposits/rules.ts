import { type Money, money, ZERO } from '../ledger/money.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import { equalParts } from '../ledger/share.ts'

/** The lesser of two amounts. */
export const lesser = (a: Money, b: Money): Money => (a.lt(b) ? a : b)

/**
 * Whether a customer may hold so much: what is held and what comes on top together not above the maximum holding; a
 * maximum of 0.00 is none (domain.md 3.13: held 100.00 and 60.00 more against 150.00 is refused).
 */
export function mayHold(held: Money, more: Money, maximum: Money): Result<true> {
  if (maximum.lte(ZERO) || held.plus(more).lte(maximum)) return accept(true)
  return refuse('above_maximum', { held: held.toFixed(2), maximum: maximum.toFixed(2) })
}

/**
 * A deposit in equal parts, the rest on the last (two of 100.00 are 50.00 and 50.00). Refuses fewer than one part, more
 * than the set maximum (domain.md 3.13), and so many that one would be less than 0.01.
 */
export function installments(amount: Money, parts: number, most: number): Result<Money[]> {
  if (parts < 1 || parts > most) return refuse('too_many_installments', { most: String(most) })
  const split = equalParts(amount, parts)
  if (amount.gt(ZERO) && split[0]?.eq(ZERO)) return refuse('installment_too_small', { parts: String(parts) })
  return accept(split)
}

/** What of a deposit is to be paid now: what is left of its first part that is not paid in full; 0.00 when all is paid. */
export function dueNow(amount: Money, parts: number, received: Money): Money {
  const split = installments(amount, parts, parts)
  let before = ZERO
  for (const part of split.ok ? split.value : [amount]) {
    before = before.plus(part)
    if (received.lt(before)) return money(before.minus(received))
  }
  return ZERO
}

/**
 * What becomes of a deposit when the customer leaves: it pays what is owed, at most all of it, and the rest is refunded
 * (domain.md 3.13: 101.25 held and 62.15 owed: 62.15 applied, 39.10 refunded).
 */
export function settle(held: Money, owed: Money): { apply: Money; refund: Money } {
  const apply = owed.gt(ZERO) ? lesser(held, owed) : ZERO
  return { apply: money(apply), refund: money(held.minus(apply)) }
}

interface Held {
  held: Money
}

/** Takes an amount out of deposits in the order given: how much of each. Refuses more than they hold together. */
export function takeOut<T extends Held>(deposits: readonly T[], amount: Money): Result<(T & { amount: Money })[]> {
  const parts: (T & { amount: Money })[] = []
  let left = amount
  for (const each of deposits) {
    const part = lesser(each.held, left)
    if (part.gt(ZERO)) parts.push({ ...each, amount: money(part) })
    left = left.minus(part)
  }
  if (left.gt(ZERO)) return refuse('above_held', { held: money(amount.minus(left)).toFixed(2) })
  return accept(parts)
}
