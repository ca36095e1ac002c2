import { cents, fromCents, type Money } from './money.ts'

/**
 * An amount of 0.00 or more in `count` equal parts, at least one: each cut down to the cent, the rest on the last. 250.00 in
 * 3 is 83.33, 83.33, 83.34; 0.02 in 3 is 0.00, 0.00, 0.02, and whether a part may be nothing is for who asks.
 */
export function equalParts(amount: Money, count: number): Money[] {
  const whole = cents(amount)
  const each = whole / BigInt(count)
  const last = whole - each * BigInt(count - 1)
  return Array.from({ length: count }, (_, place) => fromCents(place === count - 1 ? last : each))
}

/**
 * Shares an amount out by weight in whole cents, by largest remainder: each part is cut down to cents, then the left-over
 * cents go one by one to the biggest dropped fractions; a tie goes to the earlier part (domain.md P2). Weights are not
 * below zero and not all zero. A part never exceeds its weight while the amount does not exceed the weights' sum.
 */
export function shareOut(amount: bigint, weights: bigint[]): bigint[] {
  const total = weights.reduce((all, weight) => all + weight, 0n)
  if (total <= 0n || amount < 0n) throw new RangeError('nothing to share by')
  const parts = weights.map((weight) => (amount * weight) / total)
  const left = Number(amount - parts.reduce((all, part) => all + part, 0n))
  const lucky = new Set(byDroppedFraction(amount, total, weights).slice(0, left))
  return parts.map((part, at) => (lucky.has(at) ? part + 1n : part))
}

function byDroppedFraction(amount: bigint, total: bigint, weights: bigint[]): number[] {
  const dropped = weights.map((weight, at) => ({ at, fraction: (amount * weight) % total }))
  dropped.sort((a, b) => (a.fraction > b.fraction ? -1 : a.fraction < b.fraction ? 1 : a.at - b.at))
  return dropped.map((part) => part.at)
}
