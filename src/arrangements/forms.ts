import { defineForm, type FormData, field } from '../web/form.ts'
import {
  checkboxInput,
  checksInput,
  dateInput,
  linesInput,
  moneyInput,
  numberInput,
  optional,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { FREQUENCIES } from './rules.ts'
import { FREQUENCY_WORDS } from './words.ts'

const DO = field(optional(textInput(20)), { label: '', input: 'hidden' })

/** Setup, the second step. */
export const setupForm = defineForm({
  description: field(textInput(100), {
    label: 'Description',
    hint: 'Stands in the list of arrangements and in the reports.',
    autofocus: true,
  }),
  services: field(checksInput(), { label: 'Service', input: 'checks' }),
  amount: field(moneyInput(), { label: 'Arrangement amount', input: 'money' }),
  payments: field(numberInput({ min: 1, max: 120 }), { label: 'No. of payments', input: 'number' }),
  regular: field(checkboxInput(), { label: 'Due with regular billing', input: 'checkbox' }),
  frequency: field(optional(selectInput(FREQUENCIES)), {
    label: 'Frequency',
    input: 'select',
    size: 'sm',
    options: FREQUENCIES.map((value) => ({ value, label: FREQUENCY_WORDS[value] })),
    hint: 'The billing cycle stays as it is.',
  }),
  startDate: field(optional(dateInput()), {
    label: 'Start Date',
    input: 'date',
    hint: 'The first payment is due that day.',
  }),
  do: DO,
})

export type SetupTyped = FormData<typeof setupForm>

/** Confirmation, the fourth step. */
export const confirmForm = defineForm({
  reviewed: field(checkboxInput(), {
    label: 'I have reviewed this information and it is correct.',
    input: 'checkbox',
  }),
})

/** Ends a plan. */
export const cancelForm = defineForm({
  reason: field(linesInput(500), { label: 'Reason', input: 'textarea', rows: 3 }),
  version: field(numberInput(), { label: '', input: 'hidden' }),
})

export const deleteForm = defineForm({ version: field(numberInput(), { label: '', input: 'hidden' }) })
