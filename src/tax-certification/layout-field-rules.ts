import type { Layout, LayoutField } from './layout-rules.ts'

export type FaultReason = 'parcel_missing' | 'not_numeric' | 'not_positive' | 'too_long' | 'not_ascii'
export type FieldFault = { field: string; value: string; reason: FaultReason }
export type Cell = { ok: true; text: string } | { ok: false; fault: FieldFault }

const NUMERIC = /^\d+$/
const PRINTABLE = /^[ -~]*$/
const MARKS = /\p{M}/gu
const PUNCTUATION = /[^\p{L}\p{N}]/gu
const NEEDS_QUOTES = /[",\r\n]/

/** Writes one field as its layout says, or says what is wrong with it. */
export function writeField(field: LayoutField, kind: Layout['kind'], value: { text: string; isMoney: boolean }): Cell {
  const no = (reason: FaultReason): Cell => ({ ok: false, fault: { field: field.name, value: value.text, reason } })
  if (field.source === 'parcel' && value.text.trim() === '') return no('parcel_missing')
  if (value.isMoney && mustBePositive(field) && !isPositive(value.text)) return no('not_positive')
  const shown = shape(field, value)
  if (field.numeric && !NUMERIC.test(shown)) return no('not_numeric')
  if (kind === 'csv') return { ok: true, text: quoted(shown) }
  return fixed(field, value.isMoney, shown, no)
}

function fixed(field: LayoutField, isMoney: boolean, shown: string, no: (reason: FaultReason) => Cell): Cell {
  const width = field.width ?? 0
  const plain = shown.normalize('NFKD').replace(MARKS, '').replace(/\s+/g, ' ')
  const ascii = field.cut ? plain.replace(/[^ -~]/g, '?').slice(0, width) : plain
  if (!PRINTABLE.test(ascii)) return no('not_ascii')
  if (ascii.length > width) return no('too_long')
  const side = field.pad ?? (isMoney || field.numeric ? 'left' : 'right')
  const fill = field.fill ?? ((isMoney && field.implied_decimals) || field.numeric ? '0' : ' ')
  return { ok: true, text: side === 'left' ? ascii.padStart(width, fill) : ascii.padEnd(width, fill) }
}

function shape(field: LayoutField, value: { text: string; isMoney: boolean }): string {
  if (value.isMoney) return field.implied_decimals ? withoutPoint(value.text) : value.text
  const trimmed = value.text.trim()
  return field.strip === 'punctuation' ? trimmed.replace(PUNCTUATION, '') : trimmed
}

const withoutPoint = (amount: string): string => amount.replace('.', '').replace(/^0+(?=\d)/, '')

// A fee may be 0.00; what is certified and what the county collects may not.
const mustBePositive = (field: LayoutField): boolean => field.source === 'amount' || field.source === 'total'

const isPositive = (amount: string): boolean => !amount.startsWith('-') && amount !== '0.00'

const quoted = (cell: string): string => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
