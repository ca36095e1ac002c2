import { defineForm, field } from '../web/form.ts'
import {
  checkboxInput,
  linesInput,
  moneyInput,
  numberInput,
  optional,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { ARRANGEMENT_ORDERS, COUNTER_POSTING, EMAIL_STATEMENTS } from './settings.ts'

/** Organization > Organization > Billing: how the counter posts, what statements say, who is sent them by e-mail. */
export const billingForm = defineForm({
  counterPosting: field(selectInput(COUNTER_POSTING), {
    label: 'Payments at the counter are posted',
    input: 'radio',
    options: [
      { value: 'at_once', label: 'at once' },
      { value: 'batch', label: "with the clerk's batch: they wait unposted, marked U, until the batch is posted" },
    ],
  }),
  deferredCharges: field(checkboxInput(), {
    label: 'Deferred Charges',
    input: 'checkbox',
    hint: 'Charges that wait until a payment comes; off, their tab is not shown and none is charged.',
  }),
  statementMessage: field(
    optional(linesInput(500)).transform((typed) => typed ?? ''),
    { label: 'Message on statements', input: 'textarea', rows: 3, hint: 'Stands above the stub. Empty = none.' },
  ),
  emailStatements: field(selectInput(EMAIL_STATEMENTS), {
    label: 'Statements by e-mail go to',
    input: 'radio',
    options: [
      { value: 'off', label: 'nobody' },
      { value: 'opted_in', label: 'customers with Email notices ticked' },
      { value: 'all', label: 'every customer; without an address the message is made without one' },
    ],
  }),
  emailSubject: field(textInput(100), { label: 'Subject of the e-mail' }),
  emailText: field(linesInput(1000), { label: 'Text of the e-mail', input: 'textarea', rows: 4 }),
  arrangementGraceDays: field(numberInput({ max: 90 }), {
    label: 'Days until an arrangement is broken',
    input: 'number',
    hint: 'After the due date of a payment that is missed. An arrangement keeps what holds when it is made.',
  }),
  arrangementPaymentOrder: field(selectInput(ARRANGEMENT_ORDERS), {
    label: 'A payment goes first to',
    input: 'radio',
    options: [
      { value: 'instalment', label: 'the payments of the arrangement' },
      { value: 'bill', label: 'what was billed since the arrangement was made' },
    ],
  }),
  maximumDepositHolding: field(moneyInput({ zero: true }), {
    label: 'Max Deposit Holding Per Customer',
    input: 'money',
    hint: '0.00 = no limit.',
  }),
  maximumDepositInstallments: field(numberInput({ min: 1, max: 24 }), {
    label: 'Maximum deposit instalments',
    input: 'number',
  }),
  seen: field(optionalText(5000), { label: '', input: 'hidden' }),
})
