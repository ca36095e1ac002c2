import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  checkboxInput,
  codeInput,
  dateInput,
  decimalInput,
  emailInput,
  linesInput,
  moneyInput,
  numberInput,
  optional,
  optionalEmail,
  textInput,
} from './inputs.ts'

const passes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

const NOT_MONEY = [
  '',
  ' ',
  'abc',
  '1e5',
  '1E5',
  'NaN',
  'Infinity',
  '-Infinity',
  '0x10',
  '1_000',
  '1,000.00',
  '1,00',
  '12,34',
  '.5',
  '5.',
  '1.234',
  '--1',
  '+1',
  '-',
  '1-',
  '$5',
  '5 USD',
  '٤٢',
  '４２',
  '1 000',
  '1.2.3',
  '12345678901',
  '12345678901.00',
  '1.-5',
  '(5.00)',
  'null',
  'true',
  '1;2',
  '१२',
  '1\u00a0000',
  '1\n2',
]

describe('S-32: money', () => {
  it.each(NOT_MONEY)('refuses %j', (typed) =>
    expect(passes(moneyInput({ negative: true, zero: true }), typed)).toBe(false),
  )
  it.each(['1', '42.5', '42.50', '0.01', '9999999999.99', ' 7.00 '])('reads %j', (typed) =>
    expect(passes(moneyInput(), typed)).toBe(true),
  )
  it('takes a minus and zero only where allowed', () => {
    expect(passes(moneyInput(), '-1.00')).toBe(false)
    expect(passes(moneyInput({ negative: true }), '-1.00')).toBe(true)
    expect(passes(moneyInput(), '0.00')).toBe(false)
    expect(passes(moneyInput({ zero: true }), '0.00')).toBe(true)
  })
})

describe('S-32: dates', () => {
  it.each([
    ['03/01/2026', '2026-03-01'],
    ['3/1/2026', '2026-03-01'],
    ['2026-03-01', '2026-03-01'],
    ['02/29/2024', '2024-02-29'],
  ])('reads %s', (typed, day) => expect(dateInput().parse(typed)).toBe(day))
  it.each([
    '',
    'today',
    '02/29/2026',
    '13/01/2026',
    '00/10/2026',
    '04/31/2026',
    '1/1/26',
    '2026-3-1',
    '2026-02-30',
    '2026/03/01',
    '03-01-2026',
    '03/01/2026x',
    '٠٣/٠١/٢٠٢٦',
    '03/01/02026',
    '2026-03-01T00:00:00Z',
    '20260301',
  ])('refuses %j', (typed) => expect(passes(dateInput(), typed)).toBe(false))
  it('says what does not exist', () => {
    expect(dateInput().safeParse('13/20/2026').error?.issues[0]?.message).toBe('There is no month 13.')
    expect(dateInput().safeParse('04/31/2026').error?.issues[0]?.message).toBe('There is no day 31 in that month.')
  })
})

describe('text, codes and numbers', () => {
  it('trims, joins accents, counts after that', () => {
    expect(textInput(4).parse('  cafe\u0301 ')).toBe('café')
    expect(passes(textInput(4), 'cafés')).toBe(false)
  })
  it.each(['a\u0000b', 'a\u001bb', 'a\u202eb', 'a\u2066b', 'a\nb'])('refuses the control character in %j', (typed) =>
    expect(passes(textInput(), typed)).toBe(false),
  )
  it('keeps line ends in lines', () => expect(linesInput().parse('a\r\nb\rc')).toBe('a\nb\nc'))
  it('takes codes of 20 characters, as typed', () => {
    expect(codeInput().parse('aB-01')).toBe('aB-01')
    expect(passes(codeInput(), 'x'.repeat(21))).toBe(false)
  })
  it.each(['1.5', '1e3', '', '१', '99999999999', '--1'])('refuses %j as a whole number', (typed) =>
    expect(passes(numberInput(), typed)).toBe(false),
  )
  it('holds the limits', () => {
    expect(numberInput({ min: 1, max: 12 }).parse('12')).toBe(12)
    expect(passes(numberInput({ min: 1, max: 12 }), '13')).toBe(false)
    expect(decimalInput({ places: 6, max: '1' }).parse('0.105').toFixed()).toBe('0.105')
    expect(passes(decimalInput({ places: 2 }), '0.105')).toBe(false)
  })
  it.each(['a:b@x.org', 'a"b@x.org', 'a@b@c', 'a b@c', 'a'])('refuses %j, to which no message goes', (typed) => {
    expect(passes(emailInput(), typed)).toBe(false)
    expect(passes(optionalEmail(), typed)).toBe(false)
  })
  it('takes an e-mail address, and none where it may be empty', () => {
    expect(emailInput().parse(' ann@x.org ')).toBe('ann@x.org')
    expect(optionalEmail().parse(' ')).toBe('')
  })
  it('knows a tick from none, and empty from typed', () => {
    expect(checkboxInput().parse(undefined)).toBe(false)
    expect(checkboxInput().parse('on')).toBe(true)
    expect(optional(numberInput()).parse('  ')).toBeUndefined()
  })
})
