import { describe, expect, it } from 'vitest'
import type { BucketKey } from '../ledger/book.ts'
import type { Day } from '../ledger/calendar.ts'
import { money, text } from '../ledger/money.ts'
import { counted, inArrangement, type Plan, standing, withoutArranged } from './standing-rules.ts'

const plan = (changed: Partial<Plan> = {}): Plan => ({
  number: '1001',
  accountId: 1,
  madeOn: '2026-11-20',
  madeIn: '2026-11-30',
  amount: '250.00',
  graceDays: 5,
  paymentOrder: 'instalment',
  endedOn: null,
  endedAs: null,
  endedReason: null,
  services: [{ code: 'WA', name: 'Water', balance: '250.00' }],
  instalments: [
    { due: '2026-12-01', amount: '83.33' },
    { due: '2027-01-01', amount: '83.33' },
    { due: '2027-02-01', amount: '83.34' },
  ],
  payments: [],
  charges: [],
  ...changed,
})
const paid = (...payments: [Day, string][]) => payments.map(([date, amount]) => ({ date, amount }))
const states = (of: Plan, day: Day) => standing(of, day).instalments.map((each) => `${text(each.paid)} ${each.state}`)

describe('which payment counts toward which instalment', () => {
  it('001-469: oldest instalment first, the rest on the next', () => {
    const of = plan({ payments: paid(['2026-11-25', '100.00']) })
    expect(states(of, '2026-11-24')).toEqual(['0.00 to come', '0.00 to come', '0.00 to come'])
    expect(states(of, '2026-11-25')).toEqual(['83.33 paid', '16.67 part paid', '0.00 to come'])
    expect(text(standing(of, '2026-11-25').left)).toBe('150.00')
  })

  it('a payment returned undoes it from its own day on', () => {
    const of = plan({ payments: paid(['2026-11-25', '100.00'], ['2026-11-28', '-100.00']) })
    expect(text(counted(of, '2026-11-27'))).toBe('100.00')
    expect(text(counted(of, '2026-11-28'))).toBe('0.00')
  })

  it('A7: bill first: what was billed since is paid first', () => {
    const charges = paid(['2026-11-30', '60.00'])
    const of = plan({
      paymentOrder: 'bill',
      charges,
      payments: paid(['2026-11-25', '10.00'], ['2026-12-01', '100.00']),
    })
    expect(text(counted(of, '2026-11-25'))).toBe('10.00')
    expect(text(counted(of, '2026-12-01'))).toBe('50.00')
    expect(text(counted({ ...of, paymentOrder: 'instalment' }, '2026-12-01'))).toBe('110.00')
    const returned = { ...of, payments: [...of.payments, ...paid(['2026-12-02', '-100.00'])] }
    expect(text(counted(returned, '2026-12-02'))).toBe('0.00')
  })
})

describe('breach (A6)', () => {
  it('due 12/01 and five days of grace: current on 12/06, broken from 12/07 on', () => {
    expect(standing(plan(), '2026-12-06').state).toBe('current')
    expect(states(plan(), '2026-12-06')[0]).toBe('0.00 past due')
    const broken = standing(plan(), '2026-12-07')
    expect([broken.state, broken.ended]).toEqual(['broken', '2026-12-07'])
    expect(broken.reason).toBe('Payment 1 of 83.33, due 12/01/2026, was not paid by 12/06/2026.')
    expect(inArrangement(plan(), '2026-12-06')).toBe(true)
    expect(inArrangement(plan(), '2026-12-07')).toBe(false)
    expect(inArrangement(plan(), '2026-11-19')).toBe(false)
    expect(inArrangement(null, '2026-12-01')).toBe(false)
  })

  it('a cent short is a breach; on the last day of grace it is in time; a day later it does not mend the plan', () => {
    expect(standing(plan({ payments: paid(['2026-12-06', '83.32']) }), '2026-12-07').state).toBe('broken')
    expect(standing(plan({ payments: paid(['2026-12-06', '83.33']) }), '2026-12-07').state).toBe('current')
    expect(standing(plan({ payments: paid(['2026-12-07', '250.00']) }), '2026-12-08').state).toBe('broken')
  })

  it('a payment returned after its due date breaks the plan the day after the return', () => {
    const of = plan({ payments: paid(['2026-11-25', '83.33'], ['2026-12-20', '-83.33']) })
    expect(standing(of, '2026-12-20').state).toBe('current')
    expect(standing(of, '2026-12-21').ended).toBe('2026-12-21')
  })

  it('paid in full it is completed, on the day of the last payment', () => {
    const done = standing(plan({ payments: paid(['2026-11-25', '100.00'], ['2026-12-20', '160.00']) }), '2027-05-01')
    expect([done.state, done.ended, text(done.paid), text(done.left)]).toEqual([
      'completed',
      '2026-12-20',
      '250.00',
      '0.00',
    ])
  })

  it('cancelled it stands as it stood that day, and before it as a current one', () => {
    const of = plan({
      endedOn: '2026-11-28',
      endedAs: 'cancelled',
      endedReason: 'moved',
      payments: paid(['2026-11-25', '10.00'], ['2026-11-29', '50.00']),
    })
    expect(standing(of, '2026-11-27').state).toBe('current')
    const ended = standing(of, '2027-01-01')
    expect([ended.state, ended.reason, text(ended.paid)]).toEqual(['cancelled', 'moved', '10.00'])
  })
})

describe('what is arranged is left out (A6)', () => {
  const bucket = (service: string, period: BucketKey, unpaid: string) => ({ service, period, unpaid: money(unpaid) })
  const owed = [
    bucket('WA', '2026-11-30', '60.00'),
    bucket('WA', '2026-09-30', '200.00'),
    bucket('WA', '2026-12-31', '40.00'),
    bucket('SE', '2026-09-30', '30.00'),
    bucket('WA', 'open', '-5.00'),
  ]
  const left = (of: Plan | null, day: Day) => withoutArranged(owed, of, day).map(({ unpaid }) => text(unpaid))

  it('oldest buckets of its services first; newer charges, other services and credit stay', () => {
    expect(left(plan(), '2026-11-20')).toEqual(['10.00', '0.00', '40.00', '30.00', '-5.00'])
    expect(left(plan({ amount: '300.00' }), '2026-11-20')).toEqual(['0.00', '0.00', '40.00', '30.00', '-5.00'])
  })

  it('nothing is left out once the plan is broken, or without one', () => {
    expect(left(plan(), '2026-12-07')).toEqual(['60.00', '200.00', '40.00', '30.00', '-5.00'])
    expect(left(null, '2026-11-20')).toEqual(['60.00', '200.00', '40.00', '30.00', '-5.00'])
  })
})
