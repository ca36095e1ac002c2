import { accept, type Result, refuse } from '../ledger/result.ts'

export type Transferable = {
  type: string
  account: string
  reverses: string | null
  reversedBy: string | null
  transferredBy: string | null
}

/**
 * Whether a payment can be moved to another account. Refused: what is no payment on the utility book, a reversed one, one
 * that was moved already (reverse that transfer first), and the account it is on.
 */
export function mayTransfer(found: Transferable, to: string): Result<null> {
  if (found.type !== 'Pmt' || found.reverses !== null) return refuse('not_a_payment', { type: found.type })
  if (found.reversedBy !== null) return refuse('already_reversed', { by: found.reversedBy })
  if (found.transferredBy !== null) return refuse('already_transferred', { by: found.transferredBy })
  if (found.account === to) return refuse('same_account', { account: to })
  return accept(null)
}
