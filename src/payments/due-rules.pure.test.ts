import { describe, expect, it } from 'vitest'
import { DEFAULT_ALLOCATION } from '../ledger/allocation.ts'
import { money, text } from '../ledger/money.ts'
import { laterDue, pastDueOf, willBeDue } from './due-rules.ts'
import { decidePayment, type PaymentFacts, pastDueIn } from './rules.ts'

const MARCH = '2011-03-31'
const APRIL = '2011-04-30'

describe('past due (product.md 3.5)', () => {
  const service = {
    buckets: [
      { period: MARCH, unpaid: money('30.00') },
      { period: APRIL, unpaid: money('4.00') },
      { period: 'open' as const, unpaid: money('-9.00') },
    ],
    due: { [MARCH]: '2011-04-20' },
  }
  it.each([
    ['2011-04-20', '0.00'],
    ['2011-04-21', '30.00'],
    [APRIL, '30.00'],
    ['2011-05-01', '34.00'],
  ])('on %s: %s; the day after the due date, or after the end of a period without a charge', (day, late) => {
    expect(text(pastDueOf(service, day))).toBe(late)
  })

  it('a Misc falls due the due days after its date, an adjustment on it, a payment never', () => {
    expect(willBeDue('Misc', '2011-04-15', 20)).toBe('2011-05-05')
    expect(willBeDue('Adj', '2011-04-15', 20)).toBe('2011-04-15')
    expect(willBeDue('Pmt', '2011-04-15', 20)).toBeUndefined()
  })

  it('the latest charge counts; one on open credit belongs to its own period; less owed and other services change nothing', () => {
    const lines = [
      { service: 'WA', period: MARCH, amount: money('5.00') },
      { service: 'WA', period: 'open' as const, amount: money('2.00') },
      { service: 'WA', period: '2011-02-28', amount: money('-2.00') },
      { service: 'SE', period: '2011-01-31', amount: money('2.00') },
    ]
    const before = { [MARCH]: '2011-04-20' }
    expect(laterDue(before, 'WA', lines, { period: APRIL, due: '2011-04-01' })).toEqual({
      [MARCH]: '2011-04-20',
      [APRIL]: '2011-04-01',
    })
    expect(laterDue(before, 'WA', lines, { period: APRIL, due: '2011-05-05' })[MARCH]).toBe('2011-05-05')
  })
})

describe('a charge that comes with a payment', () => {
  const service = (code: string, sort: number, unpaid: string, due: string) => ({
    ...{ service: code, sort, active: true, onAccount: true },
    ...{ buckets: [{ period: APRIL, unpaid: money(unpaid) }], due: { [APRIL]: due } },
  })
  const facts = (fixed: string | undefined): PaymentFacts => ({
    day: '2011-04-20',
    services: [service('WA', 1, '30.00', '2011-04-10'), service('SE', 2, '20.00', '2011-04-12')],
    accountCredit: money('0.00'),
    settings: { ...DEFAULT_ALLOCATION, first: ['WA', 'SE'], payPastDueFirst: true },
    overpayment: { method: 'open_credit', listed: [], exclude: [] },
    ...{ paid12: {}, charged12: {} },
    deferred: fixed
      ? {
          ...{ statement: null, period: APRIL, due: '2011-05-10' },
          charges: [
            {
              ...{ code: 'EACH', name: 'Trees', trigger: 'payment', onlyIfCovered: false, gl: null, order: null },
              ...{ fixed: money(fixed), percentage: null, roundUp: null, calculation: 'sum', cap: null },
            },
          ],
        }
      : undefined,
  })
  const paid = (given: PaymentFacts) => {
    const decided = decidePayment(given, money('25.00'))
    return decided.ok ? decided.value.steps.map(({ part, owed }) => [part, text(owed)]) : []
  }
  it('leaves what was past due before it on the card, and makes its own bucket due later', () => {
    expect(text(pastDueIn(facts('4.00')))).toBe('50.00')
    expect(paid(facts(undefined))).toEqual([['past_due', '50.00']])
    // water is due with its new charge: only sewer is past due
    expect(paid(facts('4.00'))).toEqual([
      ['past_due', '20.00'],
      ['current', '34.00'],
    ])
  })
})
