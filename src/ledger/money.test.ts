import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cents, compareNumbers, fromCents, isPositive, money, moneyOf, sum, text, ZERO } from './money.ts'

describe('money', () => {
  it.each([
    ['4.505', '4.51'],
    ['20.455', '20.46'],
    ['-4.505', '-4.51'],
    ['1.004', '1.00'],
    ['-0.004', '0.00'],
    ['0', '0.00'],
    ['9999999999.99', '9999999999.99'],
  ])('rounds %s to %s', (written, rounded) => {
    expect(text(money(written))).toBe(rounded)
  })

  it('never says minus zero', () => {
    expect(text(ZERO.neg())).toBe('0.00')
    expect(text(money('-1').plus('1').times('-1'))).toBe('0.00')
    expect(text(fromCents(-0n))).toBe('0.00')
  })

  it('refuses JavaScript numbers', () => {
    expect(() => ZERO.plus(0.1)).toThrow()
  })

  it('adds up', () => {
    expect(text(sum([]))).toBe('0.00')
    expect(text(sum(['65.77', '70.51', '68.27'].map(money)))).toBe('204.55')
  })

  it('refuses cents of what is finer than a cent', () => {
    expect(() => cents(money('1').div('3'))).toThrow(RangeError)
  })
})

describe('moneyOf', () => {
  it.each(['0', '7', '204.55', '-3.00', '1.5', '9999999999.99'])('reads %s', (written) => {
    expect(moneyOf(written)).toEqual({ ok: true, value: money(written) })
  })

  it.each([
    '',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '1.005',
    '1e3',
    '+1',
    '1,000',
    '0x1',
    '-0',
    '-0.00',
    '12345678901',
    '١٢',
    '１',
    'NaN',
    '1\n',
  ])('refuses %j', (written) => {
    expect(moneyOf(written)).toMatchObject({ ok: false, refusal: 'not_an_amount' })
  })
})

describe('cents', () => {
  it.each([
    [0n, '0.00'],
    [1n, '0.01'],
    [-1n, '-0.01'],
    [20455n, '204.55'],
    [-300n, '-3.00'],
  ])('%s cents are %s', (count, written) => {
    expect(text(fromCents(count))).toBe(written)
    expect(cents(money(written))).toBe(count)
  })

  it('goes there and back', () => {
    fc.assert(fc.property(fc.bigInt(-(10n ** 14n), 10n ** 14n), (count) => cents(fromCents(count)) === count))
  })
})

describe('amounts in bulk', () => {
  const amounts = fc.record({ whole: fc.bigInt(-(10n ** 16n), 10n ** 16n), zeros: fc.nat(9) })

  it('are written as big.js writes them, whatever their digits', () => {
    fc.assert(
      fc.property(amounts, ({ whole, zeros }) => {
        const amount = fromCents(whole * 10n ** BigInt(zeros))
        expect(text(amount)).toBe(amount.toFixed(2))
        expect(cents(amount)).toBe(BigInt(amount.toFixed(2).replace('.', '')))
        expect(isPositive(amount)).toBe(amount.gt(ZERO))
      }),
    )
  })

  it.each(['0', '0.05', '0.5', '-0.05', '1', '10', '1200', '-1200.5', '99.99'])('%s too', (written) => {
    const amount = money(written)
    expect(text(amount)).toBe(amount.toFixed(2))
    expect(isPositive(amount)).toBe(amount.gt(ZERO))
  })
})

describe('compareNumbers', () => {
  it.each([
    [
      ['1000.01', '999.10', '999.9'],
      ['999.9', '999.10', '1000.01'],
    ],
    [
      ['A10', 'A9', 'A'],
      ['A', 'A9', 'A10'],
    ],
    [
      ['12', '2', '002', '1'],
      ['1', '002', '2', '12'],
    ],
    [
      ['T0000010', 'T9'],
      ['T9', 'T0000010'],
    ],
    [
      ['b', '1', 'B', ''],
      ['', '1', 'B', 'b'],
    ],
    [
      ['98765432109876543210', '98765432109876543209'],
      ['98765432109876543209', '98765432109876543210'],
    ],
  ])('sorts %j', (unsorted, sorted) => {
    expect([...unsorted].sort(compareNumbers)).toEqual(sorted)
  })

  it('is one order: antisymmetric and transitive', () => {
    const number = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', 'A', 'b'), maxLength: 6 })
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        expect(Math.sign(compareNumbers(a, b)) + Math.sign(compareNumbers(b, a))).toBe(0)
        if (compareNumbers(a, b) <= 0 && compareNumbers(b, c) <= 0) expect(compareNumbers(a, c)).toBeLessThanOrEqual(0)
        expect(compareNumbers(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
