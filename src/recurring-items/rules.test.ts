import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money, text } from '../ledger/money.ts'
import { type Applied, applies, billed, creditOf, type Item, returned, timesText, used } from './rules.ts'

const item = (changed: Partial<Item> = {}): Item => ({
  amount: money('5.00'),
  percent: null,
  beforeTax: true,
  rebate: false,
  ...changed,
})
const row = (changed: Partial<Applied> = {}): Applied => ({
  active: true,
  effective: '2026-01-01',
  timesToApply: 3,
  timesApplied: 0,
  ...changed,
})

describe('001-445: before or after taxes (domain.md R1)', () => {
  it('50.00, credit 5.00, tax 5 %: 47.25 before tax, 47.50 after', () => {
    expect(text(billed(money('50.00'), item(), new Big('0.05')).total)).toBe('47.25')
    expect(text(billed(money('50.00'), item({ beforeTax: false }), new Big('0.05')).total)).toBe('47.50')
  })
})

describe('001-462 001-463: Times to Apply (domain.md R2, R3)', () => {
  it('three times, effective 1/1: January, February and March, then inactive', () => {
    let kept = row()
    const given = ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'].map((day) => {
      const yes = applies(kept, day)
      if (yes) kept = used(kept)
      return yes
    })
    expect(given).toEqual([true, true, true, false])
    expect(kept.active).toBe(false)
  })

  it('zero is "While active"; a bill before the effective date takes and counts nothing', () => {
    expect(timesText(0)).toBe('While active')
    const forever = row({ timesToApply: 0, timesApplied: 40 })
    expect(applies(forever, '2030-01-31')).toBe(true)
    expect(used(forever).active).toBe(true)
    expect(applies(row(), '2025-12-31')).toBe(false)
  })

  it('a voided bill returns the count', () => {
    const spent = used(row({ timesApplied: 2 }))
    expect(spent).toMatchObject({ active: false, timesApplied: 3 })
    expect(returned(spent)).toMatchObject({ active: true, timesApplied: 2 })
    expect(returned(row({ active: false, timesApplied: 2 }))).toMatchObject({ active: false, timesApplied: 1 })
    expect(returned(row({ active: false, timesToApply: 0, timesApplied: 9 })).active).toBe(false)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 4 }), (timesToApply, timesApplied) => {
        const before = row({
          timesToApply,
          timesApplied: timesToApply === 0 ? timesApplied : timesApplied % timesToApply,
        })
        expect(returned(used(before))).toEqual(before)
      }),
    )
  })
})

describe('a credit (domain.md R4)', () => {
  it('is limited to the charge unless it is a rebate', () => {
    expect(text(creditOf(item(), money('3.00')))).toBe('3.00')
    expect(text(creditOf(item({ rebate: true }), money('3.00')))).toBe('5.00')
    expect(text(creditOf(item({ amount: null, percent: new Big('0.10') }), money('45.05')))).toBe('4.51')
  })
})
