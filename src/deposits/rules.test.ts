import { describe, expect, it } from 'vitest'
import { money, text } from '../ledger/money.ts'
import { dueNow, installments, mayHold, settle, takeOut } from './rules.ts'

const texts = (result: ReturnType<typeof installments>) => (result.ok ? result.value.map(text) : result.refusal)

describe('deposits (domain.md 3.13)', () => {
  it('max holding 150.00, holding 100.00, new 60.00: refused; 50.00 is the limit; 0.00 is no limit', () => {
    expect(mayHold(money('100.00'), money('60.00'), money('150.00'))).toMatchObject({ refusal: 'above_maximum' })
    expect(mayHold(money('100.00'), money('50.00'), money('150.00')).ok).toBe(true)
    expect(mayHold(money('100.00'), money('60.00'), money('0.00')).ok).toBe(true)
  })
  it('two instalments of 100.00 are 50.00 and 50.00; cents go on the last; at most the maximum', () => {
    expect(texts(installments(money('100.00'), 2, 4))).toEqual(['50.00', '50.00'])
    expect(texts(installments(money('100.00'), 3, 4))).toEqual(['33.33', '33.33', '33.34'])
    expect(texts(installments(money('0.02'), 3, 4))).toBe('installment_too_small')
    expect(texts(installments(money('0.00'), 1, 4))).toEqual(['0.00'])
    expect(texts(installments(money('100.00'), 5, 4))).toBe('too_many_installments')
  })
  it('what is due now is the first part that is not paid', () => {
    expect(text(dueNow(money('100.00'), 2, money('0.00')))).toBe('50.00')
    expect(text(dueNow(money('100.00'), 2, money('20.00')))).toBe('30.00')
    expect(text(dueNow(money('100.00'), 2, money('50.00')))).toBe('50.00')
    expect(text(dueNow(money('100.00'), 2, money('100.00')))).toBe('0.00')
  })
  it('final bill 62.15, deposit 100.00 with interest 1.25: apply 62.15, refund 39.10', () => {
    const { apply, refund } = settle(money('101.25'), money('62.15'))
    expect([text(apply), text(refund)]).toEqual(['62.15', '39.10'])
    expect(text(settle(money('10.00'), money('62.15')).apply)).toBe('10.00')
    expect(text(settle(money('10.00'), money('-5.00')).refund)).toBe('10.00')
  })
  it('an amount is taken out of deposits in their order', () => {
    const held = [
      { deposit: '1001', serviceId: 1, held: money('30.00') },
      { deposit: '1002', serviceId: 2, held: money('50.00') },
    ]
    const taken = takeOut(held, money('45.00'))
    expect(taken.ok && taken.value.map((part) => [part.deposit, text(part.amount)])).toEqual([
      ['1001', '30.00'],
      ['1002', '15.00'],
    ])
    expect(takeOut(held, money('80.01'))).toMatchObject({ refusal: 'above_held', detail: { held: '80.00' } })
  })
})
