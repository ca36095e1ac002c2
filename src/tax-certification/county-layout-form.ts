import { BadRequest } from '../errors.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { checkboxInput, numberInput, optional, optionalText, selectInput, textInput } from '../web/inputs.ts'
import { MOST_FIELDS, WIDEST } from './layout-fault-rules.ts'
import type { Layout, LayoutField } from './layout-rules.ts'
import { SECTIONS, type Section } from './layout-source-rules.ts'
import { END_LABELS, KIND_LABELS, PER_LABELS } from './layout-words.ts'

const pairs = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }))

/** The layout itself; the fields of its records stand in a grid below (`gridOf`). */
export const layoutForm = defineForm({
  code: field(textInput(20), {
    label: 'Code',
    size: 'md',
    hint: 'Runs name the layout by it, and it stands in the name of the file',
  }),
  name: field(textInput(100), { label: 'Name' }),
  kind: field(selectInput(['csv', 'fixed']), {
    label: 'Kind',
    input: 'select',
    size: 'md',
    options: pairs(KIND_LABELS),
  }),
  lineWidth: field(optional(numberInput({ min: 1, max: WIDEST })), {
    label: 'Characters in a line',
    input: 'number',
    hint: 'Without the end of the line',
  }),
  linesPer: field(selectInput(['account', 'parcel']), {
    label: 'Lines',
    input: 'select',
    options: pairs(PER_LABELS),
    hint: 'Two accounts on one parcel are two lines, or one with their amounts added',
  }),
  lineEnd: field(selectInput(['lf', 'crlf']), { label: 'End of a line', input: 'select', options: pairs(END_LABELS) }),
  columnNames: field(checkboxInput(), { label: 'The first line has the names of the fields', input: 'checkbox' }),
  seen: field(optionalText(200_000), { label: '', input: 'hidden' }),
  do: field(optionalText(40), { label: '', input: 'hidden' }),
})

const TEXTS = ['name', 'source', 'width', 'pad', 'fill', 'format'] as const
const BOXES = ['impliedDecimals', 'digitsOnly', 'stripPunctuation', 'cut'] as const
/** The controls of one field of a record. */
export type Part = (typeof TEXTS)[number] | (typeof BOXES)[number]

/** A field of a record as it was typed; a ticked box is 'on'. */
export type TypedField = Record<Part, string>
export type Grid = Record<Section, TypedField[]>

const CONTROL = /^(header|line|trailer)-(\d{1,3})-(\w+)$/
const EMPTY: TypedField = Object.fromEntries([...TEXTS, ...BOXES].map((part) => [part, ''])) as TypedField

/** What was sent, the layout itself and the grid apart. Rows that hold nothing are passed over. */
export function sentLayout(body: Record<string, unknown>): { head: Record<string, unknown>; grid: Grid } {
  const head: Record<string, unknown> = {}
  const rows: Record<Section, Map<number, TypedField>> = { header: new Map(), line: new Map(), trailer: new Map() }
  for (const [name, value] of Object.entries(body)) {
    const [, section, at, part] = CONTROL.exec(name) ?? []
    if (section === undefined) head[name] = value
    else take(rows[section as Section], Number(at), part ?? '', String(value))
  }
  const grid = Object.fromEntries(SECTIONS.map((section) => [section, inPlace(rows[section])])) as Grid
  if (SECTIONS.some((section) => grid[section].length > 2 * MOST_FIELDS)) throw new BadRequest('Too many fields')
  return { head, grid }
}

function take(rows: Map<number, TypedField>, at: number, part: string, value: string): void {
  if (!Object.hasOwn(EMPTY, part)) throw new BadRequest(`The form has no field ${JSON.stringify(part.slice(0, 40))}`)
  const row = rows.get(at) ?? { ...EMPTY }
  rows.set(at, {
    ...row,
    [part]: value
      .normalize('NFC')
      .replace(/\p{Cc}/gu, '')
      .slice(0, 200),
  })
}

const inPlace = (rows: Map<number, TypedField>): TypedField[] =>
  [...rows]
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row)
    .filter((row) => TEXTS.some((part) => row[part].trim() !== ''))

export const emptyField = (): TypedField => ({ ...EMPTY })

/** The grid of a layout that is stored, or a preset. */
export const gridOf = (layout: Layout): Grid =>
  Object.fromEntries(SECTIONS.map((section) => [section, layout[section].map(typedField)])) as Grid

function typedField(said: LayoutField): TypedField {
  const texts = TEXTS.map((part) => [part, said[part] === undefined ? '' : String(said[part])])
  const boxes = BOXES.map((part) => [part, said[part] ? 'on' : ''])
  return Object.fromEntries([...texts, ...boxes]) as TypedField
}

/** The typed head, whatever of it can be read: the layout as it stands on the screen, to be judged by the rules. */
export interface TypedHead {
  code: string
  name: string
  kind: Layout['kind']
  lineWidth?: number | undefined
  linesPer: Layout['linesPer']
  lineEnd: Layout['lineEnd']
  columnNames: boolean
}

/** The layout of what was typed. A CSV file has no widths: what was typed for them is not kept. */
export function layoutTyped(head: TypedHead, grid: Grid): Layout {
  const { lineWidth, ...rest } = head
  const of = (section: Section) => grid[section].map((typed) => fieldTyped(typed, head.kind))
  const width = head.kind === 'fixed' && lineWidth !== undefined ? { lineWidth } : {}
  return { ...rest, ...width, header: of('header'), line: of('line'), trailer: of('trailer') }
}

function fieldTyped(typed: TypedField, kind: Layout['kind']): LayoutField {
  const { width, pad, fill, format } = typed
  const ticked = BOXES.filter((part) => typed[part] !== '' && !(kind === 'csv' && part === 'cut'))
  return {
    name: typed.name.trim(),
    source: typed.source as LayoutField['source'],
    ...(kind === 'fixed' && width.trim() !== '' ? { width: wholeNumber(width) } : {}),
    ...(kind === 'fixed' && (pad === 'left' || pad === 'right') ? { pad } : {}),
    ...(kind === 'fixed' && fill !== '' ? { fill } : {}),
    ...(format === '' ? {} : { format }),
    ...Object.fromEntries(ticked.map((part) => [part, true])),
  }
}

/** NaN where it is none: the rules then ask for a width. */
const wholeNumber = (typed: string): number => (/^\s*\d{1,6}\s*$/.test(typed) ? Number(typed) : Number.NaN)

/** The head as typed for showing and for the sample, wrong or not. */
export function looseHead(head: Record<string, unknown>): TypedHead {
  const said = (name: string) => (typeof head[name] === 'string' ? (head[name] as string).trim() : '')
  return {
    code: said('code'),
    name: said('name'),
    kind: said('kind') === 'fixed' ? 'fixed' : 'csv',
    lineWidth: said('lineWidth') === '' ? undefined : wholeNumber(said('lineWidth')),
    linesPer: said('linesPer') === 'parcel' ? 'parcel' : 'account',
    lineEnd: said('lineEnd') === 'crlf' ? 'crlf' : 'lf',
    columnNames: said('columnNames') !== '',
  }
}

/** Errors of the form that `parse` found, by field. */
export const errorsOf = (view: FormView): Record<string, string> =>
  Object.fromEntries(view.summary.map(({ name, text }) => [name, text]))
