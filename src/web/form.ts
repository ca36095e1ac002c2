import { z } from 'zod'
import { BadRequest } from '../errors.ts'
import { dayText } from './format.ts'

export type InputKind =
  | 'text'
  | 'money'
  | 'date'
  | 'select'
  | 'checkbox'
  | 'checks'
  | 'radio'
  | 'textarea'
  | 'hidden'
  | 'password'
  | 'number'
  | 'email'
  | 'tel'
  | 'search'

export interface Option {
  value: string
  label: string
}

/** What a field shows beside its rule. */
export interface FieldMeta {
  label: string
  input?: InputKind
  hint?: string
  /** A fixed list: values that are their own labels, or pairs. Lists from the database come at `show` and `parse`. */
  options?: readonly (string | Option)[]
  /** Width by its data: xxs 2 characters, xs 4, sm 10, md 20; none = the column. */
  size?: 'xxs' | 'xs' | 'sm' | 'md'
  /** Takes the whole width of the fieldset. */
  full?: boolean
  rows?: number
  autocomplete?: string
  /** Values in use, offered and not binding (pick or type). */
  suggestions?: readonly string[]
  readonly?: boolean
  autofocus?: boolean
}

export interface FieldView extends FieldMeta {
  name: string
  id: string
  input: InputKind
  value: string
  values: string[]
  checked: boolean
  required: boolean
  error?: string
  choices: (Option & { selected: boolean })[]
}

export interface FormView {
  fields: FieldView[]
  /** The same fields by name, for layouts that place them by hand. */
  by: Record<string, FieldView>
  /** `said` is the text with its field's label, for the list above the form; at the field stands the text alone. */
  summary: { name: string; id: string; text: string; said?: string }[]
}

export interface ShowOptions {
  /** Lists from the database, by field. A value outside its list is refused at `parse`. */
  options?: Record<string, readonly (string | Option)[]>
  suggestions?: Record<string, readonly string[]>
  /** Fields that are shown and not typed: all of them for who may only read. */
  readonly?: readonly string[] | 'all'
}

type Shape = Record<string, z.ZodType>
type Parsed<S extends Shape> = { ok: true; data: z.infer<z.ZodObject<S>> } | { ok: false; view: FormView }

/** Binds a rule and what is shown for it. `.meta` must be the last call on a schema; this sees to it. */
export function field<T extends z.ZodType>(schema: T, meta: FieldMeta): T {
  return schema.meta({ ...meta }) as T
}

/**
 * A form declared once: rule, label, hint, order and where its error shows (product.md 1.5).
 * `show(values, errors, options)` makes the form for the template; an error under the name '' stands in the summary alone.
 * `parse(body, options)` answers the typed data or the same form with what was typed. Unknown fields, and a list where one
 * value belongs, are not typing mistakes and throw BadRequest.
 */
export function defineForm<S extends Shape>(shape: S) {
  const schema = z.strictObject(shape)
  const show = (values: object = {}, errors: Record<string, string> = {}, options: ShowOptions = {}): FormView =>
    formView(shape, values as Record<string, unknown>, errors, options)
  const parse = (body: unknown, options: ShowOptions = {}): Parsed<S> => {
    const typed = scalars(shape, body)
    const result = schema.safeParse(typed)
    const errors = {
      ...(result.success ? {} : issues(result.error, shape, typed)),
      ...outsideTheList(shape, typed, options),
    }
    if (result.success && Object.keys(errors).length === 0) {
      return { ok: true, data: result.data as z.infer<z.ZodObject<S>> }
    }
    return { ok: false, view: show(typed, errors, options) }
  }
  return { shape, schema, show, parse }
}

export type FormData<F extends { schema: z.ZodType }> = z.infer<F['schema']>

const metaOf = (schema: z.ZodType): FieldMeta => (schema.meta() ?? { label: '' }) as unknown as FieldMeta

