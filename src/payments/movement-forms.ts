import { z } from 'zod'
import { defineForm, type FieldMeta, field } from '../web/form.ts'
import { codeInput, dateInput, linesInput, moneyInput, optional, optionalText, selectInput } from '../web/inputs.ts'

const requestId = field(z.uuid(), { label: '', input: 'hidden' })
const reason = (label = 'Reason') => field(linesInput(500), { label, input: 'textarea', rows: 2 })
const date = (hint?: string) => field(dateInput(), { label: 'Date', input: 'date', ...(hint ? { hint } : {}) })
const step = field(selectInput(['preview', 'go']).optional(), { label: '', input: 'hidden' })
const shown = field(z.string().max(20_000).optional(), { label: '', input: 'hidden' })

/** Add NSF, after the method was chosen (001-386, 001-387). */
export const nsfForm = defineForm({
  requestId,
  method: field(codeInput(), { label: '', input: 'hidden' }),
  reason: field(linesInput(500), { label: 'Reason', input: 'textarea', rows: 2, autofocus: true }),
  date: date('The day of the return; it counts for twelve months from then.'),
  fee: field(moneyInput({ zero: true }), { label: 'NSF fee', input: 'money', hint: '0.00 = none.' }),
})

/** Edit NSF: another fee. */
export const nsfFeeForm = defineForm({
  requestId,
  fee: field(moneyInput({ zero: true }), { label: 'NSF fee', input: 'money', autofocus: true, hint: '0.00 = none.' }),
  reason: reason(),
  date: date(),
})

export const transferForm = defineForm({
  requestId,
  step,
  shown,
  to: field(codeInput(), { label: 'To account', size: 'sm', autofocus: true }),
  reason: reason(),
  date: field(optional(dateInput()), {
    label: 'Date',
    input: 'date',
    hint: 'Empty: the date of the payment while its period is open, else today',
  }),
})

export const refundForm = defineForm({
  requestId,
  amount: field(moneyInput(), { label: 'Amount', input: 'money', autofocus: true }),
  reason: reason(),
  date: date(),
})

/** The check of a refund, entered later. */
export const checkForm = defineForm({
  version: field(z.coerce.number().int().min(0), { label: '', input: 'hidden' }),
  checkNumber: field(optionalText(40), { label: 'Check No.', size: 'sm', autofocus: true, hint: 'Empty = not yet.' }),
  checkDate: field(optional(dateInput()), { label: 'Check date', input: 'date' }),
})

type Part = { service: string; name: string }

const boxes = <T extends z.ZodType>(parts: readonly Part[], make: (part: Part, first: boolean) => T) =>
  Object.fromEntries(parts.map((part, at) => [`change-${part.service}`, make(part, at === 0)])) as Record<
    `change-${string}`,
    T
  >

const box = (label: string, first: boolean): FieldMeta => ({
  label,
  input: 'money',
  ...(first ? { autofocus: true } : {}),
})

/** Adjust: how much each service of the charge changes; below zero takes off. */
export const adjustForm = (parts: readonly Part[]) =>
  defineForm({
    requestId,
    version: field(z.coerce.number().int().min(0).optional(), { label: '', input: 'hidden' }),
    ...boxes(parts, ({ name }, first) =>
      field(optional(moneyInput({ zero: true, negative: true })), box(`Change of ${name}`, first)),
    ),
    reason: reason(),
    date: date(),
  })

/** Make Adjustments to Bill: what each service is to be billed. */
export const billForm = (parts: readonly Part[]) =>
  defineForm({
    requestId,
    step,
    shown,
    ...boxes(parts, ({ name }, first) =>
      field(optional(moneyInput({ zero: true })), box(`New amount of ${name}`, first)),
    ),
    reason: reason(),
    date: date(),
  })

/** Delete an unposted row: why, if there is something to say. */
export const removeForm = defineForm({
  reason: field(optionalText(200), { label: 'Reason', hint: 'Kept in the audit trail.' }),
})

/** What the boxes hold, by service; those left empty are not there. */
export function boxesOf<T>(data: object): { service: string; value: T }[] {
  return Object.entries(data).flatMap(([name, value]) =>
    name.startsWith('change-') && value !== undefined
      ? [{ service: name.slice('change-'.length), value: value as T }]
      : [],
  )
}
