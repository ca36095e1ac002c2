import { describe, expect, it } from 'vitest'
import {
  addDays,
  addMonths,
  dayIn,
  daysBetween,
  formatDay,
  isDay,
  monthEnd,
  periodOf,
  previousPeriod,
  yearOf,
} from './calendar.ts'

describe('days', () => {
  it.each([
    ['2011-04-30', true],
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2011-04-31', false],
    ['2011-13-01', false],
    ['2011-00-10', false],
    ['2011-01-00', false],
    ['0000-01-01', false],
    ['2011-4-30', false],
    ['04/30/2011', false],
    ['2011-04-30T00:00', false],
    ['٢٠١١-04-30', false],
    ['', false],
  ])('isDay(%j) is %s', (written, answer) => {
    expect(isDay(written)).toBe(answer)
  })

  it.each([
    ['2011-02-01', '2011-02-28'],
    ['2012-02-29', '2012-02-29'],
    ['2011-04-30', '2011-04-30'],
    ['2011-12-15', '2011-12-31'],
  ])('the month of %s ends %s', (day, end) => {
    expect(monthEnd(day)).toBe(end)
  })

  it('adds days and months', () => {
    expect(addDays('2011-12-31', 1)).toBe('2012-01-01')
    expect(addDays('2012-03-01', -1)).toBe('2012-02-29')
    expect([0, 1, 2, 3].map((n) => addMonths('2011-01-31', n))).toEqual([
      '2011-01-31',
      '2011-02-28',
      '2011-03-31',
      '2011-04-30',
    ])
    expect(daysBetween('2011-02-28', '2011-03-01')).toBe(1)
    expect(daysBetween('2012-01-01', '2011-01-01')).toBe(-365)
  })

  it('today is the day of the town, not of the machine', () => {
    const now = new Date('2011-05-01T03:30:00Z')
    expect(dayIn('America/Denver', now)).toBe('2011-04-30')
    expect(dayIn('Pacific/Auckland', now)).toBe('2011-05-01')
    expect(isDay(dayIn('America/Chicago'))).toBe(true)
  })

  it('shows days as Americans write them', () => {
    expect(formatDay('2011-04-05')).toBe('04/05/2011')
    expect(yearOf('2011-04-05')).toBe(2011)
  })
})

describe('periods', () => {
  const months = ['2010-12-31', '2011-01-31', '2011-02-28', '2011-03-31', '2011-04-30']
  const twoMonths = ['2010-12-31', '2011-02-28', '2011-04-30']

  it.each([
    ['2011-03-31', months, '2011-03-31'],
    ['2011-04-01', months, '2011-04-30'],
    ['2011-05-01', months, '2011-05-31'],
    ['2009-06-15', months, '2009-06-30'],
    ['2011-03-01', twoMonths, '2011-04-30'],
    ['2011-03-01', [], '2011-03-31'],
    ['2011-01-10', ['2011-01-15', '2011-02-15'], '2011-01-15'],
    ['2011-01-20', ['2011-01-15', '2011-02-15'], '2011-02-15'],
    ['2011-02-20', ['2011-02-15', '2011-01-15'], '2011-02-28'],
  ])('%s is in period', (day, periods, end) => {
    expect(periodOf(day, periods)).toBe(end)
  })

  it.each([
    ['2011-04-30', months, '2011-03-31'],
    ['2010-12-31', months, '2010-11-30'],
    ['2011-06-30', months, '2011-05-31'],
    ['2011-04-30', twoMonths, '2011-02-28'],
    ['2011-05-31', twoMonths, '2011-04-30'],
    ['2011-03-31', [], '2011-02-28'],
    ['2011-02-28', ['2011-01-15', '2011-02-15'], '2011-02-15'],
  ])('before %s comes', (period, periods, before) => {
    expect(previousPeriod(period, periods)).toBe(before)
  })
})
