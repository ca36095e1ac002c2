import type { LayoutFault } from './layout-fault-rules.ts'
import { padding } from './layout-field-rules.ts'
import type { Layout, LayoutField } from './layout-rules.ts'
import { type FieldSource, isMoney, isNumber, SECTIONS, type Section } from './layout-source-rules.ts'

/** The sources of a field in a clerk's words. */
export const SOURCE_LABELS: Record<FieldSource, string> = {
  parcel: 'Parcel number',
  description: 'Legal description (Description of the location)',
  account: 'Account number',
  owner: 'Owner',
  address: 'Service address',
  amount: 'Certified',
  fee: 'Fee',
  total: 'Certified and fee',
  line_number: 'Number of the line',
  count: 'Lines',
  records: 'Lines with header and trailer',
  parcels: 'Parcels',
  accounts: 'Accounts',
  sum_amount: 'Sum of certified',
  sum_fee: 'Sum of fees',
  sum_total: 'Sum of certified and fees',
  min_total: 'Smallest line',
  max_total: 'Greatest line',
  tax_year: 'Tax year',
  charge_code: 'Charge code, else ID Number',
  id_number: 'ID Number from the county',
  date: 'Date of the file',
  constant: 'Constant text',
  blank: 'Blank',
}

export const SECTION_LABELS: Record<Section, string> = { header: 'Header', line: 'Each line', trailer: 'Trailer' }
export const KIND_LABELS: Record<Layout['kind'], string> = { csv: 'CSV', fixed: 'Fixed width' }
export const PER_LABELS: Record<Layout['linesPer'], string> = {
  account: 'One line per account',
  parcel: 'One line per parcel, amounts added',
}
export const END_LABELS: Record<Layout['lineEnd'], string> = {
  lf: 'Line feed',
  crlf: 'Carriage return and line feed (Windows)',
}

/** The sentence for each fault of a layout. */
export function faultSentence({ refusal, detail }: LayoutFault): string {
  const sentence = SENTENCES[refusal] ?? 'This does not fit.'
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => detail[name] ?? '')
}

/** The same with the field it is about, for a list of all that is wrong. */
export function faultInPlace(fault: LayoutFault, layout: Layout): string {
  const { section, at } = fault
  if (section === undefined || at === undefined) return faultSentence(fault)
  const called = layout[section][at]?.name.trim() || `Field ${at + 1}`
  return `${SECTION_LABELS[section]}, ${called}: ${faultSentence(fault)}`
}

const SENTENCES: Record<string, string> = {
  code_not_plain: 'A code has letters and digits, and . _ - between them, at most 20.',
  csv_has_no_width: 'A CSV file has none.',
  no_fields: 'A line needs at least one field.',
  too_many_fields: 'A layout has at most 60 fields.',
  no_parcel_field: 'A line needs the parcel number, or the legal description.',
  no_amount_field: 'A line needs an amount: certified, or certified and fee.',
  parcel_lines_need_parcel: 'One line per parcel needs the parcel number in the line.',
  several_accounts: 'One line per parcel may stand for several accounts: the account number does not fit one field.',
  names_need_csv: 'Column names stand in CSV files only.',
  line_width_missing: 'Write how many characters a line has, 1 to 2000.',
  widths_do_not_add_up: 'The widths of the {section} come to {come}, and a line has {lineWidth}.',
  name_missing: 'Give the field a name.',
  name_twice: 'There is another {field} in this record.',
  unknown_source: 'There is no such content. Choose one of the list.',
  source_not_here: 'This does not stand in this record. Choose one of the list.',
  constant_missing: 'Write the text.',
  format_not_here: 'Only constants, parcel numbers, dates and the tax year take this.',
  format_not_ascii: 'A fixed-width file takes plain characters only.',
  mask_without_places: 'Write # for each letter or digit, like ###-###-###.',
  not_a_date_format: 'Write it of YYYY, YY, MM and DD, like MMDDYYYY.',
  not_a_year_format: 'Write YYYY or YY.',
  format_too_long: 'This is longer than the width of {width}.',
  width_missing: 'Write a width of 1 to 2000.',
  fill_not_one_character: 'Write one plain character.',
  fill_changes_number: 'This would make another number of it.',
  not_an_amount: 'Only amounts have decimals.',
  amount_has_a_point: 'An amount has a point, unless its decimals are implied.',
  may_not_be_cut: 'Only owner, address and description may be cut.',
}

/** A layout in words, a line for each thing it says: for the control totals, and to tell what somebody else changed. */
export function layoutInWords(layout: Layout): string[] {
  const head = [
    `${layout.code}: ${layout.name}`,
    layout.kind === 'fixed' ? `Fixed width, ${layout.lineWidth ?? 0} characters` : 'CSV',
    PER_LABELS[layout.linesPer],
    `Lines end with ${layout.lineEnd === 'crlf' ? 'carriage return and line feed' : 'a line feed'}`,
    ...(layout.columnNames ? ['The first line has the names of the fields'] : []),
  ]
  return [
    ...head,
    ...SECTIONS.flatMap((section) =>
      placesOf(layout, section).map(
        ({ field, place }) => `${SECTION_LABELS[section]} ${place}: ${inWords(field, layout)}`,
      ),
    ),
  ]
}

/** Where each field of a record stands: '5-13' in a fixed-width file, its number in CSV. */
export function placesOf(
  layout: Pick<Layout, 'kind' | Section>,
  section: Section,
): { field: LayoutField; place: string }[] {
  let from = 1
  return layout[section].map((field, at) => {
    const { width = 0 } = field
    const to = from + width - 1
    const place =
      layout.kind === 'csv' ? String(at + 1) : width === 0 ? '' : from === to ? String(from) : `${from}-${to}`
    from = to + 1
    return { field, place }
  })
}

function inWords(field: LayoutField, { kind }: Layout): string {
  const shows = SOURCE_LABELS[field.source] ?? field.source
  const parts = [
    field.name.toLowerCase() === shows.toLowerCase() ? field.name : `${field.name} (${shows})`,
    ...detailsOf(field),
  ]
  return [...parts, ...(kind === 'fixed' ? [paddingInWords(field)] : [])].join(', ')
}

function detailsOf(field: LayoutField): string[] {
  return [
    ...(field.format ? [`"${field.format}"`] : []),
    ...(field.impliedDecimals ? ['two implied decimals'] : []),
    ...(field.stripPunctuation ? ['without punctuation'] : []),
    ...(field.digitsOnly ? ['digits only'] : []),
    ...(field.cut ? ['cut to its width'] : []),
  ]
}

function paddingInWords(field: LayoutField): string {
  const { source } = field
  const { side, fill } = padding(field, isMoney(source) ? 'money' : isNumber(source) ? 'number' : 'text')
  const named = { ' ': 'spaces', '0': 'zeros' }[fill] ?? `"${fill}"`
  return `filled on the ${side} with ${named}`
}
