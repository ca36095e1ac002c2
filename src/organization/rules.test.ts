import { describe, expect, it } from 'vitest'
import type { Bucket } from '../ledger/aging.ts'
import { money } from '../ledger/money.ts'
import {
  type AllocationLists,
  allocationFaults,
  delinquentTest,
  penaltyTest,
  shutoffTest,
  utilityBillTest,
} from './rules.ts'

const lists = (changes: Partial<AllocationLists>): AllocationLists => {
  return { first: [], second: [], third: [], overpayment: [], exclude: [], ...changes }
}
const faults = (changes: Partial<AllocationLists>) =>
  allocationFaults(lists(changes), ['WA', 'SE', 'GA']).map(({ refusal, detail }) => [
    refusal,
    detail.service,
    detail.list,
  ])

describe('allocationFaults', () => {
  it.each([
    [{}, []],
    [{ first: ['WA', 'SE'], second: ['GA'], overpayment: ['WA'], exclude: ['GA'] }, []],
    [{ first: ['WA'], third: ['WA'] }, [['service_listed_twice', 'WA', 'first, third']]],
    [{ second: ['SE', 'SE'] }, [['service_listed_twice', 'SE', 'second']]],
    [{ overpayment: ['WA', 'WA'] }, [['service_listed_twice', 'WA', 'overpayment']]],
    [{ exclude: ['GA', 'GA', 'GA'] }, [['service_listed_twice', 'GA', 'exclude']]],
    [{ overpayment: ['WA', 'GA'], exclude: ['GA'] }, [['overpayment_and_excluded', 'GA', undefined]]],
    [{ exclude: ['XX'] }, [['service_unknown', 'XX', 'exclude']]],
  ] as [Partial<AllocationLists>, unknown[]][])('%j: %j', (changes, expected) => {
    expect(faults(changes)).toEqual(expected)
  })
})

const golden: Bucket[] = [
  { period: '2010-12-31', unpaid: money('68.27') },
  { period: '2011-01-31', unpaid: money('70.51') },
  { period: '2011-02-28', unpaid: money('65.77') },
  { period: '2011-03-31', unpaid: money('68.88') },
]
const account = { services: [golden], currentPeriod: '2011-04-30', periods: [] }

describe('minimum balances and periods (domain.md M1-M3)', () => {
  it.each([
    ['50.00', 1, '273.43', true],
    ['273.43', 1, '273.43', true],
    ['273.44', 1, '273.43', false],
    ['0.00', 9, '0.00', false],
    ['0.00', 0, '273.43', true],
  ])('delinquent from %s at %i periods: %s, %s', (minimum, periods, value, passed) => {
    const test = delinquentTest(account, { minimum: money(minimum), periods })
    expect(test).toMatchObject({ value, threshold: minimum, passed })
  })

  it.each([
    ['200.00', true],
    ['204.55', true],
    ['205.00', false],
  ])('shutoff from %s at 2 periods: %s', (minimum, passed) => {
    expect(shutoffTest(account, { minimum: money(minimum), periods: 2 })).toMatchObject({ value: '204.55', passed })
  })

  it('say in words what was looked at', () => {
    const threshold = { minimum: money('50'), periods: 2 }
    expect(delinquentTest(account, threshold).test).toBe('Delinquent Minimum Balance, unpaid 2 or more periods back')
    expect(shutoffTest(account, { ...threshold, periods: 1 }).test).toBe(
      'Shutoff Minimum Balance, unpaid 1 or more period back',
    )
  })

  it('one service does not offset another', () => {
    const credit: Bucket[] = [{ period: 'open', unpaid: money('-300.00') }]
    const both = { ...account, services: [golden, credit] }
    expect(delinquentTest(both, { minimum: money('50'), periods: 1 }).value).toBe('273.43')
  })

  it.each([
    ['25.00', true],
    ['24.99', false],
  ])('penalty on %s: %s', (pastDue, passed) => {
    expect(penaltyTest(money(pastDue), money('25')).passed).toBe(passed)
  })

  it.each([
    ['5.00', '5.00', true],
    ['4.99', '5.00', false],
    ['-3.00', '5.00', false],
    ['0.00', '0.00', true],
  ])('bill of %s at a minimum of %s is sent: %s', (due, minimum, passed) => {
    expect(utilityBillTest(money(due), money(minimum)).passed).toBe(passed)
  })
})
