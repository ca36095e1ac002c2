import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money, sum, text } from '../ledger/money.ts'
import { type Billing, billDueDates, dueDates, instalmentsOf, obstacles, type Typed, termsOf } from './rules.ts'

const OWED = [
  { code: 'WA', name: 'Water', balance: money('180.00') },
  { code: 'SE', name: 'Sewer', balance: money('70.00') },
]
const BILLING: Billing = { currentPeriod: '2026-11-30', periods: [], billed: '2026-10-31', every: 1, dueDays: 20 }
const TYPED: Typed = {
  services: ['WA', 'SE'],
  amount: money('250.00'),
  payments: 3,
  regular: false,
  frequency: 'monthly',
  startDate: '2027-01-31',
}
const terms = (changed: Partial<Typed> = {}) => termsOf(OWED, { ...TYPED, ...changed }, BILLING, '2026-11-20')
const refusal = (changed: Partial<Typed>) => {
  const decided = terms(changed)
  return decided.ok ? undefined : decided.refusal
}

describe('what stands against a plan (A1)', () => {
  it('001-474 001-475 001-476: no balance, an unfinished plan, unposted transactions; all that fail are named', () => {
    expect(obstacles({ balance: money('0.01'), unfinished: false, unposted: 0 })).toEqual([])
    expect(obstacles({ balance: money('0.00'), unfinished: true, unposted: 2 })).toEqual([
      'no_balance',
      'unfinished',
      'unposted',
    ])
    expect(obstacles({ balance: money('-5.00'), unfinished: false, unposted: 0 })).toEqual(['no_balance'])
  })
})

describe('amounts (A2, A3)', () => {
  it('001-485 001-488 001-489: 180.00 and 70.00 are 250.00; 250.01 is refused; 200.00 leaves 50.00', () => {
    const all = terms()
    expect(all.ok && [text(all.value.accountBalance), text(all.value.remaining)]).toEqual(['250.00', '0.00'])
    expect(refusal({ amount: money('250.01') })).toBe('over_balance')
    const part = terms({ amount: money('200.00') })
    expect(part.ok && text(part.value.remaining)).toBe('50.00')
    expect(refusal({ services: ['SE'], amount: money('70.01') })).toBe('over_balance')
  })

  it('001-484: at least one service', () => {
    expect(refusal({ services: [] })).toBe('no_service')
    expect(refusal({ services: ['XX'] })).toBe('no_service')
  })

  it('001-491: cut to cents, the rest on the last; less than a cent is refused', () => {
    const parts = (amount: string, count: number) => {
      const made = instalmentsOf(money(amount), count)
      return made.ok ? made.value.map(text) : made.refusal
    }
    expect(parts('250.00', 3)).toEqual(['83.33', '83.33', '83.34'])
    expect(parts('100.00', 6)).toEqual(['16.66', '16.66', '16.66', '16.66', '16.66', '16.70'])
    expect(parts('0.02', 3)).toBe('instalment_too_small')
  })

  it('instalments are the amount, to the cent, and none is below the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 120, max: 99_999_999 }), fc.integer({ min: 1, max: 120 }), (whole, count) => {
        const amount = money(`${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`)
        const made = instalmentsOf(amount, count)
        expect(made.ok).toBe(true)
        if (!made.ok) return
        expect(text(sum(made.value))).toBe(text(amount))
        expect(made.value.every((each) => each.gte(made.value[0] ?? amount))).toBe(true)
      }),
    )
  })
})

describe('due dates (A4)', () => {
  it('001-494 001-495: by frequency from the start date; 31 January monthly is 31 January, 28 February, 31 March', () => {
    expect(dueDates('2027-01-31', 'monthly', 3)).toEqual(['2027-01-31', '2027-02-28', '2027-03-31'])
    expect(dueDates('2027-01-31', 'weekly', 3)).toEqual(['2027-01-31', '2027-02-07', '2027-02-14'])
    expect(dueDates('2027-01-31', 'biweekly', 2)).toEqual(['2027-01-31', '2027-02-14'])
    expect(dueDates('2026-11-30', 'quarterly', 3)).toEqual(['2026-11-30', '2027-02-28', '2027-05-30'])
  })

  it('001-492: with regular billing: the due dates of the next bills of the cycle', () => {
    expect(billDueDates(BILLING, '2026-11-20', 3)).toEqual(['2026-12-20', '2027-01-20', '2027-02-20'])
    expect(billDueDates({ ...BILLING, billed: '2026-11-30' }, '2026-11-20', 1)).toEqual(['2027-01-20'])
    expect(billDueDates({ ...BILLING, billed: null }, '2026-11-20', 1)).toEqual(['2026-12-20'])
    expect(billDueDates({ ...BILLING, every: 3 }, '2026-11-20', 2)).toEqual(['2027-02-20', '2027-05-20'])
    expect(billDueDates({ ...BILLING, billed: '2026-01-31' }, '2026-11-20', 1)).toEqual(['2026-11-20'])
  })

  it('001-493: without it a frequency and a start from today on are needed', () => {
    expect(refusal({ frequency: undefined })).toBe('no_frequency')
    expect(refusal({ startDate: undefined })).toBe('no_start')
    expect(refusal({ startDate: '2026-11-19' })).toBe('start_past')
    expect(refusal({ startDate: '2026-11-20' })).toBeUndefined()
    expect(refusal({ regular: true, frequency: undefined, startDate: undefined })).toBeUndefined()
  })
})
