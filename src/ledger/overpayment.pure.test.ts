import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocatePayment, DEFAULT_ALLOCATION } from './allocation.ts'
import { explainAllocation } from './explain.ts'
import { fromCents, type Money, money, sum, text } from './money.ts'
import {
  allocateOverpayment,
  historyWindow,
  isActiveOn,
  type OverpaymentFacts,
  type OverpaymentMethod,
  overpaymentBasis,
} from './overpayment.ts'

const sums = (record: Record<string, string>): Record<string, Money> =>
  Object.fromEntries(Object.entries(record).map(([service, amount]) => [service, money(amount)]))
const facts = (changes: Partial<OverpaymentFacts>): OverpaymentFacts => ({
  listed: [],
  exclude: [],
  services: ['WA', 'SE', 'GA', 'EL'].map((service, at) => ({ service, sort: at + 1, active: true })),
  paid12: {},
  charged12: {},
  ...changes,
})
const where = (amount: string, method: OverpaymentMethod, changes: Partial<OverpaymentFacts>) =>
  allocateOverpayment(money(amount), method, facts(changes)).map((share) => [share.service, text(share.amount)])

describe('overpayment (domain.md O1-O3)', () => {
  const paid12 = sums({ WA: '480', SE: '240', GA: '180', EL: '300' })

  it.each([
    [
      '15.00',
      [
        ['WA', '8.00'],
        ['SE', '4.00'],
        ['GA', '3.00'],
      ],
    ],
    [
      '10.00',
      [
        ['WA', '5.33'],
        ['SE', '2.67'],
        ['GA', '2.00'],
      ],
    ],
    ['0.01', [['WA', '0.01']]],
  ])('%s by history, Electric excluded', (amount, shares) => {
    expect(where(amount, 'all_except', { paid12, exclude: ['EL'] })).toEqual(shares)
    expect(where(amount, 'history', { paid12, exclude: ['EL'] })).toEqual(shares)
  })

  it('listed order: the first listed service that is active takes all', () => {
    const services = facts({}).services.filter(({ service }) => service !== 'GA')
    expect(where('15', 'listed', { listed: ['GA', 'WA'], services })).toEqual([['WA', '15.00']])
    expect(where('15', 'listed', { listed: ['GA'], services })).toEqual([[null, '15.00']])
    const closed = services.map((service) => ({ ...service, active: service.service !== 'WA' }))
    expect(where('15', 'listed', { listed: ['WA', 'SE'], services: closed })).toEqual([['SE', '15.00']])
  })

  it('without payments by charges, without either to the first active service, without one to open credit', () => {
    expect(where('9', 'history', { charged12: sums({ SE: '20', GA: '10' }) })).toEqual([
      ['SE', '6.00'],
      ['GA', '3.00'],
    ])
    expect(where('9', 'history', { paid12: sums({ WA: '-5', SE: '0' }) })).toEqual([['WA', '9.00']])
    expect(where('9', 'all_except', { exclude: ['WA'] })).toEqual([['SE', '9.00']])
    expect(where('9', 'history', { services: [] })).toEqual([[null, '9.00']])
    expect(where('9', 'all_except', { exclude: ['WA', 'SE', 'GA', 'EL'] })).toEqual([[null, '9.00']])
  })

  it('holds as open credit; a service that is not active gets nothing from its history', () => {
    expect(where('9', 'open_credit', { listed: ['WA'], paid12 })).toEqual([[null, '9.00']])
    const services = facts({}).services.map((service) => ({ ...service, active: service.service === 'GA' }))
    expect(where('9', 'history', { paid12, services })).toEqual([['GA', '9.00']])
  })

  it('nothing over is nothing to share', () => {
    expect(where('0', 'history', {})).toEqual([])
  })

  it('gives out every cent and nothing below zero', () => {
    const weight = fc.bigInt(-100n, 90_000n).map(fromCents)
    const methods = fc.constantFrom<OverpaymentMethod>('listed', 'history', 'all_except', 'open_credit')
    fc.assert(
      fc.property(
        fc.bigInt(1n, 99_999n),
        methods,
        fc.dictionary(fc.constantFrom('WA', 'SE', 'GA'), weight),
        (over, method, paid) => {
          const shares = allocateOverpayment(
            fromCents(over),
            method,
            facts({ paid12: paid, listed: ['GA'], exclude: ['SE'] }),
          )
          expect(text(sum(shares.map((share) => share.amount)))).toBe(text(fromCents(over)))
          expect(shares.every((share) => share.amount.gt('0'))).toBe(true)
        },
      ),
    )
  })
})

