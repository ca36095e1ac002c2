import { describe, expect, it } from 'vitest'
import { otherSide, ownSide, type SideFacts, type TransactionType } from './other-side.ts'

const settings = {
  cash_gl: '1010',
  certification_receivable_gl: '1150',
  certification_fee_gl: '4900',
  write_off_gl: '4990',
  transfer_gl: '1090',
  deposit_gl: '2200',
  opening_gl: '3900',
  open_credit_gl: '2100',
}
const service = { code: 'WA', receivableGl: '1110', revenueGl: '4110' }
const gl = (type: TransactionType, facts: Partial<SideFacts> = {}) => {
  const side = otherSide(type, { settings, service, ...facts })
  return side.ok ? (side.value?.gl ?? null) : `${side.refusal} ${side.detail.setting}`
}

describe('otherSide (product.md 1.1)', () => {
  it.each([
    ['Bill', '4110'],
    ['Pen', '4110'],
    ['Int', '4110'],
    ['Misc', '4110'],
    ['Pmt', '1010'],
    ['Adj', '4110'],
    ['PAdj', null],
    ['Fee', '4900'],
    ['CertPmt', '1010'],
    ['Dep', '1010'],
    ['DepApp', null],
    ['DepRef', '1010'],
    ['Ref', '1010'],
    ['WriteOff', '4990'],
    ['Open', '3900'],
    ['Xfer', '1090'],
    ['NSF', null],
    ['Rev', null],
  ] as const)('%s stands against %s', (type, number) => {
    expect(gl(type)).toBe(number)
  })

  it('takes the method, the refund and adjustment settings and an override where given', () => {
    expect(gl('Pmt', { method: { code: 'card', gl: '1020' } })).toBe('1020')
    expect(gl('Pmt', { method: { code: 'cash', gl: null } })).toBe('1010')
    expect(gl('Ref', { settings: { ...settings, refund_gl: '2300' } })).toBe('2300')
    expect(gl('Adj', { settings: { ...settings, adjustment_gl: '4950' } })).toBe('4950')
    expect(gl('Bill', { override: '4777' })).toBe('4777')
  })

  it.each([
    ['removed', false, null],
    ['removed', true, '4900'],
    ['paid', false, null],
    ['paid', true, '1010'],
    ['write_off', false, '4990'],
    ['write_off', true, '4990'],
  ] as const)('CertAdj %s, fee part %s, stands against %s', (reason, feePart, number) => {
    expect(gl('CertAdj', { adjustment: { reason, feePart } })).toBe(number)
  })

  it('refuses what is missing by its name', () => {
    expect(gl('Pmt', { settings: {} })).toBe('setting_missing cash_gl')
    expect(gl('Fee', { settings: { ...settings, certification_fee_gl: null } })).toBe(
      'setting_missing certification_fee_gl',
    )
    expect(gl('Bill', { service: { ...service, revenueGl: null } })).toBe('setting_missing revenue_gl')
    expect(gl('Ref', { settings: {} })).toBe('setting_missing cash_gl')
    expect(gl('Xfer', { settings: { transfer_gl: '' } })).toBe('setting_missing transfer_gl')
  })
})

describe('ownSide', () => {
  it.each([
    ['utility', service, '1110'],
    ['utility', undefined, '2100'],
    ['certification', undefined, '1150'],
    ['deposit', undefined, '2200'],
  ] as const)('%s of %j stands on %s', (book, of, number) => {
    expect(ownSide(book, { settings, service: of })).toMatchObject({ ok: true, value: { gl: number } })
  })

  it('refuses what is missing by its name', () => {
    expect(ownSide('deposit', { settings: {} })).toMatchObject({
      refusal: 'setting_missing',
      detail: { setting: 'deposit_gl' },
    })
    const bare = { ...service, receivableGl: null }
    expect(ownSide('utility', { settings, service: bare })).toMatchObject({
      detail: { setting: 'receivable_gl', service: 'WA' },
    })
  })
})
