import Big from 'big.js'
import { z } from 'zod'
import { type Day, isDay } from '../ledger/calendar.ts'
import { type Money, moneyOf, text } from '../ledger/money.ts'

/** How a setting is written in its row and in `organization.csv`, and what it is in TypeScript. */
export interface Kind<T> {
  codec: z.ZodType<T, string>
  write(value: T): string
  /** What it is while nobody has set it; also what an empty text means. */
  initial: T
  /** 'gl' and 'service' name a row that must exist. */
  names?: 'gl' | 'service'
}

/** Text of at most `max` characters; empty = none. */
export function words(initial = '', max = 100): Kind<string> {
  return { codec: z.string().trim().max(max, `At most ${max} characters.`), write: String, initial }
}

/** An amount of 0.00 or more. */
export function amountOf(initial: Money): Kind<Money> {
  const codec = z.string().transform((written, context): Money => {
    const read = moneyOf(written)
    if (read.ok && read.value.gte('0')) return read.value
    context.addIssue({ code: 'custom', message: 'Write an amount like 42.50, not below 0.00.' })
    return z.NEVER
  })
  return { codec, write: text, initial }
}

/** A fraction from 0 to 1 with at most six decimals: 0.10 = 10 %. */
export function fraction(initial: Big): Kind<Big> {
  const codec = z.string().transform((written, context): Big => {
    const value = /^[01](\.\d{1,6})?$/.test(written) ? new Big(written) : undefined
    if (value?.lte('1')) return value
    context.addIssue({ code: 'custom', message: 'Write a fraction from 0 to 1 with at most six decimals.' })
    return z.NEVER
  })
  return { codec, write: (value) => (value.c.length - 1 - value.e > 2 ? value.toFixed() : value.toFixed(2)), initial }
}

/** A whole number, limits inclusive. */
export function whole(initial: number, min: number, max: number): Kind<number> {
  const message = `Write a whole number from ${min} to ${max}.`
  const codec = z
    .string()
    .regex(/^\d{1,6}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
  return { codec, write: String, initial }
}

/** `yes` or `no`. */
export function yesNo(initial: boolean): Kind<boolean> {
  const codec = z.enum(['yes', 'no'], 'Write yes or no.').transform((written) => written === 'yes')
  return { codec, write: (value) => (value ? 'yes' : 'no'), initial }
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T, initial: T[number]): Kind<T[number]> {
  return { codec: z.enum(values, `Write one of ${values.join(', ')}.`), write: String, initial }
}

/** A day, or none. */
export function dayOrNone(): Kind<Day | null> {
  const codec = z.string().refine(isDay, 'Write a date like 2026-10-31.')
  return { codec, write: (value) => value ?? '', initial: null }
}

/** The code or number of a row of another table, or none. */
export function named(names: 'gl' | 'service'): Kind<string | null> {
  return { codec: z.string().max(20, 'At most 20 characters.'), write: (value) => value ?? '', initial: null, names }
}

/** A timezone of the IANA list. */
export function timezone(initial: string): Kind<string> {
  return { codec: z.string().refine(isTimezone, 'There is no such timezone.'), write: String, initial }
}

function isTimezone(name: string): boolean {
  if (TIMEZONES.has(name)) return true
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    TIMEZONES.add(name)
    return true
  } catch {
    return false
  }
}

// Asking costs milliseconds, and every visit reads the settings. Only names that exist are kept.
const TIMEZONES = new Set<string>()