function formView(shape: Shape, values: Record<string, unknown>, errors: Record<string, string>, options: ShowOptions) {
  const fields = Object.entries(shape).map(([name, schema]) =>
    fieldView(name, schema, values[name], errors[name], options),
  )
  return {
    fields,
    by: Object.fromEntries(fields.map((shown) => [shown.name, shown])),
    summary: Object.entries(errors).map(([name, text]) => {
      const label = Object.hasOwn(shape, name) ? metaOf(shape[name] as z.ZodType).label : ''
      return { name, id: name === '' ? '' : `f-${name}`, text, said: labelled(label, text) }
    }),
  }
}

/** A sentence that says which field it is about. */
export const labelled = (label: string, text: string): string =>
  label === '' || text.toLowerCase().startsWith(label.toLowerCase()) ? text : `${label}: ${text}`

function fieldView(
  name: string,
  schema: z.ZodType,
  value: unknown,
  error: string | undefined,
  options: ShowOptions,
): FieldView {
  const meta = metaOf(schema)
  const input = meta.input ?? 'text'
  const shown = shownValue(value, input)
  const values = Array.isArray(value) ? value.map(String) : []
  const suggestions = options.suggestions?.[name] ?? meta.suggestions
  return {
    ...meta,
    name,
    id: `f-${name}`,
    input,
    value: input === 'password' ? '' : shown,
    values,
    checked: value === true || ['on', 'yes', 'true'].includes(shown),
    required: isRequired(schema, input),
    choices: pairs(options.options?.[name] ?? meta.options).map((option) => ({
      ...option,
      selected: input === 'checks' ? values.includes(option.value) : option.value === shown,
    })),
    ...(suggestions ? { suggestions } : {}),
    ...(meta.readonly || options.readonly === 'all' || options.readonly?.includes(name) ? { readonly: true } : {}),
    ...(error === undefined ? {} : { error }),
  }
}

function shownValue(value: unknown, input: InputKind): string {
  if (value === undefined || value === null || Array.isArray(value)) return ''
  if (input === 'date' && typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return dayText(value)
  if (input === 'money' && typeof value === 'object' && 'toFixed' in value)
    return (value as { toFixed(n: number): string }).toFixed(2)
  return String(value)
}

const required = new WeakMap<z.ZodType, boolean>()

/** A field is needed when nothing typed does not pass. Asked once a schema. */
function isRequired(schema: z.ZodType, input: InputKind): boolean {
  if (input === 'checkbox' || input === 'checks' || input === 'hidden') return false
  let needed = required.get(schema)
  if (needed === undefined) {
    needed = !schema.safeParse('').success
    required.set(schema, needed)
  }
  return needed
}

const pairs = (options: readonly (string | Option)[] = []): Option[] =>
  options.map((option) => (typeof option === 'string' ? { value: option, label: option } : option))

/** The body as one value a field, lists only where boxes share a name. */
function scalars(shape: Shape, body: unknown): Record<string, unknown> {
  const typed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    if (name === '_csrf') continue
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (!schema) throw new BadRequest(`The form has no field ${JSON.stringify(name.slice(0, 40))}`)
    if (Array.isArray(value) && metaOf(schema).input !== 'checks')
      throw new BadRequest(`${name} was sent more than once`)
    typed[name] = value
  }
  for (const [name, schema] of Object.entries(shape)) {
    if (metaOf(schema).input === 'checks') typed[name] = [typed[name] ?? []].flat()
  }
  return typed
}

function issues(error: z.ZodError, shape: Shape, typed: Record<string, unknown>): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? '')
    const schema = shape[name]
    const missing = schema && (typed[name] === undefined || typed[name] === '')
    errors[name] ??= missing ? `${metaOf(schema).label || name} is needed.` : issue.message
  }
  return errors
}

function outsideTheList(shape: Shape, typed: Record<string, unknown>, options: ShowOptions): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const [name, list] of Object.entries(options.options ?? {})) {
    if (!Object.hasOwn(shape, name)) continue
    const known = new Set(pairs(list).map((option) => option.value))
    const chosen = [typed[name] ?? []].flat().filter((value) => value !== '')
    if (chosen.some((value) => !known.has(String(value)))) errors[name] = 'Choose one of the list.'
  }
  return errors
}
