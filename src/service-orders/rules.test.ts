import { describe, expect, it } from 'vitest'
import { completionRefused, isOf, isOverdue, statusAsked } from './rules.ts'

const open = { completed: null, due: '2026-11-20' }
const done = { completed: '2026-11-19', due: '2026-11-18' }

describe('001-436: status of a service order', () => {
  it('is complete, incomplete or both; incomplete unless asked', () => {
    expect([isOf(open, 'incomplete'), isOf(open, 'complete'), isOf(open, 'both')]).toEqual([true, false, true])
    expect([isOf(done, 'incomplete'), isOf(done, 'complete'), isOf(done, 'both')]).toEqual([false, true, true])
    expect(statusAsked('nonsense')).toBe('incomplete')
  })

  it('is overdue from the day after its due date, while open', () => {
    expect(isOverdue(open, '2026-11-20')).toBe(false)
    expect(isOverdue(open, '2026-11-21')).toBe(true)
    expect(isOverdue(done, '2026-12-01')).toBe(false)
  })
})

describe('the day of completion', () => {
  it.each([
    ['2026-11-17', 'It cannot be completed before it was requested.'],
    ['2026-11-18', undefined],
    ['2026-11-20', undefined],
    ['2026-11-21', 'It cannot be completed after today.'],
  ])('%s, of an order of 2026-11-18, on 2026-11-20: %s', (day, refused) => {
    expect(completionRefused(day, '2026-11-18', '2026-11-20')).toBe(refused)
  })

  it('there is none yet for an order that is requested for a later day', () => {
    expect(completionRefused('2026-11-20', '2026-11-27', '2026-11-20')).toMatch(/before it was requested/)
    expect(completionRefused('2026-11-27', '2026-11-27', '2026-11-20')).toMatch(/after today/)
  })
})
