import { type Day, periodOf } from '../../ledger/calendar.ts'
import type { TransactionType } from '../../ledger/other-side.ts'
import { isPeriod } from '../check-set-up.ts'
import { firstLine } from '../csv.ts'
import type { Faults } from '../faults.ts'
import { OPEN, TRANSACTIONS, transactionColumns } from '../files/transactions.ts'
import { type Header, readHeader, widthReason } from '../header.ts'
import type { Kind } from '../kinds.ts'
import type { AccountInfo, Picture } from '../picture.ts'
import type { Entry, FileBook, Line } from './entry.ts'

// What the lines of one transaction have in common. Later lines say the same, or nothing where that is allowed.
const COMMON = [
  ...['account_number', 'date', 'period', 'type', 'description', 'reverses', 'due_date', 'method', 'reference'],
  ...['receipt', 'run', 'source', 'link', 'facts', 'recorded_at'],
] as const
const ALWAYS_THERE: readonly string[] = ['account_number', 'date', 'type']
const LONGEST_SOURCE = 200

type Cell = (name: string) => string
type Refuse = (column: string, reason: string) => void

/** Reads the records of transactions.csv and hands on each transaction when its lines are complete. */
export class LineReader {
  readonly #picture: Picture
  readonly #faults: Faults
  readonly #take: (entry: Entry) => void
  readonly #kinds = new Map<string, Kind>(transactionColumns.map((column) => [column.name, column.kind]))
  readonly #days = new Map<Day, Day>()
  readonly #periods = new Map<string, boolean>()
  readonly #listed: Day[]
  /** Periods that are not listed and are made because the history needs them. */
  readonly made = new Set<Day>()
  #header: Header | undefined
  #entry: Entry | undefined
  #cells: string[] = []
  lines = 0

  constructor(picture: Picture, faults: Faults, take: (entry: Entry) => void) {
    this.#picture = picture
    this.#faults = faults
    this.#take = take
    this.#listed = [...picture.periods.keys()]
  }

  record(cells: string[], lastLine: number): void {
    this.lines += 1
    if (this.lines === 1) {
      this.#header = readHeader(TRANSACTIONS, cells, transactionColumns, this.#faults)
      return
    }
    if (!this.#header) return
    if (cells.length !== this.#header.width) {
      return this.#faults.add(TRANSACTIONS, firstLine(cells, lastLine), '', widthReason(cells.length, this.#header))
    }
    this.#read(cells, lastLine, this.#header.at)
  }

  /** Hands on the last transaction. */
  end(): void {
    if (this.lines === 0) this.#faults.add(TRANSACTIONS, 1, '', 'the file has no header row')
    if (this.#entry) this.#take(this.#entry)
    this.#entry = undefined
  }

  #read(cells: string[], lastLine: number, at: Record<string, number>): void {
    const cell: Cell = (name) => cells[at[name] ?? -1] ?? ''
    let sound = true
    const refuse: Refuse = (column, reason) => {
      sound = false
      this.#faults.add(TRANSACTIONS, firstLine(cells, lastLine), column, reason)
    }
    const again = this.#entry !== undefined && this.#entry.number === cell('transaction')
    if (again) this.#compare(cell, at, refuse)
    else this.#begin(cells, cell, lastLine, refuse)
    const line = this.#line(cell, lastLine, refuse)
    if (sound && line) this.#entry?.lines.push(line)
  }

  #begin(cells: string[], cell: Cell, lastLine: number, refuse: Refuse): void {
    if (this.#entry) this.#take(this.#entry)
    this.#cells = cells
    for (const name of ['transaction', 'date', 'type', ...COMMON]) this.#fits(name, cell(name), refuse)
    const account = this.#account(cell('account_number'), refuse)
    this.#entry = {
      at: lastLine,
      number: cell('transaction'),
      account: account ?? { id: 0, number: cell('account_number'), dueDays: 0 },
      date: cell('date'),
      period: this.#period(cell, refuse),
      type: cell('type') as TransactionType,
      description: cell('description'),
      reverses: cell('reverses'),
      dueDate: cell('due_date'),
      method: cell('method'),
      reference: cell('reference'),
      receipt: cell('receipt'),
      run: cell('run'),
      source: cell('source'),
      link: cell('link'),
      facts: cell('facts'),
      recordedAt: cell('recorded_at'),
      lines: [],
    }
    for (const name of ['transaction', 'account_number', 'date', 'type', 'amount']) if (cell(name) === '') refuse(name, 'this is required')
    const { method, source } = this.#entry
    if (method !== '' && !this.#picture.methods.has(method)) refuse('method', `there is no payment method ${method}`)
    if (source.length > LONGEST_SOURCE) refuse('source', `a source key has at most ${LONGEST_SOURCE} characters`)
  }

