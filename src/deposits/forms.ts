import { z } from 'zod'
import { defineForm, field } from '../web/form.ts'
import { codeInput, dateInput, linesInput, moneyInput, numberInput, optional, optionalText } from '../web/inputs.ts'

const requestId = field(z.uuid(), { label: '', input: 'hidden' })
const reason = field(linesInput(500), { label: 'Reason', input: 'textarea', rows: 2 })
const date = field(dateInput(), { label: 'Date', input: 'date' })
const amount = field(moneyInput(), { label: 'Amount', input: 'money', autofocus: true })

/** Name of the box with what is taken for a deposit. */
export const boxOf = (deposit: string): string => `take-${deposit}`

/** Take deposit: one box for each deposit that something is to be collected of. */
export const takeForm = (deposits: readonly { number: string; serviceName: string }[]) =>
  defineForm({
    requestId,
    ...(Object.fromEntries(
      deposits.map(({ number, serviceName }, at) => [
        boxOf(number),
        field(optional(moneyInput({ zero: true })), {
          label: `Deposit ${number} for ${serviceName}`,
          input: 'money',
          ...(at === 0 ? { autofocus: true } : {}),
        }),
      ]),
    ) as Record<`take-${string}`, ReturnType<typeof box>>),
    method: field(codeInput(), { label: 'Method', input: 'select', size: 'md' }),
    checkNumber: field(optionalText(40), { label: 'Check number', size: 'sm' }),
    date,
  })

const box = () => optional(moneyInput({ zero: true }))

/** Apply and Refund. */
export const releaseForm = defineForm({ requestId, amount, reason, date })

export const transferForm = defineForm({
  requestId,
  to: field(codeInput(), { label: 'To account', size: 'sm' }),
  amount,
  reason,
  date,
})

const parts = field(numberInput({ min: 1, max: 24 }), {
  label: 'Instalments',
  input: 'number',
  hint: '1 = all at once',
})
const description = field(optionalText(100), { label: 'Description' })

/** Another deposit of an account. */
export const newForm = defineForm({
  account: field(codeInput(), { label: 'Account Number', size: 'sm', autofocus: true }),
  service: field(codeInput(), { label: 'Service', input: 'select', size: 'md' }),
  amount: field(moneyInput(), { label: 'Amount', input: 'money' }),
  installments: parts,
  agreedOn: field(dateInput(), { label: 'Agreed on', input: 'date' }),
  description,
})

export const agreementForm = defineForm({
  version: field(numberInput(), { label: '', input: 'hidden' }),
  amount,
  installments: parts,
  description,
})
