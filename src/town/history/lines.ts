import { type Day, isDay, periodOf } from '../../ledger/calendar.ts'
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
  ...['receipt', 'run', 'source', 'link', 'facts', 'recorded_at', 'recorded_by'],
] as const
const OWN = ['service', 'amount', 'tax_year', 'gl', 'book', 'deposit']
const ALWAYS_THERE: readonly string[] = ['account_number', 'date', 'type']
const LONGEST_SOURCE = 200

interface Place {
  name: string
  place: number
  kind: Kind
}

// A missing column is empty. An index of -1 would be looked up by name, which is slow.
const cellAt = (row: string[], place: number | undefined): string =>
  place === undefined || place < 0 ? '' : (row[place] ?? '')

const KINDS = new Map(transactionColumns.map((column) => [column.name, column.kind]))

/** The columns of a list that the file has. */
const placesOf = (names: readonly string[], at: Record<string, number>): Place[] =>
  names.flatMap((name) => {
    const [place, kind] = [at[name] ?? -1, KINDS.get(name)]
    return place < 0 || !kind ? [] : [{ name, place, kind }]
  })

/** Reads the records of transactions.csv and hands on each transaction when its lines are complete. */
export class LineReader {
  readonly #picture: Picture
  readonly #faults: Faults
  readonly #take: (entry: Entry) => void
  readonly #days = new Map<Day, Day>()
  readonly #periods = new Map<string, boolean>()
  readonly #listed: Day[]
  /** Periods that are not listed and are made because the history needs them. */
  readonly made = new Set<Day>()
  #header: Header | undefined
  /** Columns that the file has: what is common to a transaction, and what is each line's own. */
  #common: Place[] = []
  #own: Place[] = []
  #row: string[] = []
  #at: Record<string, number> = {}
  #place = 0
  #sound = true
  #entry: Entry | undefined
  #cells: string[] = []
  #last = 0
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
      this.#at = this.#header?.at ?? {}
      this.#common = placesOf(COMMON, this.#at)
      this.#own = placesOf(OWN, this.#at)
      return
    }
    if (!this.#header) return
    const line = lastLine === this.#last + 1 ? lastLine : firstLine(cells, lastLine)
    this.#last = lastLine
    if (cells.length === this.#header.width) this.#read(cells, line)
    else this.#faults.add(TRANSACTIONS, line, '', widthReason(cells.length, this.#header))
  }

  /** Hands on the last transaction. */
  end(): void {
    if (this.lines === 0) this.#faults.add(TRANSACTIONS, 1, '', 'the file has no header row')
    if (this.#entry) this.#take(this.#entry)
    this.#entry = undefined
  }

  #read(cells: string[], place: number): void {
    this.#row = cells
    this.#place = place
    this.#sound = true
    if (this.#entry !== undefined && this.#entry.number === this.#cell('transaction')) this.#compare()
    else this.#begin()
    const line = this.#line()
    if (this.#sound && line) this.#entry?.lines.push(line)
  }

  #cell(name: string): string {
    return cellAt(this.#row, this.#at[name])
  }

  #refuse(column: string, reason: string): void {
    this.#sound = false
    this.#faults.add(TRANSACTIONS, this.#place, column, reason)
  }

  #begin(): void {
    if (this.#entry) this.#take(this.#entry)
    this.#cells = this.#row
    const cell = (name: string) => this.#cell(name)
    for (const place of [...placesOf(['transaction'], this.#at), ...this.#common]) this.#fits(place)
    for (const name of ['transaction', 'account_number', 'date', 'type'])
      if (cell(name) === '') this.#refuse(name, 'this is required')
    this.#entry = {
      at: this.#place,
      number: cell('transaction'),
      account: this.#account(cell('account_number')) ?? { id: 0, number: cell('account_number') },
      date: cell('date'),
      period: this.#period(),
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
      recordedBy: cell('recorded_by'),
      lines: [],
    }
    const { method, source } = this.#entry
    if (method !== '' && !this.#picture.methods.has(method))
      this.#refuse('method', `there is no payment method ${method}`)
    if (source.length > LONGEST_SOURCE) this.#refuse('source', `a source key has at most ${LONGEST_SOURCE} characters`)
  }

  #compare(): void {
    for (const { name, place } of this.#common) {
      const now = this.#row[place] ?? ''
      const first = this.#cells[place] ?? ''
      if (now === first || (now === '' && !ALWAYS_THERE.includes(name))) continue
      this.#refuse(name, `transaction ${this.#entry?.number} has ${first === '' ? 'none' : first} on its first line`)
    }
  }

  #line(): Line | undefined {
    for (const place of this.#own) this.#fits(place)
    const [row, at] = [this.#row, this.#at]
    const service = cellAt(row, at.service)
    const deposit = cellAt(row, at.deposit)
    const gl = cellAt(row, at.gl)
    const amount = cellAt(row, at.amount)
    const year = cellAt(row, at.tax_year)
    const taxYear = year === '' ? null : Number(year)
    if (service !== '' && !this.#picture.services.has(service))
      this.#refuse('service', `there is no service ${service}`)
    if (gl !== '' && !this.#picture.gl.has(gl)) this.#refuse('gl', `there is no GL account ${gl}`)
    const book = bookOf(cellAt(row, at.book), taxYear)
    const wrong = bookFault(book, { service, deposit, gl, taxYear })
    if (wrong) this.#refuse(wrong.column, wrong.reason)
    const agesIn = this.#bucket(cellAt(row, at.ages_in), book, service)
    if (amount === '') this.#refuse('amount', 'this is required')
    if (!this.#sound) return undefined
    const cents = BigInt(amount.replace('.', '').replace('+', ''))
    return { at: this.#place, book, service, cents, taxYear, agesIn, gl, deposit }
  }

  #fits({ name, place, kind }: Place): void {
    const cell = this.#row[place] ?? ''
    const read = cell === '' ? undefined : kind.read(cell)
    if (read && 'reason' in read) this.#refuse(name, read.reason)
  }

  #account(number: string): AccountInfo | undefined {
    const account = this.#picture.accounts.get(number)
    if (!account && number !== '') this.#refuse('account_number', `there is no account ${number}`)
    return account
  }

  /** The period given, else that of the date. */
  #period(): Day {
    const given = this.#cell('period')
    if (given !== '') {
      if (!this.#isPeriod(given)) this.#refuse('period', `no period ends on ${given}`)
      return given
    }
    const day = this.#cell('date')
    const known = this.#days.get(day)
    if (known !== undefined) return known
    if (!isDay(day)) return ''
    const period = periodOf(day, this.#listed)
    this.#isPeriod(period)
    this.#days.set(day, period)
    return period
  }

  #bucket(written: string, book: FileBook, service: string): string {
    if (written === '' || book !== 'utility') {
      if (written !== '') this.#refuse('ages_in', `a line on the ${book} book does not age`)
      return book === 'utility' && service === '' ? OPEN : ''
    }
    if (written === OPEN) return written
    if (service === '') this.#refuse('ages_in', 'a line without a service is open credit of the account')
    else if (!this.#isPeriod(written))
      this.#refuse('ages_in', `write open or a period's end date; no period ends on ${written}`)
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

function bookFault(
  book: FileBook,
  { service, deposit, gl, taxYear }: Pick<Line, 'service' | 'deposit' | 'gl' | 'taxYear'>,
): { column: string; reason: string } | undefined {
  if (book === 'certification' && taxYear === null)
    return { column: 'tax_year', reason: 'a certification line has a tax year' }
  if (book === 'certification' && service !== '')
    return { column: 'service', reason: 'a certification line has no service' }
  if ((book === 'utility' || book === 'deposit') && taxYear !== null) {
    return { column: 'tax_year', reason: `a ${book} line has no tax year` }
  }
  if (book === 'deposit' && deposit === '') return { column: 'deposit', reason: 'a deposit line names its deposit' }
  if (book !== 'deposit' && deposit !== '')
    return { column: 'book', reason: 'a line that names a deposit has book deposit' }
  if (book === 'general' && gl === '') return { column: 'gl', reason: 'a general ledger line names its GL account' }
  return undefined
}
