import { mayPayBy } from '../customers/rules.ts'
import { Refused } from '../errors.ts'
import type { MethodFacts } from '../ledger/facts.ts'
import { NO_CHECKS_AFTER } from '../organization/settings.ts'
import { atField } from './door.ts'
import type { Payable } from './facts.ts'
import { checksAccepted } from './nsf-rules.ts'

/** Who pays: the account with its customer's terms, and what came back of it. */
type Payer = Pick<Payable, 'account' | 'extras'>

/** The payment's method; refuses an unknown or switched-off one, a missing reference, and what `refuseUnpayable` does. */
export function acceptedMethod(
  payer: Payer,
  tendered: { method: string; checkNumber?: string | undefined },
): MethodFacts {
  refuseUnpayable(payer, tendered.method)
  const method = methodOf(payer, tendered.method)
  if (!method?.active)
    throw atField('unknown_method', 'method', `There is no payment method ${tendered.method} in use.`)
  if (method.referenceRequired && !tendered.checkNumber) {
    throw atField('reference_missing', 'checkNumber', `${method.name} needs a check number or reference.`)
  }
  return method
}

/** Refuses a customer who is not to pay at all, not by this method [001-084, 001-086], or not by check any more [001-093]. */
export function refuseUnpayable(payer: Payer, code: string): void {
  const allowed = mayPayBy(payer.account, { code })
  const method = methodOf(payer, code)
  if (!allowed.ok && allowed.refusal === 'no_payments') {
    throw new Refused('no_payments', 'No payments are accepted from this customer (Do Not Accept Any Payments).')
  }
  if (!allowed.ok) {
    const sentence = `${method?.name ?? code} is not accepted from this customer (Disallowed Pay Methods).`
    throw atField('method_disallowed', 'method', sentence)
  }
  if (method?.kind === 'check' && checksRefused(payer)) {
    const sentence = 'Checks are not accepted from this customer. Choose cash, card or money order.'
    throw atField('no_checks', 'method', sentence)
  }
}

/** True when this customer's checks are no longer taken: `no_checks_after` came back in twelve months; 0 = they always are. */
export const checksRefused = ({ account, extras }: Payer): boolean =>
  !checksAccepted(extras.nsf12, Number(account.settings.no_checks_after || NO_CHECKS_AFTER))

const methodOf = ({ account }: Payer, code: string): MethodFacts | undefined =>
  account.methods.find((each) => each.code === code)
