import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Allocation,
  type AllocationSettings,
  allocatePayment,
  DEFAULT_ALLOCATION,
  manualAllocation,
  type Owed,
  payoffOrder,
} from './allocation.ts'
import { fromCents, money, sum, text } from './money.ts'
import type { Result } from './result.ts'

const owed = (service: string, sort: number, balance: string, pastDue = '0'): Owed => {
  return { service, sort, balance: money(balance), pastDue: money(pastDue) }
}
const settings = (changes: Partial<AllocationSettings>): AllocationSettings => ({ ...DEFAULT_ALLOCATION, ...changes })
const shown = (result: Result<Allocation>): Record<string, string> => {
  if (!result.ok) throw new Error(result.refusal)
  const shares = result.value.allocations.map((share) => [share.service, text(share.amount)])
  return Object.fromEntries([...shares, ['rest', text(result.value.rest)]])
}
const values = (result: Result<Allocation>): string[] => Object.values(shown(result))

const HOUSE = [owed('WA', 1, '30'), owed('SE', 2, '15'), owed('GA', 3, '10'), owed('PE', 4, '5')]

describe('by percentage (domain.md P2)', () => {
  it.each([
    ['20.00', HOUSE, ['10.00', '5.00', '3.33', '1.67', '0.00']],
    ['100.00', [owed('A', 1, '33.34'), owed('B', 2, '33.33'), owed('C', 3, '50')], ['28.58', '28.57', '42.85', '0.00']],
    ['0.02', [owed('A', 1, '5'), owed('B', 2, '5'), owed('C', 3, '5')], ['0.01', '0.01', '0.00']],
    ['0.01', [owed('B', 2, '5'), owed('A', 2, '5')], ['0.01', '0.00']],
  ])('%s', (amount, services, shares) => {
    expect(values(allocatePayment(money(amount), services, settings({})))).toEqual(shares)
  })

  it('gives a tied cent to the lower sort, then the lower code, in a listed tier too', () => {
    const services = [owed('B', 1, '5'), owed('A', 1, '5'), owed('C', 0, '5')]
    expect(shown(allocatePayment(money('0.02'), services, settings({ first: ['B', 'A', 'C'] })))).toEqual({
      A: '0.01',
      C: '0.01',
      rest: '0.00',
    })
  })
})

describe('tiers (domain.md P1, P3, P4)', () => {
  const town = [
    ...[owed('WA', 1, '40'), owed('SE', 2, '25'), owed('EL', 3, '60'), owed('GA', 4, '15')],
    ...[owed('PE', 5, '6'), owed('ST', 6, '9')],
  ]
  const tiers = settings({ first: ['WA', 'SE'], second: ['EL', 'GA'] })

  it.each([
    ['50.00', { WA: '30.77', SE: '19.23', rest: '0.00' }],
    ['100.00', { WA: '40.00', SE: '25.00', EL: '35.00', rest: '0.00' }],
    ['150.00', { WA: '40.00', SE: '25.00', EL: '60.00', GA: '15.00', PE: '4.00', ST: '6.00', rest: '0.00' }],
    ['155.00', { WA: '40.00', SE: '25.00', EL: '60.00', GA: '15.00', PE: '6.00', ST: '9.00', rest: '0.00' }],
    ['170.00', { WA: '40.00', SE: '25.00', EL: '60.00', GA: '15.00', PE: '6.00', ST: '9.00', rest: '15.00' }],
  ])('%s', (amount, shares) => {
    expect(shown(allocatePayment(money(amount), town, tiers))).toEqual(shares)
  })

  it('pays a listed third tier before services in no list', () => {
    const third = settings({ first: ['WA'], third: ['ST'] })
    expect(shown(allocatePayment(money('55'), town, third))).toMatchObject({ WA: '40.00', ST: '9.00', EL: '3.40' })
  })

  it('gives nothing to a zero or credit balance, and does not count it in the shares (P5)', () => {
    const services = [owed('WA', 1, '-30'), owed('SE', 2, '0'), owed('GA', 3, '10')]
    expect(shown(allocatePayment(money('12'), services, settings({ first: ['WA', 'SE', 'GA'] })))).toEqual({
      GA: '10.00',
      rest: '2.00',
    })
  })

  it('refuses a service in two places, and an amount that is not above zero', () => {
    const twice = settings({ first: ['WA'], third: ['ST', 'WA'] })
    expect(allocatePayment(money('1'), town, twice)).toMatchObject({
      refusal: 'service_listed_twice',
      detail: { service: 'WA' },
    })
    expect(allocatePayment(money('0'), town, tiers)).toMatchObject({ refusal: 'amount_not_positive' })
    expect(allocatePayment(money('-1'), town, tiers)).toMatchObject({ refusal: 'amount_not_positive' })
  })

  it('pays the past due of all tiers before the current of any, when asked to (P8)', () => {
    const services = [owed('WA', 1, '40', '10'), owed('SE', 2, '25', '20'), owed('GA', 3, '9', '30')]
    const past = settings({ first: ['WA'], second: ['SE'], payPastDueFirst: true })
    expect(shown(allocatePayment(money('25'), services, past))).toEqual({ WA: '10.00', SE: '15.00', rest: '0.00' })
    expect(shown(allocatePayment(money('45'), services, past))).toEqual({
      WA: '16.00',
      SE: '20.00',
      GA: '9.00',
      rest: '0.00',
    })
    expect(shown(allocatePayment(money('25'), services, settings({ first: ['WA'] })))).toEqual({
      WA: '25.00',
      rest: '0.00',
    })
  })
})

