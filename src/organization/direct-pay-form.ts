import { defineForm, field } from '../web/form.ts'
import { checkboxInput, codeInput, numberInput, optional, optionalText, selectInput } from '../web/inputs.ts'
import { OFFSET_TYPES } from './settings.ts'

const none = <T>(typed: T | undefined) => typed ?? ('' as const)

const digits = (label: string, hint: string) =>
  field(
    optionalText(10).refine((typed) => typed === '' || /^ ?\d{9,10}$/.test(typed), 'Write nine or ten digits.'),
    { label, size: 'sm', hint },
  )

/** Organization > Organization > Direct Pay: what drafts go by, and who sends them to which bank (domain.md 2.9, 3.10). */
export const directPayForm = defineForm({
  accountLevelBudgets: field(checkboxInput(), {
    label: 'Use account level budgets',
    input: 'checkbox',
    hint: "Required Amount drafts an account's budget in place of its statement.",
  }),
  budgetDemographicItem: field(optional(codeInput()).transform(none), {
    label: 'Demographic item with the budget',
    input: 'select',
    size: 'md',
    hint: 'Its effective value on the Demographics tab is the budget.',
  }),
  skipFixedOnCredit: field(checkboxInput(), {
    label: 'Skip Fixed Amount while nothing is owed',
    input: 'checkbox',
    hint: 'Off: a fixed amount is drafted in every cycle, and what is not owed becomes credit.',
  }),
  prenoteDays: field(numberInput({ max: 30 }), {
    label: 'Banking days after a prenote',
    input: 'number',
    size: 'xxs',
    hint: 'The first live draft comes no earlier.',
  }),
  notifyLeadDays: field(numberInput({ max: 60 }), {
    label: 'Days of advance notice',
    input: 'number',
    size: 'xxs',
    hint: 'For customers with Notify in Advance ticked.',
  }),
  hostedPaymentForm: field(
    optionalText(300).refine((typed) => typed === '' || isHttps(typed), 'Write an address that begins with https://.'),
    { label: "Provider's hosted payment form", hint: 'Its https address. Empty = no card provider is set up.' },
  ),
  offsetBank: field(optionalText(), { label: 'Offset Bank', size: 'md' }),
  offsetTransactionType: field(selectInput(OFFSET_TYPES), {
    label: 'Offset Transaction Type',
    input: 'select',
    size: 'md',
    options: [
      { value: 'checking', label: 'Checking' },
      { value: 'savings', label: 'Savings' },
      { value: 'general_ledger', label: 'General ledger' },
    ],
  }),
  immediateDestination: digits('Immediate Destination', "The receiving bank's routing number."),
  immediateOrigin: digits('Immediate Origin', 'The number by which the bank knows the town.'),
  destinationAchName: field(optionalText(23), { label: 'Destination ACH Name', size: 'md' }),
  bankHeader: field(optionalText(), {
    label: 'Bank Header',
    hint: 'A line that the bank wants above the file. Empty = none.',
  }),
  seen: field(optionalText(5000), { label: '', input: 'hidden' }),
})

function isHttps(typed: string): boolean {
  const url = URL.parse(typed)
  return url?.protocol === 'https:' && url.username === ''
}
