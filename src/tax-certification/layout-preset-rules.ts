import { type Refusal, refuse } from '../ledger/result.ts'
import type { FieldSource, Layout, LayoutField } from './layout-rules.ts'

/** A list with a header, as counties of Minnesota take it: parcel, delinquent balance, fee, total. */
export const CSV_LAYOUT: Layout = {
  code: 'csv',
  name: 'Spreadsheet (CSV)',
  kind: 'csv',
  header: 'names',
  fields: [
    { name: 'Parcel', source: 'parcel' },
    { name: 'Owner', source: 'owner' },
    { name: 'Service Address', source: 'address' },
    { name: 'Certified', source: 'amount' },
    { name: 'Fee', source: 'fee' },
    { name: 'Total', source: 'total' },
  ],
}

/** 80 characters without header: charge type 1, charge code 3 (the county's ID Number), parcel 9, amount 8, blank. */
export const SAN_MATEO_LAYOUT: Layout = {
  code: 'san-mateo',
  name: 'San Mateo County, 80 characters',
  kind: 'fixed',
  fields: [
    { name: 'Charge type', source: 'constant', constant: '6', width: 1 },
    { name: 'Charge code', source: 'certification_id', width: 3 },
    { name: 'Parcel', source: 'parcel', width: 9, strip: 'punctuation', numeric: true },
    { name: 'Amount', source: 'total', width: 8, implied_decimals: true },
    { name: 'Blank', source: 'blank', width: 59 },
  ],
}

/** 22 characters: bill category 2 (20 is real estate), year 4, bill number 8 (kept as the parcel number), amount 8. */
export const MUNIS_LAYOUT: Layout = {
  code: 'munis',
  name: 'Munis fee import, 22 characters',
  kind: 'fixed',
  fields: [
    { name: 'Bill category', source: 'constant', constant: '20', width: 2 },
    { name: 'Year', source: 'tax_year', width: 4, numeric: true },
    { name: 'Bill number', source: 'parcel', width: 8, strip: 'punctuation', numeric: true },
    { name: 'Amount', source: 'total', width: 8, implied_decimals: true },
  ],
}

export const LAYOUT_PRESETS: Layout[] = [CSV_LAYOUT, SAN_MATEO_LAYOUT, MUNIS_LAYOUT]

const COMMON: FieldSource[] = ['certification_id', 'certification_year', 'date', 'constant', 'blank']
const ROW: FieldSource[] = ['parcel', 'account', 'owner', 'address', 'tax_year', 'amount', 'fee', 'total', ...COMMON]
const CONTROL: FieldSource[] = ['count', 'sum_amount', 'sum_fee', 'sum_total', 'min_total', 'max_total', ...COMMON]
const MONEY: FieldSource[] = ['amount', 'fee', 'total', 'sum_amount', 'sum_fee', 'sum_total', 'min_total', 'max_total']

/** What is wrong with a layout that a town made, each fault naming its field. Nothing wrong is an empty list. */
export function layoutFaults(layout: Layout): Refusal[] {
  const header = typeof layout.header === 'object' ? layout.header : []
  return [
    ...(layout.fields.length === 0 ? [refuse('no_fields')] : []),
    ...(layout.kind === 'fixed' && layout.header === 'names' ? [refuse('names_need_csv')] : []),
    ...layout.fields.flatMap((field) => fieldFaults(field, layout, ROW)),
    ...[...header, ...(layout.trailer ?? [])].flatMap((field) => fieldFaults(field, layout, CONTROL)),
  ]
}

function fieldFaults(field: LayoutField, layout: Layout, sources: FieldSource[]): Refusal[] {
  const width = field.width ?? 0
  const faults: [boolean, string][] = [
    [!sources.includes(field.source), 'source_not_here'],
    [field.source === 'constant' && !field.constant, 'constant_missing'],
    [layout.kind === 'fixed' && !(Number.isInteger(width) && width >= 1 && width <= 1000), 'width_missing'],
    [layout.kind === 'fixed' && (field.constant?.length ?? 0) > width, 'constant_too_long'],
    [field.implied_decimals === true && !MONEY.includes(field.source), 'not_an_amount'],
    [field.fill === '0' && field.pad === 'right', 'zeros_on_the_right'],
    [field.cut === true && !['owner', 'address'].includes(field.source), 'may_not_be_cut'],
  ]
  return faults.flatMap(([wrong, refusal]) => (wrong ? [refuse(refusal, { field: field.name })] : []))
}
