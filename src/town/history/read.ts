import path from 'node:path'
import { sql } from 'drizzle-orm'
import { type Db, one } from '../../db/db.ts'
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

/** Reads the history in one pass: checks it, runs the books and streams what is to be posted into staging. */
export async function readHistory(
  db: Db,
  folder: string,
  there: boolean,
  picture: Picture,
  faults: Faults,
  staging: Staging | undefined,
): Promise<History> {
  const file = path.join(folder, TRANSACTIONS)
  const scan = there ? await scanHistory(file) : { reversed: new Set<string>(), greatest: 0n }
  const poster = new Poster(picture, faults, scan, await lastTransaction(db), staging)
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
  return {
    lines: Math.max(reader.lines - 1, 0),
    transactions,
    postings,
    books,
    made: [...reader.made],
    find: (number) => poster.known(number),
  }
}

/** Ids are given behind this one; the one statement moves the sequence behind them. Nobody else posts in an empty town. */
async function lastTransaction(db: Db): Promise<number> {
  const row = await one<{ id: number }>(db, sql`select nextval('ledger.transaction_id')::int as id`)
  return (row?.id ?? 1) - 1
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
