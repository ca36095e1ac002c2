import Big from 'big.js'
import { accept, type Result, refuse } from './result.ts'

/** An amount in dollars with at most two decimals; never a JavaScript number. */
export type Money = Big

// Strict: a binary fraction can then never slip in as 0.1 + 0.2.
Big.strict = true

export const ZERO: Money = new Big('0')

const HALF_UP = 1
const MONEY = /^-?\d{1,10}(\.\d{1,2})?$/
const DIGIT_RUNS = /\d+|\D+/g

/** Rounds to cents, half away from zero (4.505 is 4.51, -4.505 is -4.51); the only place where money is rounded. */
export function money(value: string | Big): Money {
  const rounded = new Big(value).round(2, HALF_UP)
  return rounded.eq(ZERO) ? ZERO : rounded
}

/** An amount as the database gives it: numeric with two decimals, so there is nothing to round. For bulk. */
export const stored = (value: string): Money => new Big(value)

/** Reads what a person or a file wrote: plain ASCII digits, at most ten before the point and two after; refuses all else. */
export function moneyOf(written: string): Result<Money> {
  if (!MONEY.test(written)) return refuse('not_an_amount', { value: written.slice(0, 40) })
  const value = money(written)
  if (value === ZERO && written.startsWith('-')) return refuse('not_an_amount', { value: written })
  return accept(value)
}

/** `204.55`, `-3.00`; zero is `0.00` and never `-0.00`. */
export function text(amount: Money): string {
  if (isZero(amount)) return '0.00'
  return decimals(amount) > 2 ? amount.toFixed(2) : written(amount.s < 0, centDigits(amount))
}

/** True above zero; comparing with `ZERO` costs two objects more. For bulk. */
export const isPositive = (amount: Money): boolean => amount.s > 0 && !isZero(amount)

export function sum(list: Money[]): Money {
  return fromCents(list.reduce((total, amount) => total + cents(amount), 0n))
}

/** Whole cents, for loops that share money out; throws where the amount is finer than a cent. */
export function cents(amount: Money): bigint {
  if (decimals(amount) > 2) throw new RangeError(`${amount.toFixed()} is finer than a cent`)
  const count = BigInt(centDigits(amount))
  return amount.s < 0 ? -count : count
}

export function fromCents(count: bigint): Money {
  if (count === 0n) return ZERO
  return new Big(written(count < 0n, (count < 0n ? -count : count).toString()))
}

// big.js keeps an amount's digits, the exponent of the first and the sign; its own text costs several objects each
const isZero = (amount: Money): boolean => amount.c[0] === 0
const decimals = (amount: Money): number => amount.c.length - 1 - amount.e

function centDigits(amount: Money): string {
  let digits = ''
  for (const digit of amount.c) digits += digit
  return digits.padEnd(amount.e + 3, '0')
}

function written(isNegative: boolean, digits: string): string {
  const padded = digits.padStart(3, '0')
  return `${isNegative ? '-' : ''}${padded.slice(0, -2)}.${padded.slice(-2)}`
}

/** Math.min for cents, which are bigints. */
export const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/**
 * Order of customer, location and account numbers: digit runs compare as numbers, so 999.10 stands before 1000.01.
 * Numbers that differ only in leading zeros fall back to the plain order of their characters.
 */
export function compareNumbers(a: string, b: string): number {
  const left = a.match(DIGIT_RUNS) ?? []
  const right = b.match(DIGIT_RUNS) ?? []
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const order = compareRuns(left[at] ?? '', right[at] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length || compareText(a, b)
}

function compareRuns(a: string, b: string): number {
  if (!isDigits(a) || !isDigits(b)) return compareText(a, b)
  const left = a.replace(/^0+(?=\d)/, '')
  const right = b.replace(/^0+(?=\d)/, '')
  return left.length - right.length || compareText(left, right)
}

const isDigits = (run: string): boolean => run >= '0' && run < ':'

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
