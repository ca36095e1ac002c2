import path from 'node:path'
import type { Day } from '../../ledger/calendar.ts'
import { readCsv } from '../csv.ts'
import type { Faults } from '../faults.ts'
import { TRANSACTIONS } from '../files/transactions.ts'
import type { Picture } from '../picture.ts'
import type { Books } from './books.ts'
import { LineReader } from './lines.ts'
import { Poster } from './poster.ts'
import type { Known } from './reversals.ts'
import { scanHistory } from './scan.ts'
import type { Staging } from './staging.ts'

export interface History {
  lines: number
  transactions: number
  postings: number
  books: Books
  /** Periods that the history needs and no file lists. */
  made: Day[]
  find(number: string): Known | undefined
}

export interface Reading {
  picture: Picture
  faults: Faults
  /** Ids of transactions are given behind this one. */
  lastId: number
  /** Where the ledger's rows go; undefined = nowhere, the history is only checked. */
  staging: Staging | undefined
}

/** Reads the history in one pass: checks it, runs the books and streams what is to be posted into staging. */
export async function readHistory(folder: string, there: boolean, reading: Reading): Promise<History> {
  const { picture, faults, lastId, staging } = reading
  const file = path.join(folder, TRANSACTIONS)
  const scan = there ? await scanHistory(file) : { reversed: new Set<string>(), greatest: 0n }
  const poster = new Poster(picture, faults, scan, lastId, staging)
  const reader = new LineReader(picture, faults, (entry) => poster.take(entry))
  if (there) {
    const fault = await readCsv(
      file,
      (cells, line) => reader.record(cells, line),
      async () => staging?.flush(),
    )
    if (fault) faults.add(TRANSACTIONS, fault.line, '', fault.reason)
    else reader.end()
    poster.end()
  }
  checkReceipts(picture, poster.greatestReceipt, faults)
  for (const [number, { id, account }] of poster.deposits) {
    picture.rows.table('ledger.deposit')
    picture.rows.add('ledger.deposit', { id, number, account_id: account })
  }
  const { transactions, postings, books } = poster
  const lines = Math.max(reader.lines - 1, 0)
  return { lines, transactions, postings, books, made: [...reader.made], find: (number) => poster.known(number) }
}

/** The counter of receipts has no gaps, and no transaction names a receipt that the counter is still to give. */
function checkReceipts(picture: Picture, greatest: bigint, faults: Faults): void {
  const lines = picture.ids.get('receipt_number')
  if (!lines || lines.size === 0) return
  const numbers = [...lines.keys()].map(BigInt).sort((a, b) => (a < b ? -1 : 1))
  for (const [at, number] of numbers.entries()) {
    if (at === 0 || number === (numbers[at - 1] ?? 0n) + 1n) continue
    faults.add('receipts.csv', lines.get(String(number)) ?? 1, 'number', 'receipt numbers have a gap before this one')
    return
  }
  const last = numbers.at(-1) ?? 0n
  if (greatest > last)
    faults.add(TRANSACTIONS, 1, 'receipt', `receipt ${greatest} is not in receipts.csv, which ends at ${last}`)
}
