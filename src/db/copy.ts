import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Sql } from 'postgres'
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

/** Bulk rows by COPY: the table and columns come from our code, never from input. Tables with a row policy refuse it. */
export async function copyInto(db: Db, table: string, columns: string[], lines: Iterable<Cell[]>): Promise<void> {
  const client = (db as Db & { $client: Sql }).$client
  const sink = await client.unsafe(`copy ${table} (${columns.join(', ')}) from stdin`).writable()
  await pipeline(Readable.from(blocks(lines)), sink)
}
