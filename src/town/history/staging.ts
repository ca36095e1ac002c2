import { once } from 'node:events'
import { openCopy } from '../../db/copy.ts'
import type { Db } from '../../db/db.ts'
import type { Posting } from './entry.ts'

// What one block of the file read becomes is about four times as long.
const BLOCK = 1 << 20

type Cell = string | number | bigint | null

const SPECIAL = /[\\\t\n\r]/
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A cell of COPY's text form. */
function copyCell(cell: Cell): string {
  if (cell === null) return '\\N'
  if (typeof cell !== 'string') return String(cell)
  return SPECIAL.test(cell) ? cell.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found) : cell
}

const HEADER_COLUMNS = `run_id, id, number, run_number, account_id, transaction_date, period, due_date, posting_count, type,
  description, source_key, reverses_id, method, reference, receipt, link, facts, recorded_at, recorded_by`
const POSTING_COLUMNS = `run_id, transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year,
  deposit_id, amount`

/** Where the ledger's rows go while they are read: two COPYs side by side, so that nothing of the history is kept. */
export interface Staging {
  header(cells: Cell[]): void
  posting(transaction: number, account: number, period: string, line: number, posting: Posting, amount: string): void
  /** Sends what was written so far. */
  flush(): Promise<void>
  /** Ends both COPYs; the rows stand in staging. */
  end(): Promise<void>
  /** Breaks both off; none of their rows is left. */
  abandon(): void
}

export async function openStaging(db: Db, runId: number): Promise<Staging> {
  const headers = await openLines(db, `copy ledger.staged_transaction (${HEADER_COLUMNS}) from stdin`)
  const postings = await openLines(db, `copy ledger.staged_posting (${POSTING_COLUMNS}) from stdin`)
  return {
    header: (cells) => headers.write(`${runId}\t${cells.map(copyCell).join('\t')}\n`),
    posting(transaction, account, period, line, posting, amount) {
      const own = posting.book === 'general' ? '\\N' : account
      const start = `${runId}\t${transaction}\t${posting.gl}\t${posting.book}\t${own}\t${period}\t${posting.aging ?? '\\N'}\t${line}`
      postings.write(
        `${start}\t${posting.service ?? '\\N'}\t${posting.taxYear ?? '\\N'}\t${posting.deposit ?? '\\N'}\t${amount}\n`,
      )
    },
    async flush() {
      await headers.flush()
      await postings.flush()
    },
    async end() {
      await Promise.all([headers.end(), postings.end()])
    },
    abandon() {
      headers.abandon()
      postings.abandon()
    },
  }
}

/**
 * A COPY that fails after its last byte was sent is not told to the stream by postgres.js 3.4.9: the end would be waited
 * for without end. Its query still hears of it, so that is listened to.
 */
async function openLines(db: Db, statement: string) {
  const { stream, failed } = await openCopy(db, statement)
  let block = Buffer.allocUnsafe(BLOCK)
  let filled = 0
  let drained: Promise<unknown> = Promise.resolve()
  // The next block is filled while the one before is on its way.
  const send = async () => {
    await drained
    if (filled > 0 && !stream.write(block.subarray(0, filled))) drained = Promise.race([once(stream, 'drain'), failed])
    drained.catch(() => {})
    block = Buffer.allocUnsafe(BLOCK)
    filled = 0
  }
  return {
    write(line: string) {
      const most = filled + 3 * line.length
      if (most > block.length) block = Buffer.concat([block.subarray(0, filled)], 2 * most)
      filled += block.write(line, filled)
    },
    flush: send,
    async end() {
      await send()
      await drained
      const finished = once(stream, 'finish')
      stream.end()
      await Promise.race([finished, failed])
    },
    abandon() {
      filled = 0
      stream.destroy(new Error('the import was given up'))
    },
  }
}
