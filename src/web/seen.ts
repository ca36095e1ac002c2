import { mergeChanges, type TheirChange, type Values } from '../tables/merge.ts'
import { type FieldView, type FormView, field, type ShowOptions } from './form.ts'
import { optionalText } from './inputs.ts'

/** Carries, hidden, what a form was opened with, so that a second clerk is told what the first one changed. */
export const seenField = () => field(optionalText(20_000), { label: '', input: 'hidden' })

/** Puts what the form shows into its `seen`. */
export function withSeen(form: FormView): FormView {
  return carrying(form, valuesOf(form))
}

export interface Told {
  /** Their changes, and what this clerk typed, at the new version: Save again stores it. */
  form: FormView
  /** Their changes in words: "City was Ashford and is now Marlow; you typed Ash." */
  theirs: string[]
  /** Whether the form was sent with what it was opened with: without it nobody can say that no field differs. */
  compared: boolean
}

export interface Shows {
  show(values?: object, errors?: Record<string, string>, options?: ShowOptions): FormView
}

/**
 * The form for a clerk who saved a record that somebody else had changed meanwhile: `body` is what was typed, with `seen`
 * as the form carried it, `stored` the record as it is now, with its version. Without a `seen` no change can be named.
 */
export function tellChanges(form: Shows, body: unknown, stored: object, options: ShowOptions = {}): Told {
  const typed = form.show(body as object, {}, options)
  const now = form.show(stored, {}, options)
  const seen = seenValues(typed.by.seen?.value ?? '')
  const merged = mergeChanges(seen ?? valuesOf(now), valuesOf(now), valuesOf(typed))
  const shown = form.show({ ...(body as object), ...asTyped(merged.values, now), ...versions(stored) }, {}, options)
  return {
    form: carrying(shown, valuesOf(now)),
    theirs: merged.theirs.flatMap((each) => inWords(now.by[each.field], each)),
    compared: seen !== undefined,
  }
}

const BESIDE = ['hidden', 'password']

/** What a form shows, as text by field: several ticked boxes stand one a line. */
function valuesOf(form: FormView): Values {
  const shown = form.fields.filter(({ input }) => !BESIDE.includes(input))
  return Object.fromEntries(shown.map((each) => [each.name, textOf(each)]))
}

function textOf({ input, value, values, checked }: FieldView): string {
  if (input === 'checkbox') return checked ? 'on' : ''
  return input === 'checks' ? [...values].sort().join('\n') : value
}

/** Merged text as a form takes it. */
function asTyped(values: Values, like: FormView): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    like.by[name]?.input === 'checks' ? value.split('\n').filter((each) => each !== '') : value,
  ])
  return Object.fromEntries(entries)
}

/** `version`, and `accountVersion` and the like where a form saves more than one record. */
const versions = (stored: object) =>
  Object.fromEntries(Object.entries(stored).filter(([name]) => name.toLowerCase().endsWith('version')))

function carrying(form: FormView, values: Values): FormView {
  if (form.by.seen) form.by.seen.value = JSON.stringify(values)
  return form
}

/** A `seen` that was tampered with counts as none. */
function seenValues(written: string): Values | undefined {
  try {
    const read: unknown = JSON.parse(written)
    if (typeof read !== 'object' || read === null) return undefined
    return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, String(value)]))
  } catch {
    return undefined
  }
}

function inWords(shown: FieldView | undefined, { was, now, typed }: TheirChange): string[] {
  if (!shown) return []
  const change = `${shown.label} was ${say(shown, was)} and is now ${say(shown, now)}`
  return [typed === undefined ? `${change}.` : `${change}; you typed ${say(shown, typed)}.`]
}

function say({ input, choices }: FieldView, value: string): string {
  if (input === 'checkbox') return value === 'on' ? 'ticked' : 'not ticked'
  const labels = value.split('\n').map((each) => choices.find((choice) => choice.value === each)?.label ?? each)
  return labels.join(', ') || 'empty'
}
