import type Big from 'big.js'
import type { Day } from '../ledger/calendar.ts'
import { ZERO } from '../ledger/money.ts'

export interface Value {
  from: Day
  value: Big
}

export interface Variance {
  /** Changes the effective value as it is. */
  amount: Big
  /** How many more or fewer; multiplied like the value. */
  value: Big
  effective: Day
  /** Last day, inclusive; none = from then on. */
  expires: Day | null
}

/** The value that counts on a day: the latest that began by then; none before the first. */
export function valueOn(values: readonly Value[], day: Day): Big | undefined {
  const begun = values.filter(({ from }) => from <= day)
  return begun.reduce<Value | undefined>(
    (latest, each) => (latest && latest.from > each.from ? latest : each),
    undefined,
  )?.value
}

export const inForce = ({ effective, expires }: Variance, day: Day): boolean =>
  effective <= day && (expires === null || day <= expires)

/**
 * Effective Value: multiplier × (value + variance values) + variance amounts, of the variances in force that day
 * (domain.md 3.12, reading 2).
 */
export function effectiveValue(
  multiplier: Big,
  values: readonly Value[],
  variances: readonly Variance[],
  day: Day,
): Big {
  const counted = variances.filter((variance) => inForce(variance, day))
  const number = counted.reduce((total, { value }) => total.plus(value), valueOn(values, day) ?? ZERO)
  return counted.reduce((total, { amount }) => total.plus(amount), multiplier.times(number))
}
