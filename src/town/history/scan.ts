import { createReadStream } from 'node:fs'
import { readCsv } from '../csv.ts'

/** What must be known of a history before it is read: which transactions are reversed, so that only their postings are kept. */
export interface Scan {
  reversed: Set<string>
  /** The greatest all-digit number; new transactions go on from there. */
  greatest: bigint
}

// Longer numbers are text to us: an id past 2^53 could not be told from its neighbour.
const DIGITS = /^\d{1,15}$/

/** Looks through a history. Without a quote in the file its lines are cut at commas, in a fifth of the time CSV takes. */
export async function scanHistory(path: string): Promise<Scan> {
  const plain = makeScan()
  if (await readPlain(path, (line) => plain.take(line.split(',')))) return plain.scan
  const quoted = makeScan()
  await readCsv(path, (cells) => quoted.take(cells))
  return quoted.scan
}

function makeScan() {
  const scan: Scan = { reversed: new Set(), greatest: 0n }
  let [number, reverses] = [-1, -1]
  let first = true
  const take = (cells: string[]) => {
    if (first) {
      number = cells.indexOf('transaction')
      reverses = cells.indexOf('reverses')
      first = false
      return
    }
    const reversed = cells[reverses]
    if (reversed) scan.reversed.add(reversed)
    const written = cells[number] ?? ''
    if (DIGITS.test(written) && BigInt(written) > scan.greatest) scan.greatest = BigInt(written)
  }
  return { scan, take }
}

/** Line by line; false when the file has a quote. */
async function readPlain(path: string, take: (line: string) => void): Promise<boolean> {
  let rest = ''
  for await (const block of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: 1 << 18,
  }) as AsyncIterable<string>) {
    if (block.includes('"')) return false
    const lines = (rest + block).replace(/^\ufeff/, '').split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  }
  if (rest !== '') take(rest)
  return true
}
