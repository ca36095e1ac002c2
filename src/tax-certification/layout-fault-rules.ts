import { padding } from './layout-field-rules.ts'
import type { Layout, LayoutField } from './layout-rules.ts'
import { ALL_SOURCES, isMoney, isNumber, mayBeCut, SECTIONS, type Section, SOURCES } from './layout-source-rules.ts'

export const MOST_FIELDS = 60
export const WIDEST = 2000

/** What is wrong with a layout that a town made, and where: a part of the layout, or of one field of a record. */
export interface LayoutFault {
  refusal: string
  section?: Section
  /** Place in its record, from 0. */
  at?: number
  part: string
  /** Figures for the sentence. */
  detail: Record<string, string>
}

/** Everything that is wrong with a layout. Nothing wrong is an empty list. */
export function layoutFaults(layout: Layout): LayoutFault[] {
  return [
    ...wholeFaults(layout),
    ...SECTIONS.flatMap((section) => [
      ...widthFaults(layout, section),
      ...layout[section].flatMap((field, at) => fieldFaults(field, layout, section, at)),
    ]),
  ]
}

// It stands in the names of files and in addresses.
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/

function wholeFaults(layout: Layout): LayoutFault[] {
  const { line, linesPer, kind, lineWidth } = layout
  const has = (...sources: string[]) => line.some(({ source }) => sources.includes(source))
  const count = SECTIONS.reduce((sum, section) => sum + layout[section].length, 0)
  const faults: [wrong: boolean, refusal: string, part: string][] = [
    [!CODE.test(layout.code), 'code_not_plain', 'code'],
    [line.length === 0, 'no_fields', 'line'],
    [count > MOST_FIELDS, 'too_many_fields', 'line'],
    [line.length > 0 && !has('parcel', 'description'), 'no_parcel_field', 'line'],
    [line.length > 0 && !has('amount', 'total'), 'no_amount_field', 'line'],
    [linesPer === 'parcel' && line.length > 0 && !has('parcel'), 'parcel_lines_need_parcel', 'linesPer'],
    [linesPer === 'parcel' && kind === 'fixed' && has('account'), 'several_accounts', 'linesPer'],
    [kind === 'fixed' && layout.columnNames, 'names_need_csv', 'columnNames'],
    [kind === 'fixed' && !isWidth(lineWidth), 'line_width_missing', 'lineWidth'],
    [kind === 'csv' && lineWidth !== undefined, 'csv_has_no_width', 'lineWidth'],
  ]
  return faults.flatMap(([wrong, refusal, part]) => (wrong ? [{ refusal, part, detail: {} }] : []))
}

/** The fields of a record come to the width of the line, no more and no less. */
function widthFaults({ kind, lineWidth, ...layout }: Layout, section: Section): LayoutFault[] {
  const fields = layout[section]
  if (kind !== 'fixed' || !isWidth(lineWidth) || fields.length === 0) return []
  if (!fields.every(({ width }) => isWidth(width))) return []
  const come = fields.reduce((sum, { width = 0 }) => sum + width, 0)
  if (come === lineWidth) return []
  const detail = { section, come: String(come), lineWidth: String(lineWidth) }
  return [{ refusal: 'widths_do_not_add_up', part: 'lineWidth', detail }]
}

type Check = [wrong: boolean, refusal: string, part: string]

function fieldFaults(field: LayoutField, layout: Layout, section: Section, at: number): LayoutFault[] {
  const same = layout[section].findIndex(({ name }) => name === field.name)
  const known = ALL_SOURCES.includes(field.source)
  const checks: Check[] = [
    [field.name.trim() === '', 'name_missing', 'name'],
    [field.name.trim() !== '' && field.source !== 'blank' && same < at, 'name_twice', 'name'],
    [!known, 'unknown_source', 'source'],
    [known && !SOURCES[section].includes(field.source), 'source_not_here', 'source'],
    ...formatChecks(field, layout),
    ...paddingChecks(field, layout),
    [field.impliedDecimals === true && !isMoney(field.source), 'not_an_amount', 'impliedDecimals'],
    [field.digitsOnly === true && isMoney(field.source) && !field.impliedDecimals, 'amount_has_a_point', 'digitsOnly'],
    [field.cut === true && !mayBeCut(field.source), 'may_not_be_cut', 'cut'],
  ]
  const detail = { field: field.name, width: String(field.width ?? '') }
  return checks.flatMap(([wrong, refusal, part]) => (wrong ? [{ refusal, section, at, part, detail }] : []))
}

const DATE = /^(?=.*[YMD])(YYYY|YY|MM|DD|[-/. ])+$/
const PRINTABLE = /^[ -~]*$/

/** The constant, the mask of the parcel number, the parts of a date. */
function formatChecks({ source, format = '', width }: LayoutField, { kind }: Layout): Check[] {
  const takes = ['constant', 'parcel', 'date', 'tax_year'].includes(source)
  const tooLong = kind === 'fixed' && isWidth(width) && format.length > width
  return [
    [source === 'constant' && format === '', 'constant_missing', 'format'],
    [format !== '' && !takes, 'format_not_here', 'format'],
    [kind === 'fixed' && takes && !PRINTABLE.test(format), 'format_not_ascii', 'format'],
    [source === 'parcel' && format !== '' && !format.includes('#'), 'mask_without_places', 'format'],
    [source === 'date' && format !== '' && !DATE.test(format), 'not_a_date_format', 'format'],
    [source === 'tax_year' && !['', 'YYYY', 'YY'].includes(format), 'not_a_year_format', 'format'],
    [takes && tooLong, 'format_too_long', 'format'],
  ]
}

/** Width and padding of a fixed-width file. Padding may not turn a number into another one. */
function paddingChecks(field: LayoutField, { kind }: Layout): Check[] {
  if (kind === 'csv') return []
  const { fill = ' ', source } = field
  const isDigits = isNumber(source) || field.digitsOnly === true
  const { side } = padding(field, isMoney(source) ? 'money' : isNumber(source) ? 'number' : 'text')
  const wrongFill = /[1-9.,+-]/.test(fill) || (fill === '0' && side === 'right')
  return [
    [!isWidth(field.width), 'width_missing', 'width'],
    [!/^[ -~]$/.test(fill), 'fill_not_one_character', 'fill'],
    [isDigits && wrongFill, 'fill_changes_number', 'fill'],
  ]
}

const isWidth = (width: number | undefined): width is number =>
  width !== undefined && Number.isInteger(width) && width >= 1 && width <= WIDEST
