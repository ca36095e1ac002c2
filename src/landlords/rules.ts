import { addDays, type Day } from '../ledger/calendar.ts'
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

interface Done {
  date: Day
  application: string | null
  statement: string | null
}

/**
 * Whether a final bill that is asked for is the one that was made: the same last day, deposit and statement; reads apart.
 * `owing` = something is owed and a deposit held now: where not, there was nothing to apply.
 */
export function sameMoveOut(
  done: Done,
  asked: { date: Day; applyDeposit: boolean; statement: boolean },
  owing: boolean,
): boolean {
  const applied = done.application !== null
  const deposit = asked.applyDeposit ? applied || !owing : !applied
  return asked.date === done.date && deposit && asked.statement === (done.statement !== null)
}

interface Leftover {
  occupied: boolean
  rental: boolean
  /** The location has a landlord who may be seen. */
  landlord: boolean
  /** An account of the landlord waits to be connected there. */
  landlordWaits: boolean
  lastIsLandlord: boolean
  /** Agreed: service goes back to the landlord when a tenant leaves. */
  autoConnect: boolean
}

/**
 * What comes after the final bill: a new tenant, and, where the location is rented, back to the landlord [003]. `first`
 * is the one that is offered as the main button: the landlord where that was agreed.
 */
export function nextOf(left: Leftover): { newTenant: boolean; landlord: boolean; first: 'newTenant' | 'landlord' } {
  const newTenant = !left.occupied
  const landlord = newTenant && left.rental && left.landlord && !left.landlordWaits && !left.lastIsLandlord
  return { newTenant, landlord, first: landlord && left.autoConnect ? 'landlord' : 'newTenant' }
}

/** The day that the next one is connected: the day after the last day of service; unknown, today. */
export const nextConnect = (lastDay: Day | null, today: Day): Day => (lastDay === null ? today : addDays(lastDay, 1))
