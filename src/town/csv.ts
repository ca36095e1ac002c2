import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'

/** A record: its cells and a way to name the line it starts on. */
export type OnRecord = (cells: string[], lastLine: number) => void

export interface CsvFault {
  line: number
  reason: string
}

const BLOCK = 1 << 18

/**
 * Reads a CSV file (RFC 4180, UTF-8, a byte order mark is passed over) record by record, the header first, without
 * keeping it in memory. `onRecord` gets the line a record ends on (`firstLine` gives its start); `afterBlock` is awaited
 * now and then, so that what the records lead to can be written. Answers the fault that ended the reading, if any.
 */
export async function readCsv(
  path: string,
  onRecord: OnRecord,
  afterBlock: () => Promise<void> = async () => {},
): Promise<CsvFault | undefined> {
  const bytes = byteReader()
  let failure: Error | undefined
  const parser = parse({
    bom: true,
    record_delimiter: ['\n', '\r\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (cells: string[], context) => {
      onRecord(cells, context.lines)
      return null
    },
  })
  parser.on('error', (error) => {
    failure ??= error
  })
  const ended = new Promise<void>((done) =>
    parser
      .on('end', done)
      .on('close', done)
      .on('error', () => done()),
  )
  for await (const block of createReadStream(path, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    const fault = bytes.check(block)
    if (fault) return fault
    parser.write(block)
    if (failure) break
    await afterBlock()
  }
  const fault = failure ? undefined : bytes.end()
  if (fault) return fault
  parser.resume()
  parser.end()
  await ended
  if (failure) return csvFault(failure)
  await afterBlock()
  return undefined
}

/** The line a record starts on, from the one it ends on: line feeds stand inside quoted fields. */
export function firstLine(cells: string[], lastLine: number): number {
  let line = lastLine
  for (const cell of cells) for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) line -= 1
  return line
}

const NEEDS_QUOTES = /[",\n\r]/

/** One line of a file, with its line feed. Quotes stand only where they are needed; nothing is ever prefixed. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`
}

/** What came out of `onRecord` itself is not about the file's form: it goes on up. */
function csvFault(error: Error): CsvFault {
  if (!(error instanceof CsvError)) throw error
  const { lines, code } = error as CsvError & { lines?: number }
  const quotes = /QUOTE/.test(code) ? 'a quote that does not open or close a field stands alone' : error.message
  return { line: lines ?? 1, reason: `this is not CSV: ${quotes}` }
}

/** Refuses bytes that are not UTF-8 or that no database text can hold, and knows their line. */
function byteReader() {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  return {
    check(block: Buffer): CsvFault | undefined {
      const nul = block.indexOf(0)
      if (nul >= 0) return { line: line + countLines(block, nul), reason: 'a NUL character is not text' }
      try {
        decoder.decode(block, { stream: true })
      } catch {
        return { line: line + badLine(block), reason: 'this is not UTF-8' }
      }
      line += countLines(block, block.length)
      return undefined
    },
    end(): CsvFault | undefined {
      try {
        decoder.decode()
      } catch {
        return { line, reason: 'this is not UTF-8' }
      }
      return undefined
    },
  }
}

function countLines(block: Buffer, end: number): number {
  let count = 0
  for (let at = block.indexOf(10); at >= 0 && at < end; at = block.indexOf(10, at + 1)) count += 1
  return count
}

/** How many lines down in the block the first line stands that is not UTF-8; its first and last may be cut. */
function badLine(block: Buffer): number {
  let from = block.indexOf(10) + 1
  for (let line = 1; from > 0; line += 1) {
    const to = block.indexOf(10, from)
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(block.subarray(from, to < 0 ? undefined : to), {
        stream: to < 0,
      })
    } catch {
      return line
    }
    from = to + 1
  }
  return 0
}
