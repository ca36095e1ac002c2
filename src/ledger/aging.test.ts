import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  aged,
  agedAccount,
  ageOf,
  type Bucket,
  bucketSum,
  charge,
  mend,
  OPEN,
  type Posting,
  post,
  retire,
  takeCertified,
} from './aging.ts'
import { makeBook } from './book.ts'
import { cents, fromCents, money, sum, text } from './money.ts'

const PERIODS = ['2010-12-31', '2011-01-31', '2011-02-28', '2011-03-31', '2011-04-30']
const CURRENT = '2011-04-30'
const of = (unpaid: Record<string, string>): Bucket[] =>
  Object.entries(unpaid).map(([period, amount]) => ({ period, unpaid: money(amount) }))
const show = (list: (Bucket | Posting)[]): Record<string, string> =>
  Object.fromEntries(list.map((line) => [line.period, text('unpaid' in line ? line.unpaid : line.amount)]))
const GOLDEN = of({ '2010-12-31': '68.27', '2011-01-31': '70.51', '2011-02-28': '65.77', '2011-03-31': '68.88' })

describe('aged, the golden case', () => {
  it.each([
    [0, '273.43'],
    [1, '273.43'],
    [2, '204.55'],
    [3, '138.78'],
    [4, '68.27'],
    [5, '0.00'],
    [99, '0.00'],
  ])('%i periods back: %s', (n, amount) => {
    expect(text(aged(GOLDEN, n, CURRENT, PERIODS))).toBe(amount)
    expect(text(aged(GOLDEN, n, CURRENT, []))).toBe(amount)
  })

  it('a payment of 100.00 retires the oldest first', () => {
    const postings = retire(GOLDEN, money('100'))
    expect(show(postings)).toEqual({ '2010-12-31': '-68.27', '2011-01-31': '-31.73' })
    const after = post(GOLDEN, postings)
    expect(text(bucketSum(after))).toBe('173.43')
    expect(text(aged(after, 2, CURRENT, PERIODS))).toBe('104.55')
  })

  it('open credit never counts, a period later than the current one has age 0', () => {
    const buckets = of({ '2011-01-31': '10.00', '2011-05-31': '40.00', open: '-30.00' })
    expect(text(aged(buckets, 0, CURRENT, PERIODS))).toBe('50.00')
    expect(text(aged(buckets, 1, CURRENT, PERIODS))).toBe('10.00')
    expect(ageOf('2011-05-31', CURRENT, PERIODS)).toBe(0)
    expect(ageOf('2010-12-31', CURRENT, PERIODS)).toBe(4)
    expect(ageOf('2010-10-31', CURRENT, PERIODS)).toBe(6)
  })

  it('counts listed periods, not months, where the town bills every second month', () => {
    const twoMonths = ['2010-12-31', '2011-02-28', '2011-04-30']
    expect(text(aged(of({ '2010-12-31': '9.00', '2011-02-28': '5.00' }), 2, CURRENT, twoMonths))).toBe('9.00')
  })

  it('is never below zero, and one service does not offset another', () => {
    expect(text(aged(of({ '2010-12-31': '-5.00' }), 1, CURRENT, PERIODS))).toBe('0.00')
    expect(
      text(agedAccount([GOLDEN, of({ open: '-500.00' }), of({ '2010-12-31': '1.00' })], 2, CURRENT, PERIODS)),
    ).toBe('205.55')
  })

  it('refuses a number of periods that is not whole', () => {
    expect(() => aged(GOLDEN, -1, CURRENT, PERIODS)).toThrow(RangeError)
    expect(() => aged(GOLDEN, 1.5, CURRENT, PERIODS)).toThrow(RangeError)
  })
})

describe('retire and charge', () => {
  it.each([
    ['68.27', { '2010-12-31': '-68.27' }],
    ['0.01', { '2010-12-31': '-0.01' }],
    [
      '300.00',
      {
        '2010-12-31': '-68.27',
        '2011-01-31': '-70.51',
        '2011-02-28': '-65.77',
        '2011-03-31': '-68.88',
        open: '-26.57',
      },
    ],
  ])('a credit of %s', (amount, postings) => {
    expect(show(retire(GOLDEN, money(amount)))).toEqual(postings)
  })

  it('a credit on nothing unpaid is open credit', () => {
    expect(show(retire([], money('5')))).toEqual({ open: '-5.00' })
  })

  it.each([
    ['0.00', { '2011-04-30': '50.00' }],
    ['-20.00', { '2011-04-30': '30.00', open: '20.00' }],
    ['-50.00', { open: '50.00' }],
    ['-80.00', { open: '50.00' }],
  ])('a charge of 50.00 on open credit of %s', (credit, postings) => {
    expect(show(charge(of({ open: credit }), CURRENT, money('50')))).toEqual(postings)
  })

  it('refuse an amount that is not above zero', () => {
    expect(() => retire(GOLDEN, money('0'))).toThrow(RangeError)
    expect(() => charge(GOLDEN, CURRENT, money('-1'))).toThrow(RangeError)
  })
})