  #compare(cell: Cell, at: Record<string, number>, refuse: Refuse): void {
    for (const name of COMMON) {
      const [now, first] = [cell(name), this.#cells[at[name] ?? -1] ?? '']
      if (now === first || (now === '' && !ALWAYS_THERE.includes(name))) continue
      refuse(name, `transaction ${this.#entry?.number} has ${first === '' ? 'none' : first} on its first line`)
    }
    if (cell('amount') === '') refuse('amount', 'this is required')
  }

  #line(cell: Cell, lastLine: number, refuse: Refuse): Line | undefined {
    for (const name of ['service', 'amount', 'tax_year', 'gl', 'book', 'deposit']) this.#fits(name, cell(name), refuse)
    const [service, deposit, gl] = [cell('service'), cell('deposit'), cell('gl')]
    const taxYear = cell('tax_year') === '' ? null : Number(cell('tax_year'))
    if (service !== '' && !this.#picture.services.has(service)) refuse('service', `there is no service ${service}`)
    if (gl !== '' && !this.#picture.gl.has(gl)) refuse('gl', `there is no GL account ${gl}`)
    const book = bookOf(cell('book'), taxYear)
    checkBook(book, { service, deposit, gl, taxYear }, refuse)
    const agesIn = this.#bucket(cell('ages_in'), book, service, refuse)
    if (!/^[+-]?\d{1,10}\.\d{2}$/.test(cell('amount'))) return undefined
    const cents = BigInt(cell('amount').replace('.', '').replace('+', ''))
    return { at: lastLine, book, service, cents, taxYear, agesIn, gl, deposit }
  }

  #fits(name: string, cell: string, refuse: Refuse): void {
    if (cell === '') return
    const read = this.#kinds.get(name)?.read(cell)
    if (read && 'reason' in read) refuse(name, read.reason)
  }

  #account(number: string, refuse: Refuse): AccountInfo | undefined {
    const account = this.#picture.accounts.get(number)
    if (!account && number !== '') refuse('account_number', `there is no account ${number}`)
    return account
  }

  /** The period given, else that of the date. */
  #period(cell: Cell, refuse: Refuse): Day {
    const given = cell('period')
    if (given !== '') {
      if (!this.#isPeriod(given)) refuse('period', `no period ends on ${given}`)
      return given
    }
    const day = cell('date')
    const known = this.#days.get(day)
    if (known !== undefined) return known
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return ''
    const period = periodOf(day, this.#listed)
    this.#isPeriod(period)
    this.#days.set(day, period)
    return period
  }

  #bucket(written: string, book: FileBook, service: string, refuse: Refuse): string {
    if (written === '' || book !== 'utility') {
      if (written !== '') refuse('ages_in', `a line on the ${book} book does not age`)
      return book === 'utility' && service === '' ? OPEN : ''
    }
    if (written === OPEN) return written
    if (service === '') refuse('ages_in', 'a line without a service is open credit of the account')
    else if (!this.#isPeriod(written)) refuse('ages_in', `write open or a period's end date; no period ends on ${written}`)
    return written
  }

  #isPeriod(end: string): boolean {
    const known = this.#periods.get(end)
    if (known !== undefined) return known
    const is = isPeriod(end, this.#picture)
    this.#periods.set(end, is)
    if (is && !this.#picture.periods.has(end)) this.made.add(end)
    return is
  }
}

function bookOf(written: string, taxYear: number | null): FileBook {
  if (written !== '') return written as FileBook
  return taxYear === null ? 'utility' : 'certification'
}

function checkBook(
  book: FileBook,
  { service, deposit, gl, taxYear }: Pick<Line, 'service' | 'deposit' | 'gl' | 'taxYear'>,
  refuse: Refuse,
): void {
  if (book === 'certification' && taxYear === null) refuse('tax_year', 'a certification line has a tax year')
  if (book === 'certification' && service !== '') refuse('service', 'a certification line has no service')
  if ((book === 'utility' || book === 'deposit') && taxYear !== null) refuse('tax_year', `a ${book} line has no tax year`)
  if (book === 'deposit' && deposit === '') refuse('deposit', 'a deposit line names its deposit')
  if (book !== 'deposit' && deposit !== '') refuse('book', 'a line that names a deposit has book deposit')
  if (book === 'general' && gl === '') refuse('gl', 'a general ledger line names its GL account')
}