describe('the facts', () => {
  it('twelve months up to and including the date', () => {
    expect(historyWindow('2026-11-20')).toEqual({ from: '2025-11-21', to: '2026-11-20' })
    expect(historyWindow('2024-02-29')).toEqual({ from: '2023-03-01', to: '2024-02-29' })
  })

  it.each([
    [{ active: true, connectDate: '2026-01-10', disconnectDate: null }, true],
    [{ active: true, connectDate: null, disconnectDate: null }, true],
    [{ active: true, connectDate: '2026-01-11', disconnectDate: null }, false],
    [{ active: true, connectDate: null, disconnectDate: '2026-01-09' }, false],
    [{ active: true, connectDate: null, disconnectDate: '2026-01-10' }, true],
    [{ active: false, connectDate: null, disconnectDate: null }, false],
  ])('%j on 2026-01-10: %s', (service, answer) => {
    expect(isActiveOn(service, '2026-01-10')).toBe(answer)
  })
})

describe('explainAllocation', () => {
  it('says each tier, its method, what was available, and where the rest went', () => {
    const owed = [
      { service: 'WA', sort: 1, balance: money('30'), pastDue: money('0') },
      { service: 'SE', sort: 2, balance: money('15'), pastDue: money('0') },
      { service: 'PE', sort: 3, balance: money('5'), pastDue: money('0') },
    ]
    const result = allocatePayment(money('60'), owed, { ...DEFAULT_ALLOCATION, first: ['WA', 'SE'] })
    if (!result.ok) throw new Error(result.refusal)
    const given = facts({ paid12: sums({ WA: '20', SE: '20' }) })
    const over = {
      ...overpaymentBasis('history', given),
      shares: allocateOverpayment(result.value.rest, 'history', given),
    }
    expect(explainAllocation(result.value, over, { WA: 'Water', SE: 'Sewer' })).toEqual([
      {
        says: 'First Priority Services, by percentage of what each owes: 60.00 available, 45.00 owed.',
        lines: ['Water: 30.00 for 30.00 (66.67 %)', 'Sewer: 15.00 for 15.00 (33.33 %)'],
      },
      {
        says: 'Services in no list, by percentage of what each owes: 15.00 available, 5.00 owed.',
        lines: ['PE: 5.00 for 5.00 (100.00 %)'],
      },
      {
        says: '10.00 is more than is owed, by what was paid for each service in the last twelve months.',
        lines: ['Water: 5.00 for 20.00', 'Sewer: 5.00 for 20.00'],
      },
    ])
  })

  it('says one after the other where the list decides, and names open credit', () => {
    const owed = [{ service: 'WA', sort: 1, balance: money('30'), pastDue: money('0') }]
    const result = allocatePayment(money('40'), owed, { ...DEFAULT_ALLOCATION, second: ['WA'] })
    if (!result.ok) throw new Error(result.refusal)
    const over = { ...overpaymentBasis('open_credit', facts({})), shares: [{ service: null, amount: money('10') }] }
    expect(explainAllocation(result.value, over, {})).toEqual([
      {
        says: 'Second Priority Services, one after the other, in listed order: 40.00 available, 30.00 owed.',
        lines: ['WA: 30.00 for 30.00'],
      },
      { says: '10.00 is more than is owed, held as open credit of the account.', lines: ['Open credit: 10.00'] },
    ])
  })
})
