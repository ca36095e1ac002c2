import type { Option } from '../web/form.ts'
import type { Grid, Part, TypedField } from './county-layout-form.ts'
import type { Layout } from './layout-rules.ts'
import { SECTIONS, type Section, SOURCES } from './layout-source-rules.ts'
import { placesOf, SECTION_LABELS, SOURCE_LABELS } from './layout-words.ts'

/** A column of the grid. Widths and what goes with them stand in fixed-width files only. */
interface GridColumn {
  part: Part
  label: string
  input: 'text' | 'select' | 'box'
  size: '' | 'xxs' | 'xs' | 'sm' | 'md'
  fixedOnly?: boolean
}

const COLUMNS: readonly GridColumn[] = [
  { part: 'name', label: 'Name', input: 'text', size: 'sm' },
  { part: 'source', label: 'Shows', input: 'select', size: 'md' },
  { part: 'width', label: 'Width', input: 'text', size: 'xxs', fixedOnly: true },
  { part: 'pad', label: 'Fill', input: 'select', size: 'xs', fixedOnly: true },
  { part: 'fill', label: 'With', input: 'text', size: 'xxs', fixedOnly: true },
  { part: 'format', label: 'Text or format', input: 'text', size: 'sm' },
  { part: 'impliedDecimals', label: 'Implied decimals', input: 'box', size: '' },
  { part: 'digitsOnly', label: 'Digits only', input: 'box', size: '' },
  { part: 'stripPunctuation', label: 'No punctuation', input: 'box', size: '' },
  { part: 'cut', label: 'May be cut', input: 'box', size: '', fixedOnly: true },
]

const PADS: Option[] = [
  { value: 'left', label: 'Left' },
  { value: 'right', label: 'Right' },
]

const HINTS: Record<Section, string> = {
  header: 'Before the lines; none where it has no fields',
  line: 'One for each account or parcel',
  trailer: 'After the lines; none where it has no fields',
}

export const columnsFor = (kind: Layout['kind']): GridColumn[] =>
  COLUMNS.filter(({ fixedOnly }) => kind === 'fixed' || !fixedOnly)

/** The grid as the template shows it: the records, their rows, and in each the controls of the columns. */
export function gridView(grid: Grid, layout: Layout, errors: Record<string, string>, focus = '') {
  const columns = columnsFor(layout.kind)
  return SECTIONS.map((section) => {
    const places = placesOf(layout, section)
    return {
      section,
      label: SECTION_LABELS[section],
      hint: HINTS[section],
      error: errors[section] ?? '',
      focus: focus === `f-${section}`,
      rows: grid[section].map((row, at) =>
        rowView({ section, at, row, errors, focus, columns }, places[at]?.place ?? ''),
      ),
    }
  })
}

interface RowGiven {
  section: Section
  at: number
  row: TypedField
  errors: Record<string, string>
  focus: string
  columns: GridColumn[]
}

function rowView(given: RowGiven, place: string) {
  const { section, at, row, focus } = given
  const called = row.name.trim() || `field ${at + 1}`
  return {
    key: `${section}-${at}`,
    place,
    called: `${called}, ${SECTION_LABELS[section].toLowerCase()}`,
    focus: focus.startsWith(`do-`) ? focus : '',
    cells: given.columns.map((column) => cellView(given, column, called)),
  }
}

function cellView({ section, at, row, errors, focus }: RowGiven, column: GridColumn, called: string) {
  const name = `${section}-${at}-${column.part}`
  const value = row[column.part]
  return {
    ...column,
    id: `f-${name}`,
    name,
    value,
    label: `${column.label}: ${called}, ${SECTION_LABELS[section].toLowerCase()}`,
    error: errors[name] ?? '',
    focus: focus === `f-${name}`,
    choices: choicesOf(column.part, section, value),
  }
}

/** The list of a choice. What is none of it stays selected, so that it is seen and its error stands beside it. */
function choicesOf(part: Part, section: Section, value: string): (Option & { selected: boolean })[] {
  if (part !== 'source' && part !== 'pad') return []
  const known =
    part === 'pad' ? PADS : SOURCES[section].map((source) => ({ value: source, label: SOURCE_LABELS[source] }))
  const odd = value === '' || known.some((option) => option.value === value) ? [] : [{ value, label: value }]
  return [...known, ...odd].map((option) => ({ ...option, selected: option.value === value }))
}

/** The errors of a screen for its summary: a field of a record is named, for its control says only which column it is. */
export function summaryOf(errors: Record<string, string>, grid: Grid) {
  return Object.entries(errors).map(([name, text]) => {
    const [, section, at] = /^(header|line|trailer)-(\d+)-/.exec(name) ?? []
    const id = name === '' ? '' : `f-${name}`
    if (section === undefined) return { name, id, text }
    const called = grid[section as Section][Number(at)]?.name.trim() || `Field ${Number(at) + 1}`
    return { name, id, text: `${SECTION_LABELS[section as Section]}, ${called}: ${text}` }
  })
}
