import { describe, expect, it } from 'vitest'
import { mayLeave, mayUndo, nextOf } from './rules.ts'

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
  it('offers the landlord where a rented location is empty', () => {
    const left = { occupied: false, rental: true, landlord: true, tenantWasLandlord: false }
    expect(nextOf(left)).toEqual({ newTenant: true, landlord: true })
    expect(nextOf({ ...left, tenantWasLandlord: true }).landlord).toBe(false)
    expect(nextOf({ ...left, rental: false }).landlord).toBe(false)
    expect(nextOf({ ...left, occupied: true })).toEqual({ newTenant: false, landlord: false })
  })
})
