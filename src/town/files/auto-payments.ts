import { byCode, CUSTOMER, column, day, dollars, flag, oneOf, ref, text } from '../columns.ts'
import type { Kind } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'
import { addLastFour, sealed } from './customers.ts'

const LONGEST_REFERENCE = 40

// Longer than a code: the product's own references have 36 characters.
const reference: Kind = {
  read: (cell) =>
    [...cell].length <= LONGEST_REFERENCE && !/[\n\r\t]/.test(cell)
      ? { value: cell }
      : { reason: `a reference has at most ${LONGEST_REFERENCE} characters on one line` },
  write: (stored) => stored,
}

/** How customers pay automatically; bank account and token travel as their ciphertext, sealed for the row's own reference. */
export const autoPayments: TownFile = {
  name: 'auto_payments.csv',
  table: 'public.auto_payment',
  key: ['customer_number'],
  columns: [
    { ...ref('customer_number', CUSTOMER, { into: 'customer_id' }), required: true },
    column('reference', reference, { required: true }),
    oneOf('type', ['none', 'draft', 'card'], { required: true }),
    flag('notify_in_advance', 'no'),
    oneOf('account_type', ['checking', 'savings']),
    ref('bank_code', byCode('bank_code')),
    oneOf('special', ['balance', 'maximum', 'fixed', 'required'], { empty: 'balance' }),
    dollars('maximum'),
    dollars('fixed'),
    oneOf('state', ['pending', 'sent', 'active', 'suspended', 'ended'], { empty: 'pending' }),
    day('state_since', { required: true }),
    column('bank_account_sealed', sealed),
    text('bank_account_last4'),
    column('token_sealed', sealed),
    text('token_last4'),
  ],
  complete(row) {
    for (const field of ['bank_account', 'token']) addLastFour(row, field)
  },
}

/** What customers chose of the deferred charges, where it is not what the Signup Type says. */
export const deferredParticipations: TownFile = {
  name: 'deferred_participations.csv',
  table: 'public.deferred_participation',
  key: ['customer_number', 'charge'],
  columns: [
    { ...ref('customer_number', CUSTOMER, { into: 'customer_id' }), required: true },
    { ...ref('charge', byCode('deferred_charge'), { into: 'deferred_charge_id' }), required: true },
    flag('takes_part', 'yes'),
  ],
}
