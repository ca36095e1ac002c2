import { type Money, ZERO } from '../ledger/money.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import { RETURNABLE } from '../ledger/reversal.ts'

export type Returned = { type: string; method: string | null; reversedBy: string | null; reversedType: string | null }

/**
 * Whether a payment can be marked as returned by the bank, the clerk having said how it was paid (001-387). Refused: what
 * is not money received, what was returned or reversed already, and a payment of another method than the one meant.
 */
export function mayReturn(found: Returned, method: string): Result<null> {
  if (!RETURNABLE.includes(found.type)) return refuse('not_a_payment', { type: found.type })
  if (found.reversedBy !== null) {
    return refuse(found.reversedType === 'NSF' ? 'returned_already' : 'already_reversed', { by: found.reversedBy })
  }
  if (found.method !== null && found.method !== method) return refuse('other_method', { method: found.method })
  return accept(null)
}

/** The charge for a returned payment: none at 0.00, else on the service that the organization names. Refuses a missing one. */
export function nsfFee(amount: Money, service: string | undefined): Result<{ service: string; amount: Money } | null> {
  if (amount.lte(ZERO)) return accept(null)
  if (!service) return refuse('setting_missing', { setting: 'nsf_service' })
  return accept({ service, amount })
}

/** Whether checks are still taken after so many returned payments in twelve months; `after` 0 = always. */
export const checksAccepted = (returned: number, after: number): boolean => after === 0 || returned < after
