import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromCents, money, sum, text, ZERO } from '../ledger/money.ts'
import { historyWindow } from '../ledger/overpayment.ts'
import { adjustBill, lockedServices } from './bill-rules.ts'
import {
  adjustCharge,
  afterPostings,
  type Books,
  balanceIn,
  changePostings,
  refundable,
  refundPostings,
} from './change-rules.ts'
import { checksAccepted, mayReturn, nsfFee } from './nsf-rules.ts'
import { mayTransfer } from './transfer-rules.ts'

const book = (service: string | null, ...buckets: [string, string][]) => ({
  service,
  buckets: buckets.map(([period, unpaid]) => ({ period, unpaid: money(unpaid) })),
})
const said = (lines: { service: string | null; period: string; amount: { toFixed(n: number): string } }[]) =>
  lines.map((line) => `${line.service ?? ''} ${line.period} ${line.amount.toFixed(2)}`)

describe('changes of services', () => {
  const books: Books = [
    book(null, ['open', '-4.00']),
    book('WA', ['2026-01-31', '6.00'], ['2026-02-28', '10.00']),
    book('SE', ['open', '-3.00']),
  ]

  it('less owed goes to the oldest unpaid period first, the rest is open credit', () => {
    expect(said(changePostings(books, [{ service: 'WA', change: money('-20.00') }], '2026-03-31'))).toEqual([
      'WA 2026-01-31 -6.00',
      'WA 2026-02-28 -10.00',
      'WA open -4.00',
    ])
  })

  it("more owed takes up the service's open credit, then the account's, once", () => {
    const changes = [
      { service: 'SE', change: money('5.00') },
      { service: 'WA', change: money('3.00') },
    ]
    expect(said(changePostings(books, changes, '2026-03-31'))).toEqual([
      'SE open 3.00',
      ' open 4.00',
      'WA 2026-03-31 1.00',
    ])
  })

  it('moves exactly the sum of the changes and leaves no bucket on the wrong side, whatever they are', () => {
    const cents = fc.integer({ min: -5000, max: 5000 })
    fc.assert(
      fc.property(
        fc.array(fc.record({ service: fc.constantFrom('WA', 'SE', 'GA'), cents }), { maxLength: 6 }),
        (list) => {
          const changes = list.map(({ service, cents: count }) => ({ service, change: fromCents(BigInt(count)) }))
          const lines = changePostings(books, changes, '2026-03-31')
          expect(text(sum(lines.map(({ amount }) => amount)))).toBe(text(sum(changes.map(({ change }) => change))))
          for (const { buckets } of afterPostings(books, lines)) {
            for (const { period, unpaid } of buckets)
              expect(period === 'open' ? unpaid.lte(ZERO) : unpaid.gte(ZERO)).toBe(true)
          }
        },
      ),
    )
  })
})

describe('Adjust', () => {
  const charge = [{ service: 'WA', charged: money('30.00'), adjusted: money('-10.00') }]
  it('takes at most what the charge with its earlier adjustments still is', () => {
    expect(adjustCharge(charge, [{ service: 'WA', change: money('-20.00') }])).toMatchObject({ ok: true })
    expect(adjustCharge(charge, [{ service: 'WA', change: money('-20.01') }])).toMatchObject({
      refusal: 'below_zero',
      detail: { left: '20.00' },
    })
  })
  it.each([
    ['nothing_changed', [{ service: 'WA', change: ZERO }]],
    ['service_not_charged', [{ service: 'SE', change: money('1.00') }]],
    [
      'service_listed_twice',
      [
        { service: 'WA', change: money('1.00') },
        { service: 'WA', change: money('2.00') },
      ],
    ],
  ])('refuses %s', (refusal, changes) => expect(adjustCharge(charge, changes)).toMatchObject({ refusal }))
})

