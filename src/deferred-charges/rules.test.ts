import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { money, text } from '../ledger/money.ts'
import { carrier, type DeferredMethods, deferredAmount, deferredOnPayment, deferredWords, takesPart } from './rules.ts'

const methods = (changes: Partial<DeferredMethods> = {}): DeferredMethods => ({
  fixed: money('2.00'),
  percentage: new Big('5'),
  roundUp: money('5.00'),
  calculation: 'maximum',
  cap: null,
  ...changes,
})
const amount = (changes: Partial<DeferredMethods>, statement: string | null = '42.00') =>
  text(deferredAmount(methods(changes), statement === null ? null : money(statement)))

describe('the amount of a deferred charge', () => {
  it('001-228 001-229 001-230: fixed, percentage of the statement, up to the next multiple', () => {
    const only = { fixed: null, percentage: null, roundUp: null }
    expect(amount({ ...only, fixed: money('2.00') })).toBe('2.00')
    expect(amount({ ...only, percentage: new Big('5') })).toBe('2.10')
    expect(amount({ ...only, roundUp: money('5.00') })).toBe('3.00')
    expect(amount({ ...only, roundUp: money('10.00') })).toBe('8.00')
    expect(amount({ ...only, roundUp: money('5.00') }, '45.00')).toBe('0.00')
    expect(amount({ ...only, percentage: new Big('5') }, '-42.00')).toBe('0.00')
  })

  it('001-231 001-232 001-233 001-234 001-235: maximum, minimum, sum, and a cap (D1)', () => {
    expect(amount({ calculation: 'maximum' })).toBe('3.00')
    expect(amount({ calculation: 'minimum' })).toBe('2.00')
    expect(amount({ calculation: 'sum' })).toBe('7.10')
    expect(amount({ calculation: 'sum', cap: money('5.00') })).toBe('5.00')
    expect(amount({ calculation: 'minimum' }, '45.00')).toBe('0.00')
  })

  it('is zero by percentage and round-up without a statement (D6), and says how it came about', () => {
    expect(amount({ fixed: null }, null)).toBe('0.00')
    expect(amount({ calculation: 'sum' }, null)).toBe('2.00')
    expect(deferredWords(methods(), money('42.00'))).toBe(
      'the largest of Fixed 2.00, Percentage 2.10, Round-Up 3.00; statement 42.00',
    )
  })
})

describe('what a payment brings', () => {
  const round = { ...methods(), trigger: 'overpayment' as const, onlyIfCovered: false }
  const four = { ...round, fixed: money('4.00'), percentage: null, roundUp: null }
  const brought = (charges: (typeof round)[], available: string) =>
    deferredOnPayment('overpayment', charges, money('42.00'), money(available)).map((each) => text(each.amount))

  it('001-224: an overpayment is absorbed, in part too, or only in full (D2)', () => {
    expect(brought([round], '0.00')).toEqual([])
    expect(brought([round], '3.00')).toEqual(['3.00'])
    expect(brought([round], '2.00')).toEqual(['2.00'])
    expect(brought([{ ...round, onlyIfCovered: true }], '2.00')).toEqual([])
    expect(brought([round], '8.00')).toEqual(['3.00'])
  })

  it('001-216: goes by the Apply Order (D4)', () => {
    expect(brought([round, four], '5.00')).toEqual(['3.00', '2.00'])
  })

  it('001-225 001-226: a payment trigger charges in full, covered or not (D3)', () => {
    const [line] = deferredOnPayment('payment', [{ ...round, trigger: 'payment' }], money('42.00'), money('0.00'))
    expect(text(line?.amount ?? money('0'))).toBe('3.00')
  })

  it('001-212 001-213 001-237: opt-out opens ticked, opt-in clear (D7); the first active service carries it (D8)', () => {
    expect([takesPart('opt_out', null), takesPart('opt_in', null)]).toEqual([true, false])
    expect([takesPart('opt_out', false), takesPart('opt_in', true)]).toEqual([false, true])
    expect(carrier(['SE', 'WA'], ['WA', 'GA'])).toBe('WA')
    expect(carrier(['SE'], ['WA'])).toBeUndefined()
  })
})
