import { secret } from '../customers/personal-tab.ts'
import { defineForm, type FormData, field } from '../web/form.ts'
import { checkboxInput, moneyInput, numberInput, optional, optionalText, selectInput } from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'
import { isBankAccount, isRoutingNumber, isToken, NO_ROUTING_NUMBER, SPECIALS, STATES } from './rules.ts'

const choices = (pairs: Record<string, string>) => Object.entries(pairs).map(([value, label]) => ({ value, label }))

const routing = (label: string) =>
  field(
    optionalText(9).refine((typed) => typed === '' || isRoutingNumber(typed), NO_ROUTING_NUMBER),
    { label, size: 'sm' },
  )

/** Customer > Auto Payment: every field of both types; the page shows those of the type that is chosen [001]. */
export const autoPaymentForm = defineForm({
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
  seen: seenField(),
  type: field(selectInput(['none', 'draft', 'card']), {
    label: 'Auto-pay Type',
    input: 'select',
    size: 'md',
    options: choices({ none: 'None', draft: 'Draft', card: 'Credit Card' }),
  }),
  notifyInAdvance: field(checkboxInput(), {
    label: 'Notify in Advance',
    input: 'checkbox',
    hint: 'The customer is told amount and day before it is drafted.',
  }),
  accountType: field(optional(selectInput(['checking', 'savings'])), {
    label: 'Account Type',
    input: 'select',
    size: 'md',
    options: choices({ checking: 'Checking Account', savings: 'Savings Account' }),
  }),
  routing: routing('Bank Routing No.'),
  newRouting: routing('Routing number'),
  newBank: field(optionalText(), { label: 'Bank' }),
  bankAccount: secret('Account No.', isBankAccount, 'Write 4 to 17 letters or digits.'),
  token: secret(
    'Payment Token',
    isToken,
    'Write the token from the provider, 6 to 200 signs. The number of a card is not stored here.',
  ),
  special: field(optional(selectInput(SPECIALS)), {
    label: 'Special Options',
    input: 'select',
    size: 'md',
    options: choices({
      balance: 'Pay Account Balance',
      maximum: 'Maximum Amount',
      fixed: 'Fixed Amount',
      required: 'Required Amount (Statement Balance)',
    }),
    hint: 'Pay Account Balance was also called Pay Bill Amount.',
  }),
  maximum: field(optional(moneyInput()), { label: 'Maximum Amount', input: 'money' }),
  fixed: field(optional(moneyInput()), { label: 'Fixed Amount', input: 'money' }),
  state: field(optional(selectInput(STATES)), {
    label: 'Status',
    input: 'select',
    size: 'md',
    options: choices({
      pending: 'Prenote pending',
      sent: 'Prenote sent',
      active: 'Active',
      suspended: 'Suspended',
      ended: 'Ended',
    }),
    hint: 'Changed bank data begin a new prenote.',
  }),
})

export type AutoPaymentData = FormData<typeof autoPaymentForm>