describe('takeCertified', () => {
  it('takes the lesser of certified and still unpaid, and nothing from a paid bucket', () => {
    const left = of({ '2011-01-31': '38.78', '2011-02-28': '65.77' })
    const certified = [
      { period: '2010-12-31', amount: money('68.27') },
      { period: '2011-01-31', amount: money('70.51') },
      { period: '2011-02-28', amount: money('60.00') },
    ]
    expect(show(takeCertified(left, certified))).toEqual({ '2011-01-31': '38.78', '2011-02-28': '60.00' })
  })
})

describe('mend', () => {
  it('moves excess credit to the oldest unpaid bucket, else to open credit', () => {
    const reversed = of({ '2011-01-31': '-50.00', '2011-02-28': '20.00', '2011-03-31': '10.00' })
    expect(show(mend(reversed, [], CURRENT))).toEqual({
      '2011-01-31': '50.00',
      '2011-02-28': '-20.00',
      '2011-03-31': '-10.00',
      open: '-20.00',
    })
  })

  it('takes missing open credit back from the periods that took it up, newest first', () => {
    const took = [
      { period: '2011-02-28', amount: money('15.00') },
      { period: '2011-03-31', amount: money('10.00') },
    ]
    expect(show(mend(of({ open: '20.00' }), took, CURRENT))).toEqual({
      '2011-02-28': '10.00',
      '2011-03-31': '10.00',
      open: '-20.00',
    })
  })

  it('lets what no period holds age in the period of the reversal', () => {
    expect(show(mend(of({ open: '20.00' }), [], CURRENT))).toEqual({ '2011-04-30': '20.00', open: '-20.00' })
  })

  it('has nothing to do where nothing is wrong', () => {
    expect(mend(GOLDEN, [], CURRENT)).toEqual([])
    expect(mend(of({ open: '-1.00' }), [], CURRENT)).toEqual([])
  })
})

describe('laws', () => {
  const period = fc.constantFrom(...PERIODS)
  const amount = fc.bigInt(1n, 50_000n).map(fromCents)
  const step = fc.record({ kind: fc.constantFrom('charge', 'retire'), period, amount })
  const wild = fc.uniqueArray(
    fc.record({ period: fc.constantFrom(...PERIODS, OPEN), unpaid: fc.bigInt(-9_000n, 9_000n).map(fromCents) }),
    { selector: (bucket) => bucket.period },
  )
  const healthy = (buckets: Bucket[]) =>
    buckets.every((bucket) => (bucket.period === OPEN ? bucket.unpaid.lte('0') : bucket.unpaid.gte('0')))

  it('a history of charges and credits conserves every cent, keeps buckets healthy, and equals the book', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const book = makeBook()
        let buckets: Bucket[] = []
        for (const each of steps) {
          const charged = each.kind === 'charge'
          const before = bucketSum(buckets)
          const postings = charged ? charge(buckets, each.period, each.amount) : retire(buckets, each.amount)
          expect(text(sum(postings.map((line) => line.amount)))).toBe(text(charged ? each.amount : each.amount.neg()))
          buckets = post(buckets, postings)
          expect(text(bucketSum(buckets).minus(before))).toBe(text(charged ? each.amount : each.amount.neg()))
          expect(healthy(buckets)).toBe(true)
          if (charged) book.charge('1', 'WA', each.period, cents(each.amount))
          else book.retire('1', 'WA', cents(each.amount))
        }
        expect(show(buckets)).toEqual(
          show(
            [...book.buckets('1', 'WA')]
              .map(([p, c]) => ({ period: p, unpaid: fromCents(c) }))
              .sort((a, b) => (a.period < b.period ? -1 : 1)),
          ),
        )
      }),
    )
  })

  it('after mend no bucket is below zero, open credit is not above, and the sum is unchanged', () => {
    fc.assert(
      fc.property(wild, fc.array(fc.record({ period, amount }), { maxLength: 3 }), (buckets, took) => {
        const extra = mend(buckets, took, CURRENT)
        expect(text(sum(extra.map((line) => line.amount)))).toBe('0.00')
        expect(new Set(extra.map((line) => line.period)).size).toBe(extra.length)
        expect(healthy(post(buckets, extra))).toBe(true)
      }),
    )
  })

  it('the exact opposite of a posting restores its buckets whatever was posted since', () => {
    fc.assert(
      fc.property(wild, amount, period, amount, (buckets, paid, charged, other) => {
        const payment = retire(buckets, paid)
        const since = charge(post(buckets, payment), charged, other)
        const opposite = payment.map((line) => ({ period: line.period, amount: line.amount.neg() }))
        const all = post(post(post(buckets, payment), since), opposite)
        expect(show(all)).toEqual(show(post(buckets, since)))
      }),
    )
  })
})
