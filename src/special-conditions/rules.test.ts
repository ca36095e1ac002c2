import { describe, expect, it } from 'vitest'
import { type Condition, exemptions, inForce, unmet } from './rules.ts'

const condition = (changed: Partial<Condition> = {}): Condition => ({
  code: 'MED',
  name: 'Medical',
  active: true,
  effective: '2026-03-01',
  expires: '2026-03-31',
  exempts: ['penalty'],
  ...changed,
})

describe('a special condition (domain.md S1)', () => {
  it.each([
    ['2026-02-28', false],
    ['2026-03-01', true],
    ['2026-03-31', true],
    ['2026-04-01', false],
  ])('001-510 001-530: effective 3/1, expires 3/31, on %s: %s', (day, expected) => {
    expect(inForce(condition(), day)).toBe(expected)
    expect(exemptions([condition()], 'penalty', day).length > 0).toBe(expected)
  })

  it('001-529: without an expiration it is permanent; deactivated it is over', () => {
    expect(inForce(condition({ expires: null }), '2099-01-01')).toBe(true)
    expect(inForce(condition({ active: false }), '2026-03-15')).toBe(false)
  })

  it('takes out of the actions it names and of no others', () => {
    expect(exemptions([condition()], 'statement', '2026-03-15')).toEqual([])
    const both = [condition(), condition({ code: 'SNR', exempts: ['statement', 'penalty'] })]
    expect(exemptions(both, 'penalty', '2026-03-15').map(({ code }) => code)).toEqual(['MED', 'SNR'])
  })
})

describe('001-511: requirements', () => {
  const none = { kind: null, customerType: null, revenueClass: null }
  it.each([
    [none, { ...none, kind: 'profit' }, undefined],
    [{ ...none, kind: 'individual' }, { ...none, kind: 'profit' }, 'kind'],
    [{ ...none, customerType: 2 }, none, 'customerType'],
    [{ ...none, revenueClass: 2 }, { ...none, revenueClass: 3 }, 'revenueClass'],
    [{ ...none, revenueClass: 3 }, { ...none, revenueClass: 3 }, undefined],
  ])('%o of %o: %s', (asked, facts, expected) => expect(unmet(asked, facts)).toBe(expected))
})
