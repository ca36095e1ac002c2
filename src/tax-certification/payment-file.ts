import { CsvError, parse } from 'csv-parse/sync'
import { type Day, isDay } from '../ledger/calendar.ts'
import { type Money, moneyOf, ZERO } from '../ledger/money.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'

/** A line of a county's payment file. With a fault it cannot be read, and nothing of it is used. */
export interface PaymentLine {
  /** As an editor counts, the header is line 1. */
  line: number
  account: string
  parcel: string
  taxYear: number
  amount: Money | undefined
  date: Day
  checkNumber: string
  sourceId: string
  fault: { value: string; threshold: string } | undefined
}

const COLUMNS: Record<string, keyof Cells> = {
  account: 'account',
  accountnumber: 'account',
  parcel: 'parcel',
  parcelnumber: 'parcel',
  parcelno: 'parcel',
  pid: 'parcel',
  taxyear: 'taxYear',
  year: 'taxYear',
  amount: 'amount',
  date: 'date',
  checknumber: 'checkNumber',
  check: 'checkNumber',
  sourceid: 'sourceId',
  source: 'sourceId',
}

type Cells = Record<'account' | 'parcel' | 'taxYear' | 'amount' | 'date' | 'checkNumber' | 'sourceId', string>
const NONE: Cells = { account: '', parcel: '', taxYear: '', amount: '', date: '', checkNumber: '', sourceId: '' }

/**
 * Reads a county's payments: comma separated with a header line, its columns in any order by their names (Account or
 * Parcel, Tax Year, Amount, Date, Check Number, Source ID). Refuses a file without them or broken as CSV; a line that
 * does not fit comes back with its fault.
 */
export function readPayments(content: string): Result<PaymentLine[]> {
  let found: Found[]
  try {
    const given = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true } as const
    found = parse(content, given) as unknown as Found[]
  } catch (error) {
    if (error instanceof CsvError)
      return refuse('not_csv', { says: `The file is not comma separated text: ${error.message}` })
    throw error
  }
  const header = (found[0]?.record ?? []).map((name) => COLUMNS[name.toLowerCase().replace(/[^a-z]/g, '')])
  const missing = [
    ...(header.includes('account') || header.includes('parcel') ? [] : ['Account or Parcel']),
    ...(header.includes('taxYear') ? [] : ['Tax Year']),
    ...(header.includes('amount') ? [] : ['Amount']),
    ...(header.includes('date') ? [] : ['Date']),
  ]
  if (missing.length > 0)
    return refuse('columns_missing', { says: `The first line must name the columns. Missing: ${missing.join(', ')}.` })
  return accept(found.slice(1).map(({ record, info }) => readLine(cellsOf(header, record), info.lines)))
}

interface Found {
  record: string[]
  info: { lines: number }
}

function cellsOf(header: (keyof Cells | undefined)[], record: string[]): Cells {
  const named = header.flatMap((name, place) => (name === undefined ? [] : [[name, record[place] ?? '']]))
  return { ...NONE, ...Object.fromEntries(named) }
}

function readLine(cells: Cells, line: number): PaymentLine {
  const { account, parcel, checkNumber, sourceId } = cells
  const date = dayOf(cells.date)
  const amount = amountOf(cells.amount)
  const year = /^\d{4}$/.test(cells.taxYear) ? Number(cells.taxYear) : undefined
  const known = { line, account, parcel, amount, checkNumber, sourceId, taxYear: year ?? 0, date: date ?? '' }
  return { ...known, fault: faultOf(cells, { date, amount, year }) }
}

function faultOf(
  cells: Cells,
  read: { date: Day | undefined; amount: Money | undefined; year: number | undefined },
): PaymentLine['fault'] {
  if (cells.account === '' && cells.parcel === '') return { value: 'none', threshold: 'an account or a parcel number' }
  if (read.year === undefined) return { value: cells.taxYear || 'none', threshold: 'a tax year like 2026' }
  if (read.amount === undefined) return { value: cells.amount || 'none', threshold: 'an amount like 42.50, above 0.00' }
  if (read.date === undefined) return { value: cells.date || 'none', threshold: 'a date like 03/31/2026' }
  return undefined
}

function dayOf(written: string): Day | undefined {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(written)
  const [, month = '', day = '', year = ''] = american ?? []
  const asDay = american ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : written
  return isDay(asDay) ? asDay : undefined
}

// Counties write $1,204.18; the groups must be of three, so that a decimal comma is never read as one.
function amountOf(written: string): Money | undefined {
  const plain = /^\$?\d{1,3}(,\d{3})+(\.\d{1,2})?$/.test(written) ? written.replaceAll(',', '') : written
  const read = moneyOf(plain.replace(/^\$/, ''))
  return read.ok && read.value.gt(ZERO) ? read.value : undefined
}
