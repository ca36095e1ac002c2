import Big from 'big.js'
import type { z } from 'zod'
import { defineForm, type FieldMeta, field } from '../web/form.ts'
import {
  checkboxInput,
  dateInput,
  decimalInput,
  moneyInput,
  optional,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'

export const KINDS = ['text', 'number', 'amount', 'date', 'yes_no', 'list'] as const
export type Kind = (typeof KINDS)[number]

export interface Defined {
  id: number
  name: string
  kind: Kind
  choices: string | null
  required: boolean
}

/** The form of the fields that a town defined; each under the name `f<id>`. */
export const customForm = (defined: readonly Defined[]) => {
  const fields = defined.map((each): [string, z.ZodType] => [`f${each.id}`, field(ruleOf(each), metaOf(each))])
  return defineForm({ seen: seenField(), ...Object.fromEntries(fields) } as Record<string, z.ZodType>)
}

const choicesOf = ({ choices }: Defined): string[] =>
  (choices ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

function ruleOf(defined: Defined): z.ZodType {
  const { kind, required } = defined
  const may = (schema: z.ZodType) => (required ? schema : optional(schema))
  switch (kind) {
    case 'number':
      return may(decimalInput({ min: '-9999999999' }))
    case 'amount':
      return may(moneyInput({ zero: true, negative: true }))
    case 'date':
      return may(dateInput())
    case 'yes_no':
      return checkboxInput()
    case 'list':
      return may(selectInput(choicesOf(defined) as [string, ...string[]]))
    default:
      return required ? textInput(200) : optionalText(200)
  }
}

const INPUTS: Record<Kind, FieldMeta['input']> = {
  text: 'text',
  number: 'text',
  amount: 'money',
  date: 'date',
  yes_no: 'checkbox',
  list: 'select',
}

const metaOf = (defined: Defined): FieldMeta => ({
  label: defined.name,
  input: INPUTS[defined.kind] ?? 'text',
  ...(defined.kind === 'list' ? { options: choicesOf(defined) } : {}),
  ...(defined.kind === 'number' ? { size: 'sm' as const } : {}),
})

/** A value as it is kept: text, an amount with two decimals; nothing = no value. A tick is `yes`. */
export function keptText(kind: Kind, value: unknown): string {
  if (value === undefined || value === null || value === false || value === '') return ''
  if (value === true) return 'yes'
  if (value instanceof Big) return kind === 'amount' ? value.toFixed(2) : value.toFixed()
  return String(value)
}
