import Big from 'big.js'
import { parse } from 'csv-parse/sync'
import { type Money, money, ZERO } from '../ledger/money.ts'
import { padding } from './layout-field-rules.ts'
import type { CountyFile, Layout, LayoutField } from './layout-rules.ts'

/** What a county reads in a file. */
interface ReadBack {
  lines: number
  sums: Partial<Record<'amount' | 'fee' | 'total', Money>>
}

/**
 * Reads the finished file as the county will, by its layout alone, and compares lines and sums with the control totals.
 * Answers a sentence for each that differs; none when the file says what was certified.
 */
export function readBackFaults(layout: Layout, { text, totals }: Pick<CountyFile, 'text' | 'totals'>): string[] {
  const read = readBack(layout, text)
  const faults = read.lines === totals.count ? [] : [`${read.lines} lines instead of ${totals.count}`]
  for (const name of ['amount', 'fee', 'total'] as const) {
    const sum = read.sums[name]
    if (sum && !sum.eq(totals[name])) faults.push(`${name} ${sum.toFixed(2)} instead of ${totals[name].toFixed(2)}`)
  }
  return faults
}

function readBack(layout: Layout, text: string): ReadBack {
  const records = layout.kind === 'csv' ? csvRecords(text) : fixedRecords(layout, text)
  const first = [layout.header.length > 0, layout.columnNames].filter(Boolean).length
  const lines = records.slice(first, layout.trailer.length > 0 ? -1 : undefined)
  const sums: ReadBack['sums'] = {}
  for (const [at, field] of layout.line.entries()) {
    const { source } = field
    if (source !== 'amount' && source !== 'fee' && source !== 'total') continue
    sums[source] = lines.reduce((sum, cells) => money(sum.plus(amountOf(field, cells[at] ?? ''))), ZERO)
  }
  return { lines: lines.length, sums }
}

const csvRecords = (text: string): string[][] => parse(text, { relax_column_count: true })

function fixedRecords(layout: Layout, text: string): string[][] {
  const records = text.split(layout.lineEnd === 'crlf' ? '\r\n' : '\n').slice(0, -1)
  const ends = layout.line.map((_, at) => layout.line.slice(0, at + 1).reduce((sum, { width = 0 }) => sum + width, 0))
  return records.map((record) => ends.map((end, at) => record.slice(ends[at - 1] ?? 0, end)))
}

function amountOf(field: LayoutField, cell: string): Big {
  const { side, fill } = padding(field, 'money')
  let bare = cell
  while (bare.length > 0 && (side === 'left' ? bare.at(0) : bare.at(-1)) === fill)
    bare = side === 'left' ? bare.slice(1) : bare.slice(0, -1)
  if (!field.impliedDecimals) return new Big(`0${bare}`)
  const digits = bare.padStart(3, '0')
  return new Big(`${digits.slice(0, -2)}.${digits.slice(-2)}`)
}
