import type { Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { type FieldFault, writeField } from './layout-field-rules.ts'

/** What a field of a county file shows. Row sources stand in lines only, control totals in header and trailer only. */
export type RowSource = 'parcel' | 'account' | 'owner' | 'address' | 'tax_year' | 'amount' | 'fee' | 'total'
export type ControlSource = 'count' | 'sum_amount' | 'sum_fee' | 'sum_total' | 'min_total' | 'max_total'
export type CommonSource = 'certification_id' | 'certification_year' | 'date' | 'constant' | 'blank'
export type FieldSource = RowSource | ControlSource | CommonSource

/** One field of a county file, as data: a town makes its own layouts without code. */
export type LayoutField = {
  name: string
  source: FieldSource
  /** Characters, in a fixed-width file. */
  width?: number
  /** The side that is filled up; amounts and numbers on the left, texts on the right. */
  pad?: 'left' | 'right'
  fill?: ' ' | '0'
  /** 555.00 is written 55500. */
  implied_decimals?: boolean
  constant?: string
  strip?: 'punctuation'
  /** Digits only, else the line is at fault. */
  numeric?: boolean
  /** A descriptive text may be cut to its width; everything else that is too long is a fault. */
  cut?: boolean
}

export type Layout = {
  code: string
  name: string
  kind: 'csv' | 'fixed'
  /** `names` is a line of the fields' names. */
  header?: 'names' | LayoutField[]
  fields: LayoutField[]
  trailer?: LayoutField[]
}

export type CountyRow = {
  account: string
  parcel: string | null
  owner: string
  address: string
  taxYear: number
  amount: Money
  fee: Money
}

export type CountyContext = { certificationId: string; taxYear: number; date: Day }
export type ControlTotals = { count: number; amount: Money; fee: Money; total: Money; min: Money; max: Money }
/** `account` is null for a header or trailer that does not fit its layout. */
export type RowFault = FieldFault & { account: string | null; parcel: string | null }
export type CountyFile = { text: string; totals: ControlTotals; faults: RowFault[] }

/**
 * Writes a county file. A line that does not fit the layout (no parcel number, one too long or not of digits, an
 * amount that is not above zero or too wide) is left out of the file and of its totals and listed, never silently cut
 * (domain.md K8). Lines end with a line feed.
 */
export function renderLayout(layout: Layout, rows: CountyRow[], context: CountyContext): CountyFile {
  const faults: RowFault[] = []
  const lines: string[] = []
  const kept: CountyRow[] = []
  for (const row of rows) {
    const line = renderLine(layout, layout.fields, rowValues(row, context))
    if (line.faults.length === 0) {
      lines.push(line.text)
      kept.push(row)
    } else faults.push(...line.faults.map((fault) => ({ ...fault, account: row.account, parcel: row.parcel })))
  }
  const totals = controlTotals(kept)
  const values = { ...commonValues(context), ...controlValues(totals) }
  const [header, trailer] = [headerFields(layout), layout.trailer].map(
    (fields) => fields && renderLine(layout, fields, values),
  )
  faults.push(
    ...[header, trailer]
      .flatMap((line) => line?.faults ?? [])
      .map((fault) => ({ ...fault, account: null, parcel: null })),
  )
  const all = [header?.text, ...lines, trailer?.text].filter((line) => line !== undefined)
  return { text: all.map((line) => `${line}\n`).join(''), totals, faults }
}

/** The figures of the cover letter: how many lines, their sums, the smallest and greatest total. */
export function controlTotals(rows: Pick<CountyRow, 'amount' | 'fee'>[]): ControlTotals {
  const amount = sum(rows.map((row) => row.amount))
  const fee = sum(rows.map((row) => row.fee))
  const totals = rows.map((row) => totalOf(row)).sort((a, b) => a.cmp(b))
  const total = money(amount.plus(fee))
  return { count: rows.length, amount, fee, total, min: totals[0] ?? ZERO, max: totals.at(-1) ?? ZERO }
}

type Value = { text: string; isMoney: boolean }
type Values = Partial<Record<FieldSource, Value>>

function renderLine(layout: Layout, fields: LayoutField[], values: Values): { text: string; faults: FieldFault[] } {
  const cells = fields.map((field) => writeField(field, layout.kind, contentOf(field, values)))
  const faults = cells.flatMap((cell) => (cell.ok ? [] : [cell.fault]))
  const written = cells.map((cell) => (cell.ok ? cell.text : ''))
  return { text: written.join(layout.kind === 'csv' ? ',' : ''), faults }
}

function headerFields(layout: Layout): LayoutField[] | undefined {
  if (layout.header !== 'names') return layout.header
  return layout.fields.map(({ name }) => ({ name, source: 'constant', constant: name }))
}

const words = (written: string): Value => ({ text: written, isMoney: false })
const dollars = (amount: Money): Value => ({ text: text(amount), isMoney: true })
const totalOf = (row: Pick<CountyRow, 'amount' | 'fee'>): Money => money(row.amount.plus(row.fee))

function contentOf(field: LayoutField, values: Values): Value {
  if (field.source === 'constant') return words(field.constant ?? '')
  if (field.source === 'blank') return words('')
  return values[field.source] ?? words('')
}

function commonValues(context: CountyContext): Values {
  return {
    certification_id: words(context.certificationId),
    certification_year: words(String(context.taxYear)),
    date: words(context.date),
  }
}

function rowValues(row: CountyRow, context: CountyContext): Values {
  return {
    ...commonValues(context),
    parcel: words(row.parcel ?? ''),
    account: words(row.account),
    owner: words(row.owner),
    address: words(row.address),
    tax_year: words(String(row.taxYear)),
    amount: dollars(row.amount),
    fee: dollars(row.fee),
    total: dollars(totalOf(row)),
  }
}

function controlValues(totals: ControlTotals): Values {
  return {
    count: words(String(totals.count)),
    sum_amount: dollars(totals.amount),
    sum_fee: dollars(totals.fee),
    sum_total: dollars(totals.total),
    min_total: dollars(totals.min),
    max_total: dollars(totals.max),
  }
}
