import type { Layout, LayoutField } from './layout-rules.ts'

export type FaultReason =
  | 'parcel_missing'
  | 'description_missing'
  | 'not_numeric'
  | 'not_like_mask'
  | 'not_positive'
  | 'too_long'
  | 'not_ascii'
export type FieldFault = { field: string; value: string; reason: FaultReason }
export type Cell = { ok: true; text: string } | { ok: false; fault: FieldFault }
export type Value = { text: string; as: 'text' | 'money' | 'number' | 'day' }

const NUMERIC = /^\d+$/
const PRINTABLE = /^[ -~]*$/
const MARKS = /\p{M}/gu
const PUNCTUATION = /[^\p{L}\p{N}]/gu
const NEEDS_QUOTES = /[",\r\n]/

type No = (reason: FaultReason) => Cell

/** Writes one field as its layout says, or says what is wrong with it. */
export function writeField(field: LayoutField, kind: Layout['kind'], value: Value): Cell {
  const no: No = (reason) => ({ ok: false, fault: { field: field.name, value: value.text, reason } })
  if (value.as === 'money' && !mayCollect(field, value.text)) return no('not_positive')
  const plain = shape(field, value)
  if (field.digitsOnly && !NUMERIC.test(plain)) return no('not_numeric')
  const shown = masked(field, plain)
  if (shown === undefined) return no('not_like_mask')
  if (kind === 'csv') return { ok: true, text: quoted(shown) }
  return fixed(field, value, shown, no)
}

/** The side that is filled up and with what, where the layout does not say. */
export function padding(field: LayoutField, as: Value['as']): { side: 'left' | 'right'; fill: string } {
  const number = as === 'number' || field.digitsOnly === true
  const side = field.pad ?? (as === 'money' || number ? 'left' : 'right')
  const zeros = side === 'left' && (number || (as === 'money' && field.impliedDecimals === true))
  return { side, fill: field.fill ?? (zeros ? '0' : ' ') }
}

function fixed(field: LayoutField, { as }: Value, shown: string, no: No): Cell {
  const width = field.width ?? 0
  const plain = field.source === 'constant' ? shown : shown.normalize('NFKD').replace(MARKS, '').replace(/\s+/g, ' ')
  const ascii = field.cut ? plain.replace(/[^ -~]/g, '?').slice(0, width) : plain
  if (!PRINTABLE.test(ascii)) return no('not_ascii')
  if (ascii.length > width) return no('too_long')
  const { side, fill } = padding(field, as)
  return { ok: true, text: side === 'left' ? ascii.padStart(width, fill) : ascii.padEnd(width, fill) }
}

function shape(field: LayoutField, { text, as }: Value): string {
  if (as === 'money') return field.impliedDecimals ? withoutPoint(text) : text
  if (as === 'day') return dated(text, field.format || 'YYYY-MM-DD')
  if (field.source === 'tax_year') return field.format === 'YY' ? text.slice(-2) : text
  // a constant is written as it stands, spaces at its ends too
  if (field.source === 'constant') return text
  const trimmed = text.trim()
  return field.stripPunctuation || (field.source === 'parcel' && field.format)
    ? trimmed.replace(PUNCTUATION, '')
    : trimmed
}

/** The letters and digits of a parcel number in the places of its mask; undefined when there are more or fewer. */
function masked({ source, format }: LayoutField, plain: string): string | undefined {
  if (source !== 'parcel' || !format) return plain
  const signs = [...plain]
  if (signs.length !== [...format].filter((each) => each === '#').length) return undefined
  return [...format].map((each) => (each === '#' ? signs.shift() : each)).join('')
}

const dated = (day: string, format: string): string =>
  format.replace(/YYYY|YY|MM|DD/g, (part) => {
    if (part === 'YYYY') return day.slice(0, 4)
    if (part === 'YY') return day.slice(2, 4)
    return part === 'MM' ? day.slice(5, 7) : day.slice(8, 10)
  })

const withoutPoint = (amount: string): string => amount.replace('.', '').replace(/^0+(?=\d)/, '')

// What the county collects is above zero. Of it only the fee, or only the certified part, may be left: then the other is 0.00.
const mayCollect = ({ source }: LayoutField, amount: string): boolean =>
  !amount.startsWith('-') && (source !== 'total' || amount !== '0.00')

const quoted = (cell: string): string => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
