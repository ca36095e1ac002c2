import Big from 'big.js'
import { z } from 'zod'
import { type Day, isDay } from '../ledger/calendar.ts'
import { type Money, moneyOf, ZERO } from '../ledger/money.ts'
import { isAddress } from '../mail/rules.ts'

/** Text as a person types it: NFC, no spaces at the ends, no control characters, at most `max` characters, not empty. */
export function textInput(max = 100) {
  return z
    .string()
    .max(max * 4, `At most ${max} characters.`)
    .transform((typed) => typed.normalize('NFC').trim())
    .refine((typed) => typed.length <= max, `At most ${max} characters.`)
    .refine((typed) => !hasControls(typed), 'There is a character in it that cannot be shown.')
    .refine((typed) => typed !== '', 'This is needed.')
}

/** Several lines of text; line ends become a line feed. */
export function linesInput(max = 4000) {
  return z
    .string()
    .max(max * 2, `At most ${max} characters.`)
    .transform((typed) => typed.normalize('NFC').replace(/\r\n?/g, '\n').trim())
    .refine((typed) => typed.length <= max, `At most ${max} characters.`)
    .refine((typed) => !hasControls(typed.replace(/[\n\t]/g, '')), 'There is a character in it that cannot be shown.')
    .refine((typed) => typed !== '', 'This is needed.')
}

/** One e-mail address, as a message can be sent to. */
export const emailInput = () => textInput(200).refine(isAddress, 'Write one e-mail address.')

/** An e-mail address that may be empty; empty stays an empty text. */
export const optionalEmail = () => optional(emailInput()).transform((typed) => typed ?? '')

/** A code or number of the town: up to 20 characters, upper and lower case differ. */
export const codeInput = () => textInput(20)

interface MoneyLimits {
  /** Negative amounts are allowed. */
  negative?: boolean
  /** 0.00 is allowed. */
  zero?: boolean
}

/** An amount, at most ten digits and two decimals; nothing else is guessed (S-32). Above 0.00 unless told otherwise. */
export function moneyInput(limits: MoneyLimits = {}) {
  return z
    .string()
    .trim()
    .transform((typed, context): Money => {
      const read = moneyOf(typed)
      const refused = read.ok ? moneyRefusal(read.value, limits) : 'Write an amount like 42.50.'
      if (refused === undefined && read.ok) return read.value
      context.addIssue({ code: 'custom', message: refused ?? 'Write an amount like 42.50.' })
      return z.NEVER
    })
}

function moneyRefusal(amount: Money, limits: MoneyLimits): string | undefined {
  if (amount.lt(ZERO) && !limits.negative) return 'The amount may not be negative.'
  if (amount.eq(ZERO) && !limits.zero) return 'The amount must be more than 0.00.'
  return undefined
}

/** A day typed as MM/DD/YYYY (M/D/YYYY will do) or YYYY-MM-DD. Says which part does not exist. */
export function dateInput() {
  return z
    .string()
    .trim()
    .transform((typed, context): Day => {
      const day = dayTyped(typed)
      if (day !== undefined && isDay(day)) return day
      context.addIssue({
        code: 'custom',
        message: day === undefined ? 'Write a date like 03/31/2026.' : noSuchDay(day),
      })
      return z.NEVER
    })
}

function dayTyped(typed: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(typed)) return typed
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(typed)
  if (!parts) return undefined
  const [, month = '', day = '', year = ''] = parts
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function noSuchDay(day: string): string {
  const month = Number(day.slice(5, 7))
  if (month < 1 || month > 12) return `There is no month ${month}.`
  return `There is no day ${Number(day.slice(8))} in that month.`
}

/** A whole number within limits, both inclusive. */
export function numberInput(limits: { min?: number; max?: number } = {}) {
  const { min = 0, max = 999_999_999 } = limits
  return z
    .string()
    .trim()
    .regex(/^-?\d{1,9}$/, 'Write a whole number.')
    .transform(Number)
    .pipe(z.number().min(min, `At least ${min}.`).max(max, `At most ${max}.`))
}

/** A number with decimals that is not money: a rate, a quantity. At most `places` decimals; limits inclusive. */
export function decimalInput(limits: { places?: number; min?: string; max?: string } = {}) {
  const { places = 4, min = '0', max = '9999999999' } = limits
  return z
    .string()
    .trim()
    .regex(new RegExp(`^-?\\d{1,10}(\\.\\d{1,${places}})?$`), `Write a number with at most ${places} decimals.`)
    .transform((typed) => new Big(typed))
    .refine((value) => value.gte(min), `At least ${min}.`)
    .refine((value) => value.lte(max), `At most ${max}.`)
}

/** Ticked or not: a browser leaves an unticked box out. */
export function checkboxInput() {
  return z
    .enum(['on', 'yes', 'true'])
    .optional()
    .transform((ticked) => ticked !== undefined)
}

/** One of a fixed list. Lists from the database use `codeInput()` and pass their options at `show` and `parse`. */
export function selectInput<const T extends readonly [string, ...string[]]>(
  values: T,
  message = 'Choose one of the list.',
) {
  return z.enum(values, message)
}

/** Several of a list: none, one or more ticked boxes of the same name. Show it with input 'checks'. */
export function checksInput() {
  return z.array(z.string().max(100)).max(500)
}

/** Left empty it is `undefined`. */
export function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (typed) => (typeof typed === 'string' && typed.trim() === '' ? undefined : typed),
    schema.optional(),
  )
}

/** Text that may be empty; empty stays an empty text. */
export function optionalText(max = 100) {
  return optional(textInput(max)).transform((typed) => typed ?? '')
}

// C0 and C1 controls, and the characters that turn the direction of what follows (they can disguise a name).
const hasControls = (typed: string): boolean =>
  [...typed].some((character) => {
    const point = character.codePointAt(0) ?? 0
    return (
      point < 32 ||
      (point >= 127 && point < 160) ||
      (point >= 0x202a && point <= 0x202e) ||
      (point >= 0x2066 && point <= 0x2069)
    )
  })