describe('by hand (domain.md P9)', () => {
  const by = (amount: string, wanted: [string, string][]) =>
    manualAllocation(
      money(amount),
      wanted.map(([service, share]) => ({ service, amount: money(share) })),
      HOUSE,
    )

  it('takes what sums to the amount, or leaves the rest', () => {
    expect(
      by('20', [
        ['PE', '5'],
        ['WA', '15'],
      ]),
    ).toMatchObject({ ok: true, value: { rest: money('0') } })
    expect(by('20', [['PE', '5']])).toMatchObject({ ok: true, value: { rest: money('15') } })
  })

  it.each([
    ['service_not_on_account', '20', [['XX', '5']]],
    [
      'service_listed_twice',
      '20',
      [
        ['PE', '1'],
        ['PE', '1'],
      ],
    ],
    ['above_balance', '20', [['PE', '5.01']]],
    ['amount_not_positive', '20', [['PE', '0']]],
    ['amount_not_positive', '0', []],
    [
      'allocations_above_amount',
      '20',
      [
        ['WA', '20'],
        ['SE', '0.01'],
      ],
    ],
  ] as [string, string, [string, string][]][])('refuses: %s', (refusal, amount, wanted) => {
    expect(by(amount, wanted)).toMatchObject({ ok: false, refusal })
  })
})

describe('laws', () => {
  const codes = ['A', 'B', 'C', 'D', 'E']
  const service = fc.record({
    service: fc.constantFrom(...codes),
    sort: fc.integer({ min: 0, max: 3 }),
    balance: fc.bigInt(-500n, 9_999n).map(fromCents),
    pastDue: fc.bigInt(0n, 9_999n).map(fromCents),
  })
  const method = fc.constantFrom('percentage' as const, 'listed' as const)
  const rules = fc
    .tuple(
      fc.shuffledSubarray(codes),
      fc.nat(5),
      fc.nat(5),
      fc.record({ first: method, second: method, third: method }),
      fc.boolean(),
    )
    .map(([listed, a, b, methods, payPastDueFirst]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      return {
        first: listed.slice(0, from),
        second: listed.slice(from, to),
        third: listed.slice(to),
        methods,
        payPastDueFirst,
      }
    })
  const services = fc.uniqueArray(service, { selector: (each) => each.service })
  const amount = fc.bigInt(1n, 60_000n).map(fromCents)

  it('shares and rest are the payment; none is below zero, none above its balance; the order of facts does not matter', () => {
    fc.assert(
      fc.property(amount, services, rules, (paid, owing, rule) => {
        const result = allocatePayment(paid, owing, rule)
        if (!result.ok) throw new Error(result.refusal)
        const { allocations, rest, steps } = result.value
        expect(text(sum([...allocations.map((share) => share.amount), rest]))).toBe(text(paid))
        for (const share of allocations) {
          const balance = owing.find((each) => each.service === share.service)?.balance
          expect(share.amount.gt('0') && balance !== undefined && share.amount.lte(balance)).toBe(true)
        }
        const total = sum(owing.map((each) => (each.balance.gt('0') ? each.balance : money('0'))))
        expect(text(rest)).toBe(text(paid.gt(total) ? money(paid.minus(total)) : money('0')))
        expect(text(sum(steps.flatMap((step) => step.shares.map((share) => share.amount))))).toBe(
          text(money(paid.minus(rest))),
        )
        expect(shown(allocatePayment(paid, [...owing].reverse(), rule))).toEqual(shown(result))
        const order = payoffOrder(rule, owing)
        expect(allocations.map((share) => share.service)).toEqual(
          order.filter((code) => allocations.some((share) => share.service === code)),
        )
      }),
    )
  })

  it('without any list one percentage goes over everything', () => {
    fc.assert(
      fc.property(amount, services, (paid, owing) => {
        const none = allocatePayment(paid, owing, DEFAULT_ALLOCATION)
        const all = allocatePayment(paid, owing, settings({ first: codes }))
        const byCode = (result: Result<Allocation>) => Object.fromEntries(Object.entries(shown(result)).sort())
        expect(byCode(none)).toEqual(byCode(all))
      }),
    )
  })
})
