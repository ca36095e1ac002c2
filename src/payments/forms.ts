import { z } from 'zod'
import { defineForm, field } from '../web/form.ts'
import {
  checkboxInput,
  codeInput,
  dateInput,
  linesInput,
  moneyInput,
  optional,
  optionalText,
  selectInput,
} from '../web/inputs.ts'

/** Name of the box with what the clerk allocates to a service. */
export const boxOf = (serviceId: number): string => `pay${serviceId}`

/** Take a payment: one box more for each service that may be allocated to by hand. */
export function paymentForm(services: { id: number; name: string }[]) {
  const boxes = services.map(({ id, name }) => [
    boxOf(id),
    field(optional(moneyInput({ zero: true })), { label: `Apply to ${name}`, input: 'money' }),
  ])
  return defineForm({
    requestId: field(z.uuid(), { label: '', input: 'hidden' }),
    shown: field(z.string().max(20_000).optional(), { label: '', input: 'hidden' }),
    step: field(selectInput(['preview', 'take']).optional(), { label: '', input: 'hidden' }),
    amount: field(moneyInput(), { label: 'Amount', input: 'money', autofocus: true }),
    method: field(codeInput(), { label: 'Method', input: 'select', size: 'md' }),
    checkNumber: field(optionalText(40), {
      label: 'Check number',
      size: 'sm',
      hint: 'Or the reference of a card or money order',
    }),
    date: field(dateInput(), { label: 'Date', input: 'date' }),
    byHand: field(checkboxInput(), { label: 'Allocate by hand', input: 'checkbox' }),
    ...(Object.fromEntries(boxes) as Record<`pay${number}`, ReturnType<typeof money>>),
  })
}

const money = () => optional(moneyInput({ zero: true }))

/** Reverse a transaction. Money that the bank returned is NSF, a form of its own. */
export const reversalForm = defineForm({
  requestId: field(z.uuid(), { label: '', input: 'hidden' }),
  reason: field(linesInput(500), { label: 'Reason', input: 'textarea', rows: 2, autofocus: true }),
  date: field(optional(dateInput()), {
    label: 'Date',
    input: 'date',
    hint: 'Empty: the date of the transaction while its period is open, else today',
  }),
})
