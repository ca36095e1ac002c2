import type { Day } from '../ledger/calendar.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'

export interface Leaving {
  activityStatus: 'Current' | 'Waiting' | 'Final'
  connectDate: Day | null
}

/** Whether a customer can leave on a day: a Current account, on or after its connect date, not in the future. */
export function mayLeave(account: Leaving, day: Day, today: Day): Result<true> {
  if (account.activityStatus !== 'Current') return refuse('not_current')
  if (account.connectDate !== null && day < account.connectDate) return refuse('before_connect')
  if (day > today) return refuse('in_the_future')
  return accept(true)
}

/**
 * Whether a move-out can be undone: nobody else is Current at the location or begins with the read it entered, and nothing
 * was posted to the account since, but for the deposit that the move-out itself applied, which is reversed with it.
 */
export function mayUndo(facts: { occupied: boolean; begun: boolean; postedSince: number }): Result<true> {
  if (facts.occupied) return refuse('occupied')
  if (facts.begun) return refuse('read_begins')
  if (facts.postedSince > 0) return refuse('posted_since')
  return accept(true)
}

/** What comes after the final bill: a new tenant, and, where the location is rented, back to the landlord [003]. */
export function nextOf(facts: { occupied: boolean; rental: boolean; landlord: boolean; tenantWasLandlord: boolean }) {
  const free = !facts.occupied
  return { newTenant: free, landlord: free && facts.rental && facts.landlord && !facts.tenantWasLandlord }
}
