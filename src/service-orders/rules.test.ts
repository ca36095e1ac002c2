import { describe, expect, it } from 'vitest'
import { isOf, isOverdue, statusAsked } from './rules.ts'

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
