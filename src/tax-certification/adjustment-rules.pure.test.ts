import { describe, expect, it } from 'vitest'
import { type Money, money, sum, text } from '../ledger/money.ts'
import {
  adjustCertification,
  adjustmentDateWarning,
  type CertificationYear,
  certificationPayment,
} from './adjustment-rules.ts'
import type { CertifiedLine } from './rules.ts'

const line = (service: string, period: string, amount: string): CertifiedLine => ({
  service,
  period,
  amount: money(amount),
})
const show = (lines: CertifiedLine[]) => lines.map((each) => [each.service, each.period, text(each.amount)])
const DEC = line('WA', '2010-12-31', '68.27')
const JAN = line('WA', '2011-01-31', '70.51')
const FEB = line('WA', '2011-02-28', '65.77')
const TAKEN = [DEC, JAN, FEB]

const year = (changes: Partial<CertificationYear> = {}): CertificationYear => {
  return { taxYear: 2011, balance: money('229.55'), feeLeft: money('25'), taken: TAKEN, ...changes }
}

describe('adjustCertification (U8)', () => {
  const adjust = (
    amount: string,
    changes: Partial<CertificationYear> = {},
    reason: 'removed' | 'paid' | 'write_off' = 'removed',
    service?: string,
  ) => {
    const result = adjustCertification({ reason, amount: money(amount), service }, year(changes), ['WA', 'SE', 'GA'])
    if (!result.ok) return result.refusal
    const { restored, payment, feePart, writtenOff } = result.value
    return { restored: show(restored), payment: show(payment), feePart: text(feePart), writtenOff: text(writtenOff) }
  }
  const total = (lines: CertifiedLine[]): Money => sum(lines.map((each) => each.amount))

  it('removed 70.51: certification 229.55 to 159.04, account 68.88 to 139.39, newest bucket first', () => {
    const result = adjustCertification({ reason: 'removed', amount: money('70.51') }, year(), ['WA'])
    if (!result.ok) throw new Error(result.refusal)
    expect(show(result.value.restored)).toEqual([
      ['WA', '2011-02-28', '65.77'],
      ['WA', '2011-01-31', '4.74'],
    ])
    expect(text(money('229.55').minus(result.value.amount))).toBe('159.04')
    expect(text(money('68.88').plus(total(result.value.restored)))).toBe('139.39')
    expect(text(result.value.feePart)).toBe('0.00')
  })

  it('gives back at most what the PAdj took; the rest is the fee', () => {
    expect(adjust('229.55')).toMatchObject({ feePart: '25.00' })
    expect(adjust('204.55')).toMatchObject({ feePart: '0.00' })
    expect(adjust('204.56')).toMatchObject({ feePart: '0.01' })
    expect(adjust('25.00', { balance: money('25') })).toMatchObject({ restored: [], feePart: '25.00' })
  })

  it('counts what the county paid against the certified amounts first', () => {
    const paid = { balance: money('114.77') }
    expect(adjust('114.77', paid)).toMatchObject({
      restored: [
        ['WA', '2011-02-28', '65.77'],
        ['WA', '2011-01-31', '24.00'],
      ],
      feePart: '25.00',
    })
  })

  it('takes services in reverse payoff order inside a bucket, or the one named', () => {
    const taken = [line('WA', '2011-02-28', '10'), line('SE', '2011-02-28', '10'), line('GA', '2011-01-31', '10')]
    const changes = { taken, balance: money('30'), feeLeft: money('0') }
    expect(adjust('15', changes)).toMatchObject({
      restored: [
        ['SE', '2011-02-28', '10.00'],
        ['WA', '2011-02-28', '5.00'],
      ],
    })
    expect(adjust('4', changes, 'removed', 'GA')).toMatchObject({ restored: [['GA', '2011-01-31', '4.00']] })
    expect(adjust('10.01', changes, 'removed', 'GA')).toBe('above_certified')
    expect(adjust('1', changes, 'removed', 'XX')).toBe('above_certified')
  })

  it('paid at city hall does the same and pays exactly those lines; a write-off does nothing more', () => {
    const lines = [
      ['WA', '2011-02-28', '65.77'],
      ['WA', '2011-01-31', '4.74'],
    ]
    expect(adjust('70.51', {}, 'paid')).toEqual({
      restored: lines,
      payment: lines,
      feePart: '0.00',
      writtenOff: '0.00',
    })
    expect(adjust('229.55', {}, 'paid')).toMatchObject({ feePart: '25.00' })
    expect(adjust('70.51', {}, 'write_off')).toEqual({
      restored: [],
      payment: [],
      feePart: '0.00',
      writtenOff: '70.51',
    })
  })

  it.each([
    ['229.56', {}, 'above_balance'],
    ['0', {}, 'amount_not_positive'],
    ['1', { balance: money('0') }, 'no_certification_balance'],
  ])('refuses %s: %j %s', (amount, changes, refusal) => {
    expect(adjust(amount, changes)).toBe(refusal)
  })
})

describe('certification payments (U12) and dates', () => {
  it('defaults to the whole balance; the first half leaves 114.77', () => {
    expect(certificationPayment(undefined, year())).toEqual({ ok: true, value: money('229.55') })
    expect(text(money('229.55').minus('114.78'))).toBe('114.77')
    expect(certificationPayment(money('114.78'), year())).toMatchObject({ ok: true })
  })

  it.each([
    ['229.56', '229.55', 'above_balance'],
    ['1', '0', 'no_certification_balance'],
    ['0', '229.55', 'amount_not_positive'],
    [undefined, '0', 'no_certification_balance'],
  ])('refuses %s of %s: %s', (amount, balance, refusal) => {
    const paid = amount === undefined ? undefined : money(amount)
    expect(certificationPayment(paid, year({ balance: money(balance) }))).toMatchObject({ ok: false, refusal })
  })

  it('warns of an adjustment on a date with certifications and proposes the next free day', () => {
    expect(adjustmentDateWarning('2011-04-29', ['2011-04-30'])).toBeUndefined()
    expect(adjustmentDateWarning('2011-04-30', ['2011-04-30', '2011-05-01'])).toEqual({
      date: '2011-04-30',
      proposed: '2011-05-02',
    })
  })
})
