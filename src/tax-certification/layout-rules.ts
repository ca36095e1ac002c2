import type { Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { type FieldFault, type Value, writeField } from './layout-field-rules.ts'
import { type CountyLine, linesOf } from './layout-line-rules.ts'
import type { FieldSource } from './layout-source-rules.ts'

/** One field of a county file, as data: a town makes its own layouts without code. */
export interface LayoutField {
  name: string
  source: FieldSource
  /** Characters, in a fixed-width file. */
  width?: number
  /** The side that is filled up; numbers on the left, texts on the right. */
  pad?: 'left' | 'right'
  /** One character; zeros for numbers of digits only, else spaces. */
  fill?: string
  /** The text of a constant, the mask of a parcel number (`###-###-###`), the parts of a date (`YYYYMMDD`) or year (`YY`). */
  format?: string
  /** 555.00 is written 55500. */
  impliedDecimals?: boolean
  /** Digits only, else the line is at fault. */
  digitsOnly?: boolean
  stripPunctuation?: boolean
  /** A descriptive text may be cut to its width; everything else that is too long is a fault. */
  cut?: boolean
}

export interface Layout {
  code: string
  name: string
  kind: 'csv' | 'fixed'
  /** Characters of every record of a fixed-width file, without its line end. */
  lineWidth?: number
  /** One line for each account, or one for each parcel with the amounts of its accounts added. */
  linesPer: 'account' | 'parcel'
  /** A line of the fields' names, in CSV. */
  columnNames: boolean
  lineEnd: 'lf' | 'crlf'
  header: LayoutField[]
  line: LayoutField[]
  trailer: LayoutField[]
}

export interface CountyRow {
  account: string
  parcel: string | null
  owner: string
  address: string
  description: string
  amount: Money
  fee: Money
}

export interface CountyContext {
  chargeCode: string
  idNumber: string
  taxYear: number
  date: Day
}
/** `count` = lines, `min` and `max` = the smallest and greatest total of a line. */
export interface ControlTotals {
  count: number
  parcels: number
  accounts: number
  amount: Money
  fee: Money
  total: Money
  min: Money
  max: Money
}
/** `account` is null for a header or trailer that does not fit its layout. */
export type RowFault = FieldFault & { account: string | null; parcel: string | null }
export interface CountyFile {
  text: string
  totals: ControlTotals
  faults: RowFault[]
  /** The records as they stand in the file: what comes before the lines, each line with its accounts, what comes after. */
  before: string[]
  lines: { accounts: string[]; text: string }[]
  after: string[]
}

/**
 * Writes a county file. A line that does not fit the layout (no parcel number, one too long or not of digits, nothing to
 * collect, an amount too wide) is left out of the file and of its totals, and each of its accounts listed; nothing is
 * ever silently cut (domain.md K8).
 */
export function renderLayout(layout: Layout, rows: readonly CountyRow[], context: CountyContext): CountyFile {
  const faults: RowFault[] = []
  const lines: CountyFile['lines'] = []
  const kept: CountyLine[] = []
  for (const line of linesOf(rows, layout.linesPer)) {
    const written = renderLine(layout, line, lines.length + 1, context)
    if (written.faults.length > 0) faults.push(...faultsOf(line, written.faults))
    else {
      lines.push({ accounts: line.accounts, text: written.text })
      kept.push(line)
    }
  }
  const totals = controlTotals(kept)
  const values = { ...commonValues(context), ...controlValues(totals, recordsOf(layout, lines.length)) }
  const header = frameRecord(layout, layout.header, values)
  const trailer = frameRecord(layout, layout.trailer, values)
  for (const fault of [...header.faults, ...trailer.faults]) faults.push({ ...fault, account: null, parcel: null })
  const [before, after] = [[...header.text, ...namesOf(layout)], trailer.text]
  const records = [...before, ...lines.map((line) => line.text), ...after]
  const end = layout.lineEnd === 'crlf' ? '\r\n' : '\n'
  return { text: records.map((record) => record + end).join(''), totals, faults, before, lines, after }
}

/** The figures of the cover letter: how many lines, parcels and accounts, their sums, the smallest and greatest line. */
export function controlTotals(lines: readonly CountyLine[]): ControlTotals {
  const amount = sum(lines.map((line) => line.amount))
  const fee = sum(lines.map((line) => line.fee))
  const totals = lines.map(totalOf).sort((a, b) => a.cmp(b))
  return {
    count: lines.length,
    parcels: new Set(lines.map((line) => line.key)).size,
    accounts: lines.reduce((count, line) => count + line.accounts.length, 0),
    amount,
    fee,
    total: money(amount.plus(fee)),
    min: totals[0] ?? ZERO,
    max: totals.at(-1) ?? ZERO,
  }
}

type Values = Partial<Record<FieldSource, Value>>

interface Written {
  text: string
  faults: FieldFault[]
}

function renderLine(layout: Layout, line: CountyLine, number: number, context: CountyContext): Written {
  const unnamed = missingKey(layout, line)
  if (unnamed) return { text: '', faults: [unnamed] }
  return renderRecord(layout, layout.line, { ...commonValues(context), ...lineValues(line, number) })
}

/** What names the land must be there: the parcel number, or the description where the layout has no parcel number. */
function missingKey({ line: fields }: Layout, line: CountyLine): FieldFault | undefined {
  const parcel = fields.find(({ source }) => source === 'parcel')
  if (parcel) {
    return line.parcel.trim() === '' ? { field: parcel.name, value: '', reason: 'parcel_missing' } : undefined
  }
  const described = fields.find(({ source }) => source === 'description')
  if (!described || line.description.trim() !== '') return undefined
  return { field: described.name, value: '', reason: 'description_missing' }
}

function frameRecord(layout: Layout, fields: LayoutField[], values: Values): { text: string[]; faults: FieldFault[] } {
  if (fields.length === 0) return { text: [], faults: [] }
  const { text: written, faults } = renderRecord(layout, fields, values)
  return { text: [written], faults }
}

function renderRecord({ kind }: Layout, fields: LayoutField[], values: Values): Written {
  const cells = fields.map((field) => writeField(field, kind, contentOf(field, values)))
  const faults = cells.flatMap((cell) => (cell.ok ? [] : [cell.fault]))
  const written = cells.map((cell) => (cell.ok ? cell.text : ''))
  return { text: written.join(kind === 'csv' ? ',' : ''), faults }
}

function namesOf(layout: Layout): string[] {
  if (!layout.columnNames) return []
  const names = layout.line.map(({ name }): LayoutField => ({ name, source: 'constant', format: name }))
  return [renderRecord(layout, names, {}).text]
}

const recordsOf = (layout: Layout, lines: number): number =>
  lines + [layout.header.length > 0, layout.columnNames, layout.trailer.length > 0].filter(Boolean).length

const faultsOf = (line: CountyLine, faults: FieldFault[]): RowFault[] =>
  line.accounts.flatMap((account) => faults.map((fault) => ({ ...fault, account, parcel: line.parcel || null })))

const words = (written: string): Value => ({ text: written, as: 'text' })
const number = (count: number): Value => ({ text: String(count), as: 'number' })
const dollars = (amount: Money): Value => ({ text: text(amount), as: 'money' })
const totalOf = (line: Pick<CountyLine, 'amount' | 'fee'>): Money => money(line.amount.plus(line.fee))

function contentOf(field: LayoutField, values: Values): Value {
  if (field.source === 'constant') return words(field.format ?? '')
  if (field.source === 'blank') return words('')
  return values[field.source] ?? words('')
}

const commonValues = ({ chargeCode, idNumber, taxYear, date }: CountyContext): Values => ({
  tax_year: number(taxYear),
  charge_code: words(chargeCode || idNumber),
  id_number: words(idNumber),
  date: { text: date, as: 'day' },
})

const lineValues = (line: CountyLine, at: number): Values => ({
  parcel: words(line.parcel),
  description: words(line.description),
  account: words(line.accounts.join('; ')),
  owner: words(line.owner),
  address: words(line.address),
  amount: dollars(line.amount),
  fee: dollars(line.fee),
  total: dollars(totalOf(line)),
  line_number: number(at),
})

const controlValues = (totals: ControlTotals, records: number): Values => ({
  count: number(totals.count),
  records: number(records),
  parcels: number(totals.parcels),
  accounts: number(totals.accounts),
  sum_amount: dollars(totals.amount),
  sum_fee: dollars(totals.fee),
  sum_total: dollars(totals.total),
  min_total: dollars(totals.min),
  max_total: dollars(totals.max),
})
