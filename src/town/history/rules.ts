import type { TransactionType } from '../../ledger/other-side.ts'
import { centsText, type Entry, type FileBook, type Line } from './entry.ts'

type Sign = '+' | '-' | '±'
type Refuse = (line: Line, column: string, reason: string) => void

// The table of product.md 1.1, with the file's signs: what the book shows. NSF and Rev follow what they reverse.
const BOOKS: Record<TransactionType, Partial<Record<FileBook, Sign>>> = {
  Bill: { utility: '+' },
  Pen: { utility: '+' },
  Int: { utility: '+' },
  Misc: { utility: '+' },
  Pmt: { utility: '-' },
  Adj: { utility: '±' },
  PAdj: { utility: '-', certification: '+' },
  Fee: { certification: '+' },
  CertPmt: { certification: '-' },
  CertAdj: { certification: '-', utility: '+' },
  Dep: { deposit: '+' },
  DepApp: { deposit: '-', utility: '-' },
  DepRef: { deposit: '-' },
  Ref: { utility: '±' },
  WriteOff: { utility: '±' },
  Open: { utility: '±' },
  Xfer: { utility: '±', deposit: '±' },
  NSF: { utility: '±', certification: '±', deposit: '±' },
  Rev: { utility: '±', certification: '±', deposit: '±' },
}

const ONE_CERTIFICATION_LINE: TransactionType[] = ['PAdj', 'Fee']

/** What the contract asks of a transaction's lines together: their books, their signs, and that a PAdj is balanced. */
export function checkEntry(entry: Entry, refuse: Refuse): void {
  for (const line of entry.lines) checkLine(entry.type, line, refuse)
  const [first] = entry.lines
  if (!first) return
  const certified = entry.lines.filter((line) => line.book === 'certification')
  if (ONE_CERTIFICATION_LINE.includes(entry.type) && certified.length !== 1) {
    refuse(first, 'tax_year', `a ${entry.type} has one certification line and this has ${certified.length}`)
  }
  if (entry.type === 'PAdj') balance(entry, 'certification', -1n, refuse)
  if (entry.type === 'DepApp') balance(entry, 'deposit', 1n, refuse)
  if (entry.type === 'Adj' && entry.source.startsWith('move/') && sumOf(entry, 'utility') !== 0n) {
    refuse(first, 'amount', 'credit that was moved sums to 0.00')
  }
}

function checkLine(type: TransactionType, line: Line, refuse: Refuse): void {
  if (line.book === 'general') return
  const sign = BOOKS[type][line.book]
  if (sign === undefined) refuse(line, bookColumn(line), `a ${type} has no line on the ${line.book} book`)
  else if (line.cents === 0n) refuse(line, 'amount', 'an amount of 0.00 moves nothing')
  if (sign === '+' && line.cents < 0n) refuse(line, 'amount', `a ${type} is above 0.00 on the ${line.book} book`)
  if (sign === '-' && line.cents > 0n) refuse(line, 'amount', `a ${type} is below 0.00 on the ${line.book} book`)
}

const bookColumn = (line: Line): string =>
  line.book === 'utility' ? 'service' : line.book === 'deposit' ? 'book' : 'tax_year'

function balance(entry: Entry, book: FileBook, sign: bigint, refuse: Refuse): void {
  const [utility, other] = [sumOf(entry, 'utility'), sumOf(entry, book)]
  if (utility === sign * other && utility !== 0n) return
  const line = entry.lines.find((candidate) => candidate.book === book) ?? entry.lines[0]
  if (!line) return
  const relation = sign < 0n ? 'are not the opposite' : 'are not the same sum'
  refuse(
    line,
    'amount',
    `the utility lines (${centsText(utility)}) and the ${book} line (${centsText(other)}) ${relation}`,
  )
}

const sumOf = (entry: Entry, book: FileBook): bigint =>
  entry.lines.reduce((sum, line) => (line.book === book ? sum + line.cents : sum), 0n)