describe('Adjust Bill', () => {
  const line = (service: string, billed: string, paid = false, adjusted = '0.00') => ({
    service,
    billed: money(billed),
    adjusted: money(adjusted),
    paid,
  })
  const linked = [
    { service: 'SE', basedOn: 'WA', percent: money('80') },
    { service: 'TX', basedOn: 'WA', percent: money('5') },
    { service: 'CT', basedOn: 'TX', percent: money('10') },
  ]

  it('001-378: water -10.00 carries -8.00 to sewer at 80 % and -0.50 to tax at 5 %, and on from there', () => {
    const bill = [line('WA', '40.00'), line('SE', '32.00'), line('TX', '2.00'), line('CT', '0.20')]
    const decided = adjustBill(bill, [{ service: 'WA', amount: money('30.00') }], linked)
    expect(decided.ok && decided.value.changes.map(({ change }) => text(change))).toEqual(['-10.00'])
    expect(decided.ok && decided.value.carried.map(({ service, change }) => `${service} ${text(change)}`)).toEqual([
      'SE -8.00',
      'TX -0.50',
      'CT -0.05',
    ])
  })

  it('does not carry to a part that the clerk changed, to a service that is not on the bill, or in a ring', () => {
    const ring = [...linked, { service: 'WA', basedOn: 'SE', percent: money('100') }]
    const bill = [line('WA', '40.00'), line('SE', '32.00')]
    const wanted = [
      { service: 'WA', amount: money('30.00') },
      { service: 'SE', amount: money('31.00') },
    ]
    const decided = adjustBill(bill, wanted, ring)
    expect(decided).toMatchObject({ ok: true, value: { carried: [] } })
    expect(decided.ok && decided.value.changes.map(({ change }) => text(change))).toEqual(['-10.00', '-1.00'])
  })

  it('001-377: a part with a posted payment is locked; one without it can be changed and carries to a locked one', () => {
    const bill = [line('WA', '40.00'), line('SE', '32.00', true)]
    expect(lockedServices(bill)).toEqual(['SE'])
    expect(adjustBill(bill, [{ service: 'SE', amount: money('1.00') }], linked)).toMatchObject({
      refusal: 'bill_line_paid',
    })
    expect(adjustBill(bill, [{ service: 'WA', amount: money('30.00') }], linked)).toMatchObject({ ok: true })
  })

  it('starts from what it was adjusted to, and refuses a charge below zero and a bill that stays as it is', () => {
    const bill = [line('WA', '40.00', false, '-15.00'), line('SE', '5.00')]
    expect(adjustBill(bill, [{ service: 'WA', amount: money('25.00') }], linked)).toMatchObject({
      refusal: 'nothing_changed',
    })
    expect(adjustBill(bill, [{ service: 'WA', amount: money('0.00') }], linked)).toMatchObject({
      refusal: 'below_zero',
      detail: { service: 'SE' },
    })
    expect(adjustBill(bill, [{ service: 'WA', amount: money('-1.00') }], [])).toMatchObject({ refusal: 'below_zero' })
    expect(adjustBill(bill, [{ service: 'GA', amount: money('1.00') }], [])).toMatchObject({
      refusal: 'service_not_charged',
    })
  })
})

describe('Refund', () => {
  const books: Books = [
    book(null, ['open', '-5.00']),
    book('WA', ['open', '-20.00']),
    book('SE', ['2026-02-28', '8.00']),
  ]
  it('is at most what the account is below zero, its own credit first', () => {
    expect(text(refundable(books))).toBe('17.00')
    const lines = refundPostings(books, money('17.00'), ['SE', 'WA'])
    expect(lines.ok && said(lines.value)).toEqual([' open 5.00', 'WA open 12.00'])
    expect(refundPostings(books, money('17.01'), [])).toMatchObject({
      refusal: 'above_credit',
      detail: { credit: '17.00' },
    })
    expect(refundPostings(books, ZERO, [])).toMatchObject({ refusal: 'amount_not_positive' })
  })
  it('is nothing where the account owes', () => {
    const owing = [book('WA', ['open', '-2.00']), book('SE', ['2026-02-28', '8.00'])]
    expect([text(refundable(owing)), text(balanceIn(owing))]).toEqual(['0.00', '6.00'])
  })
})

describe('NSF', () => {
  const paid = { type: 'Pmt', method: 'check', reversedBy: null, reversedType: null }
  it('001-387: only the payment of the method that is meant, only money received, only once', () => {
    expect(mayReturn(paid, 'check')).toMatchObject({ ok: true })
    expect(mayReturn({ ...paid, method: null }, 'ach')).toMatchObject({ ok: true })
    expect(mayReturn(paid, 'cash')).toMatchObject({ refusal: 'other_method' })
    expect(mayReturn({ ...paid, type: 'Bill' }, 'check')).toMatchObject({ refusal: 'not_a_payment' })
    const back = { ...paid, reversedBy: '9' }
    expect(mayReturn({ ...back, reversedType: 'NSF' }, 'check')).toMatchObject({ refusal: 'returned_already' })
    expect(mayReturn({ ...back, reversedType: 'Rev' }, 'check')).toMatchObject({ refusal: 'already_reversed' })
  })
  it('has a fee on the named service, none at 0.00, and names the setting that is missing', () => {
    expect(nsfFee(money('30.00'), 'NS')).toMatchObject({ ok: true, value: { service: 'NS' } })
    expect(nsfFee(ZERO, undefined)).toEqual({ ok: true, value: null })
    expect(nsfFee(money('30.00'), '')).toMatchObject({ refusal: 'setting_missing', detail: { setting: 'nsf_service' } })
  })
  it('counts for twelve months: one of 11/21/2025 until 11/20/2026, and checks stop at the number set', () => {
    expect(historyWindow('2026-11-20')).toEqual({ from: '2025-11-21', to: '2026-11-20' })
    expect(historyWindow('2026-11-21').from).toBe('2025-11-22')
    expect([0, 1, 2, 3].map((count) => checksAccepted(count, 2))).toEqual([true, true, false, false])
    expect(checksAccepted(9, 0)).toBe(true)
  })
})

describe('Transfer Payment', () => {
  const paid = { type: 'Pmt', account: '100.01', reverses: null, reversedBy: null, transferredBy: null }
  it.each([
    ['not_a_payment', { ...paid, type: 'Adj' }, '200.01'],
    ['already_reversed', { ...paid, reversedBy: '7' }, '200.01'],
    ['already_transferred', { ...paid, transferredBy: '7' }, '200.01'],
    ['same_account', paid, '100.01'],
  ])('refuses %s', (refusal, found, to) => expect(mayTransfer(found, to)).toMatchObject({ refusal }))
  it('takes a payment that stands', () => expect(mayTransfer(paid, '200.01')).toMatchObject({ ok: true }))
})
