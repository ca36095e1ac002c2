import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { effectiveValue, type Variance, valueOn } from './rules.ts'

const variance = (value: string, amount: string, effective: string, expires: string | null): Variance => ({
  value: new Big(value),
  amount: new Big(amount),
  effective,
  expires,
})
const residents = [{ from: '2026-01-01', value: new Big('4') }]
const summer = variance('2', '0', '2026-06-01', '2026-08-31')

describe('001-421: Effective Value (domain.md 3.12)', () => {
  it.each([
    ['2026-05-31', '220'],
    ['2026-06-01', '330'],
    ['2026-07-15', '330'],
    ['2026-08-31', '330'],
    ['2026-09-01', '220'],
  ])('001-427 001-428 001-429: 4 residents by 55, 2 more from 6/1 to 8/31, on %s: %s', (day, expected) => {
    expect(effectiveValue(new Big('55'), residents, [summer], day).toString()).toBe(expected)
  })

  it('001-426: an amount changes it as it is: 830 on 7/15', () => {
    const both = [summer, variance('0', '500', '2026-07-01', '2026-07-31')]
    expect(effectiveValue(new Big('55'), residents, both, '2026-07-15').toString()).toBe('830')
    expect(effectiveValue(new Big('55'), residents, both, '2026-08-01').toString()).toBe('330')
  })

  it('counts nothing before the first value, except what a variance says', () => {
    expect(effectiveValue(new Big('55'), residents, [], '2025-12-31').toString()).toBe('0')
    const early = variance('2', '0', '2025-12-01', null)
    expect(effectiveValue(new Big('55'), residents, [early], '2025-12-31').toString()).toBe('110')
  })
})

describe('001-414: values keep their history', () => {
  it('counts the latest that began by the day, and none before the first', () => {
    const values = [...residents, { from: '2026-03-10', value: new Big('5') }]
    expect(valueOn(values, '2026-03-09')?.toString()).toBe('4')
    expect(valueOn(values, '2026-03-10')?.toString()).toBe('5')
    expect(valueOn(values, '2025-12-31')).toBeUndefined()
  })
})
