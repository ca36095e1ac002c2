import type { Day } from '../../ledger/calendar.ts'
import type { AccountServiceState } from '../../ledger/effect.ts'

export type ServiceChange =
  | { action: 'add'; rate: string | null; quantity: string; units: string; frequency: string; connectDate: Day }
  | { action: 'disconnect'; disconnectDate: Day }
  | { action: 'delete' }

/** What the rule asks of an account and one service. */
export interface ServiceFacts {
  activityStatus: 'Current' | 'Waiting' | 'Final'
  accountConnect: Day | null
  state: AccountServiceState | null
  /** Something was posted to the service on this account, ever. Delete alone asks it. */
  billed: boolean
}

/** One test of why an account is left out, as the preview shows it. */
export interface Reason {
  test: string
  value: string
  threshold: string
  passed: boolean
}

export type Decision = { left: Reason } | { state: AccountServiceState | null }

const left = (test: string, value: string, threshold = ''): Decision => ({
  left: { test, value, threshold, passed: false },
})

/**
 * What Batch Add/Delete Services does to one account: the service as it will stand (null = taken off), or why the account
 * is left out. Nothing is added to a Final account or before the account's own connect date; a service that was billed is
 * disconnected, never deleted; a disconnect date lies on or after the connect date.
 */
export function changeService(serviceId: number, change: ServiceChange, facts: ServiceFacts): Decision {
  if (change.action === 'add') return added(serviceId, change, facts)
  const { state } = facts
  if (state === null) return left('Has the service', 'no', 'yes')
  if (change.action === 'delete') {
    return facts.billed ? left('Never billed', 'billed; give it a disconnect date', 'never billed') : { state: null }
  }
  const { disconnectDate } = change
  if (state.disconnectDate !== null && state.disconnectDate <= disconnectDate)
    return left('Still connected', `disconnected ${state.disconnectDate}`, 'connected')
  if (state.connectDate !== null && disconnectDate < state.connectDate)
    return left('Connected before that day', state.connectDate, disconnectDate)
  return { state: { ...state, disconnectDate } }
}

function added(
  serviceId: number,
  { action: _action, ...change }: Extract<ServiceChange, { action: 'add' }>,
  { activityStatus, accountConnect, state }: ServiceFacts,
): Decision {
  if (state !== null && state.disconnectDate === null) return left('Does not have the service', 'has it', 'has it not')
  if (state !== null) return left('Never had the service', `disconnected ${state.disconnectDate}`, 'never had it')
  if (activityStatus === 'Final') return left('Activity status', 'Final', 'Current or Waiting')
  if (accountConnect !== null && change.connectDate < accountConnect)
    return left('Account connected by that day', accountConnect, change.connectDate)
  return { state: { serviceId, ...change, disconnectDate: null } }
}
