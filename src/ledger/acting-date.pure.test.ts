import { expect, it } from 'vitest'
import { actingDate, demandActingDate } from './acting-date.ts'

it.each([
  ['2011-04-05', '2011-04-05', '2011-04-20', undefined],
  ['2011-04-20', '2011-04-05', '2011-04-20', undefined],
  ['2011-04-04', '2011-04-05', '2011-04-20', 'date_before_original'],
  ['2011-04-21', '2011-04-05', '2011-04-20', 'date_after_today'],
  // dated ahead itself: on its own date alone
  ['2011-05-01', '2011-05-01', '2011-04-20', undefined],
  ['2011-04-20', '2011-05-01', '2011-04-20', 'date_before_original'],
  ['2011-05-02', '2011-05-01', '2011-04-20', 'date_after_today'],
] as const)('on %s, of what is dated %s, today %s: %s', (asked, original, today, refusal) => {
  const answer = actingDate(asked, original, today)
  expect(answer.ok ? undefined : answer.refusal).toBe(refusal)
})

it('says it at the date', () => {
  const says = (asked: string) => {
    try {
      return demandActingDate(asked, '2011-04-05', '2011-04-20')
    } catch (error) {
      return (error as { detail: unknown }).detail
    }
  }
  expect(says('2011-04-19')).toBe('2011-04-19')
  expect(says('2011-04-01')).toEqual({ date: 'What this changes is dated 04/05/2011: choose that day or a later one.' })
  expect(says('2011-12-25')).toEqual({ date: 'This cannot be dated ahead: choose 04/20/2011 or an earlier day.' })
})
