import { z } from 'zod'
import type { FieldMeta, Option } from '../web/form.ts'

type Shape = Record<string, z.ZodType>
type Outer = (name: string) => string

const LONGEST = 20_000
const DAY = 'Write a date like 2026-10-31.'
const metaOf = (schema: z.ZodType): FieldMeta => (schema.meta() ?? { label: '' }) as unknown as FieldMeta

/** A field of a form as JSON: a tick is a boolean, a day is ISO, one of a fixed list says which, all else is text; null is empty. */
function sentField(schema: z.ZodType): z.ZodType {
  const { label, hint, input, options } = metaOf(schema)
  const described = { ...(label ? { title: label } : {}), ...(hint ? { description: hint } : {}) }
  return jsonOf(input, options).meta(described)
}

function jsonOf(input: FieldMeta['input'], options: readonly (string | Option)[] | undefined): z.ZodType {
  if (input === 'checkbox') return z.union([z.boolean(), z.null()], 'Write true or false.')
  if (input === 'checks') return z.union([z.array(z.string().max(100)).max(100), z.null()])
  if (input === 'date') return z.union([z.iso.date(DAY), z.literal(''), z.null()], DAY)
  if (input === 'number') return z.union([z.int(), z.string().max(20), z.null()], 'Write a number.')
  const known = (options ?? []).map((option) => (typeof option === 'string' ? option : option.value))
  if (known.length > 0)
    return z.union(
      [z.enum(['', ...known]), z.null()],
      `Write one of ${known.filter((each) => each !== '').join(', ')}.`,
    )
  return z.union([z.string().max(LONGEST), z.null()], 'Write text.')
}

/**
 * What a program may send of a form: its fields as they are called outside, all of them optional, and nothing else.
 * `more` are fields that stand in the place of others, which `outer` leaves out by an empty name.
 */
export function sentOf(
  shape: Shape,
  outer: Outer = (name) => name,
  more: Shape = {},
): z.ZodType<Record<string, unknown>> {
  const own = Object.entries(shape).map(([name, schema]) => [outer(name), sentField(schema)] as const)
  const named = Object.fromEntries(own.filter(([name]) => name !== ''))
  const all = Object.entries({ ...named, ...more }).map(([name, schema]) => [name, schema.optional()])
  return z.strictObject(Object.fromEntries(all))
}

/** The answer of such a record: its id, and the fields by which it is sent. */
export const answeredOf = (sent: z.ZodType) =>
  z.looseObject({ id: z.string(), ...(sent instanceof z.ZodObject ? sent.shape : {}) })
