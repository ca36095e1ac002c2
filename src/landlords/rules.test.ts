import { describe, expect, it } from 'vitest'
import { mayLeave, mayUndo, nextConnect, nextOf, sameMoveOut } from './rules.ts'

describe('landlord and final bill, rules', () => {
  const account = { activityStatus: 'Current', connectDate: '2026-01-01' } as const
  it('a Current account leaves between its connect date and today', () => {
    expect(mayLeave(account, '2026-04-20', '2026-04-20').ok).toBe(true)
    expect(mayLeave(account, '2025-12-31', '2026-04-20')).toMatchObject({ refusal: 'before_connect' })
    expect(mayLeave(account, '2026-04-21', '2026-04-20')).toMatchObject({ refusal: 'in_the_future' })
    expect(mayLeave({ ...account, activityStatus: 'Final' }, '2026-04-20', '2026-04-20').ok).toBe(false)
  })
  it('is undone while nothing was posted since and nobody moved in', () => {
    expect(mayUndo({ occupied: false, begun: false, postedSince: 0 }).ok).toBe(true)
    expect(mayUndo({ occupied: true, begun: false, postedSince: 0 })).toMatchObject({ refusal: 'occupied' })
    expect(mayUndo({ occupied: false, begun: true, postedSince: 0 })).toMatchObject({ refusal: 'read_begins' })
    expect(mayUndo({ occupied: false, begun: false, postedSince: 1 })).toMatchObject({ refusal: 'posted_since' })
  })
  it('knows a final bill that is asked for again: last day, deposit and statement', () => {
    const done = { date: '2026-04-15', application: '12', statement: '3' }
    const asked = { date: '2026-04-15', applyDeposit: true, statement: true }
    expect(sameMoveOut(done, asked, false)).toBe(true)
    expect(sameMoveOut(done, { ...asked, date: '2026-04-01' }, false)).toBe(false)
    expect(sameMoveOut(done, { ...asked, applyDeposit: false }, false)).toBe(false)
    expect(sameMoveOut(done, { ...asked, statement: false }, false)).toBe(false)
    const nothing = { ...done, application: null }
    expect(sameMoveOut(nothing, asked, false)).toBe(true)
    expect(sameMoveOut(nothing, asked, true)).toBe(false)
    expect(sameMoveOut(nothing, { ...asked, applyDeposit: false }, true)).toBe(true)
  })
  it('offers the landlord where a rented location is empty', () => {
    const place = { occupied: false, rental: true, landlord: true, landlordWaits: false }
    const left = { ...place, lastIsLandlord: false, autoConnect: false }
    expect(nextOf(left)).toEqual({ newTenant: true, landlord: true, first: 'newTenant' })
    expect(nextOf({ ...left, autoConnect: true }).first).toBe('landlord')
    expect(nextOf({ ...left, landlordWaits: true, autoConnect: true })).toEqual({
      newTenant: true,
      landlord: false,
      first: 'newTenant',
    })
    expect(nextOf({ ...left, lastIsLandlord: true }).landlord).toBe(false)
    expect(nextOf({ ...left, rental: false }).landlord).toBe(false)
    expect(nextOf({ ...left, occupied: true })).toMatchObject({ newTenant: false, landlord: false })
  })
  it('the next one connects on the day after the last day of service', () => {
    expect(nextConnect('2026-04-30', '2026-06-01')).toBe('2026-05-01')
    expect(nextConnect(null, '2026-06-01')).toBe('2026-06-01')
  })
})
