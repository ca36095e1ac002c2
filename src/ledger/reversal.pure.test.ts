import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bucket, OPEN, post } from './aging.ts'
import { fromCents, money, sum, text } from './money.ts'
import { chargeService } from './open-credit.ts'
import { mayReverse, mendAccount, type Original, oppositeOf, reversalDate, type ServicePosting } from './reversal.ts'

const bill: Original = {
  number: '7',
  type: 'Bill',
  date: '2011-04-30',
  sourceKey: 'bill/1',
  reverses: null,
  reversedBy: null,
}
const show = (lines: ServicePosting[]) => lines.map((line) => [line.service, line.period, text(line.amount)])
const of = (unpaid: Record<string, string>): Bucket[] =>
  Object.entries(unpaid).map(([period, amount]) => ({ period, unpaid: money(amount) }))

describe('mayReverse', () => {
  it.each([
    [{}, 'Rev', 'wrong reading', undefined],
    [{ type: 'Pmt' }, 'NSF', 'returned', undefined],
    [{}, 'Rev', '  ', 'reason_missing'],
    [{ reversedBy: '9' }, 'Rev', 'x', 'already_reversed'],
    [{ reverses: '3', type: 'Rev' }, 'Rev', 'x', 'is_a_reversal'],
    [{ type: 'PAdj' }, 'Rev', 'x', 'certification_is_withdrawn'],
    [{ type: 'Fee' }, 'Rev', 'x', 'certification_is_withdrawn'],
    [{ type: 'Adj', sourceKey: 'move/12' }, 'Rev', 'x', 'moved_credit'],
    [{}, 'NSF', 'x', 'not_a_payment'],
  ] as const)('%j by %s, %j: %s', (changes, kind, reason, refusal) => {
    const answer = mayReverse({ ...bill, ...changes }, kind, reason)
    expect(answer.ok ? undefined : answer.refusal).toBe(refusal)
  })

  it('is dated as its original while that period is open, else today', () => {
    expect(reversalDate('2011-04-02', true, '2011-05-09')).toBe('2011-04-02')
    expect(reversalDate('2011-04-02', false, '2011-05-09')).toBe('2011-05-09')
  })

  it('turns every line round and keeps all else', () => {
    const lines = [{ service: 'WA', period: '2011-04-30', gl: '1110', amount: money('5') }]
    expect(oppositeOf(lines)).toEqual([{ ...lines[0], amount: money('-5') }])
    expect(oppositeOf(oppositeOf(lines))).toEqual(lines)
  })
})

describe('mendAccount', () => {
  it('takes the account open credit back from the service that took it up', () => {
    const books = [
      { service: null, buckets: of({ open: '15.00' }) },
      { service: 'WA', buckets: of({ '2011-04-30': '35.00' }) },
    ]
    const took = [{ creditOf: null, service: 'WA', period: '2011-04-30', amount: money('15') }]
    expect(show(mendAccount(books, took, { service: 'WA', period: '2011-05-31' }))).toEqual([
      [null, 'open', '-15.00'],
      ['WA', '2011-04-30', '15.00'],
    ])
  })

  it('mends each service by itself', () => {
    const books = [
      { service: 'WA', buckets: of({ '2011-01-31': '-5.00', '2011-02-28': '8.00' }) },
      { service: 'SE', buckets: of({ open: '4.00' }) },
    ]
    const took = [{ creditOf: 'SE', service: 'SE', period: '2011-02-28', amount: money('9') }]
    expect(show(mendAccount(books, took, { service: 'WA', period: '2011-05-31' }))).toEqual([
      ['WA', '2011-01-31', '5.00'],
      ['WA', '2011-02-28', '-5.00'],
      ['SE', '2011-02-28', '4.00'],
      ['SE', 'open', '-4.00'],
    ])
  })

  it('leaves no bucket below zero, no open credit above, every service healthy, and the account its sum', () => {
    const bucket = fc.record({
      period: fc.constantFrom('2011-01-31', '2011-02-28', OPEN),
      unpaid: fc.bigInt(-900n, 900n).map(fromCents),
    })
    const buckets = fc.uniqueArray(bucket, { selector: (each) => each.period })
    const credit = fc.bigInt(-900n, 900n).map((count) => [{ period: OPEN, unpaid: fromCents(count) }] as Bucket[])
    const took = fc.array(
      fc.record({
        creditOf: fc.constantFrom('WA', null),
        service: fc.constantFrom('WA', 'SE'),
        period: fc.constantFrom('2011-01-31', '2011-03-31'),
        amount: fc.bigInt(1n, 500n).map(fromCents),
      }),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(buckets, buckets, credit, took, (wa, se, account, takeUps) => {
        const books = [
          { service: 'WA', buckets: wa },
          { service: 'SE', buckets: se },
          { service: null, buckets: account },
        ]
        const extra = mendAccount(books, takeUps, { service: 'SE', period: '2011-04-30' })
        expect(text(sum(extra.map((line) => line.amount)))).toBe('0.00')
        for (const { service, buckets: before } of books) {
          const after = post(
            before,
            extra.filter((line) => line.service === service),
          )
          expect(after.every((each) => (each.period === OPEN ? each.unpaid.lte('0') : each.unpaid.gte('0')))).toBe(true)
        }
      }),
    )
  })
})

describe('chargeService (domain.md O4)', () => {
  it.each([
    ['0.00', {}, [['WA', '2011-04-30', '50.00']]],
    [
      '-15.00',
      {},
      [
        ['WA', '2011-04-30', '35.00'],
        [null, 'open', '15.00'],
      ],
    ],
    [
      '-15.00',
      { open: '-20.00' },
      [
        ['WA', '2011-04-30', '15.00'],
        ['WA', 'open', '20.00'],
        [null, 'open', '15.00'],
      ],
    ],
    [
      '-80.00',
      { open: '-20.00' },
      [
        ['WA', 'open', '20.00'],
        [null, 'open', '30.00'],
      ],
    ],
    ['-80.00', { open: '-60.00' }, [['WA', 'open', '50.00']]],
  ] as [string, Record<string, string>, unknown[]][])(
    '50.00 with %s on the account and %j on the service',
    (credit, own, lines) => {
      expect(show(chargeService('WA', of(own), money(credit), '2011-04-30', money('50')))).toEqual(lines)
    },
  )
})
