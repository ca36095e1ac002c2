import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PendingQuery, Row, Sql } from 'postgres'
import type { Db } from './db.ts'

export type Cell = string | number | boolean | null | undefined

const SPECIAL = /[\\\t\n\r]/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const cell = (value: Cell) =>
  value === null || value === undefined ? '\\N' : String(value).replace(SPECIAL, (found) => ESCAPES[found] ?? found)

// Lines go out in blocks: a write to the socket per row would cost more than the row.
const BLOCK = 1 << 16

function* blocks(lines: Iterable<Cell[]>): Generator<string> {
  let block = ''
  for (const line of lines) {
    block += `${line.map(cell).join('\t')}\n`
    if (block.length > BLOCK) {
      yield block
      block = ''
    }
  }
  if (block !== '') yield block
}

export interface CopySink {
  stream: Writable
  /** Rejects when the server refuses the rows. The driver itself would leave a stream that never finishes. */
  failed: Promise<never>
}

/** Opens a `copy … from stdin`. */
export async function openCopy(db: Db, statement: string): Promise<CopySink> {
  const client = (db as Db & { $client: Sql }).$client
  const query = client.unsafe(statement) as PendingQuery<Row[]> & { reject(error: unknown): void }
  const reject = query.reject
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, no) => {
    fail = no
  })
  failed.catch(() => {})
  query.reject = (error) => {
    fail(error)
    reject(error)
  }
  const stream: Writable = await query.writable()
  stream.on('error', fail)
  return { stream, failed }
}

/** Bulk rows by COPY: the table and columns come from our code, never from input. Tables with a row policy refuse it. */
export async function copyInto(db: Db, table: string, columns: string[], lines: Iterable<Cell[]>): Promise<void> {
  const { stream, failed } = await openCopy(db, `copy ${table} (${columns.join(', ')}) from stdin`)
  await Promise.race([pipeline(Readable.from(blocks(lines)), stream), failed])
}
