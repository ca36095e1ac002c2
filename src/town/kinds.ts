import { createHash } from 'node:crypto'
import { isDay } from '../ledger/calendar.ts'

/** What a cell may hold. `read` answers the text for the database or a fault; `write` turns database text into a cell. */
export interface Kind {
  read(cell: string): { value: string } | { reason: string }
  write(stored: string): string
}

const LONGEST_CODE = 20
// In bytes: what an index row can hold.
const LONGEST_NAME = 2000

const same = (stored: string): string => stored

function matching(pattern: RegExp, reason: string, write: (stored: string) => string = same): Kind {
  return { read: (cell) => (pattern.test(cell) ? { value: cell } : { reason }), write }
}

/** Free text; line feeds and quotes are data. */
export const words: Kind = { read: (cell) => ({ value: cell }), write: same }

/** Text that is indexed: not longer than the index can hold. */
export const name: Kind = {
  read: (cell) =>
    Buffer.byteLength(cell) <= LONGEST_NAME ? { value: cell } : { reason: `longer than ${LONGEST_NAME} bytes` },
  write: same,
}

/** A number or code of the town: case-sensitive text of at most 20 characters. */
export const code: Kind = {
  read(cell) {
    if (cell.length > LONGEST_CODE && [...cell].length > LONGEST_CODE)
      return { reason: `a code has at most ${LONGEST_CODE} characters` }
    return /[\n\r\t]/.test(cell) ? { reason: 'a code is on one line' } : { value: cell }
  },
  write: same,
}

export const flag: Kind = {
  read: (cell) => (cell === 'yes' || cell === 'no' ? { value: cell } : { reason: 'write yes or no' }),
  write: (stored) => (stored === 'true' ? 'yes' : 'no'),
}

export const day: Kind = {
  read: (cell) => (isDay(cell) ? { value: cell } : { reason: 'this is not a date like 2026-10-31' }),
  write: same,
}

/** Dollars with two decimals; a minus where it is below zero. */
export const AMOUNT = /^[+-]?\d{1,10}\.\d{2}$/
export const NOT_AN_AMOUNT = 'this is not an amount like 42.50 or -42.50'
export const amount: Kind = matching(AMOUNT, NOT_AN_AMOUNT)

const withoutTail = (stored: string): string => (stored.includes('.') ? stored.replace(/\.?0+$/, '') : stored)
const withCents = (stored: string): string => {
  const plain = withoutTail(stored)
  const decimals = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0
  return decimals >= 2 ? plain : `${plain}${decimals === 0 ? '.' : ''}${'0'.repeat(2 - decimals)}`
}

/** A price or factor with up to six decimals. */
export const price: Kind = matching(/^-?\d{1,8}(\.\d{1,6})?$/, 'this is not a price like 4.25', withCents)
/** A quantity with up to four decimals. */
export const quantity: Kind = matching(
  /^-?\d{1,10}(\.\d{1,4})?$/,
  'this is not a quantity like 1000 or 2.5',
  withoutTail,
)
/** A meter's reading kept with two decimals. */
export const reading: Kind = matching(/^-?\d{1,12}(\.\d{1,2})?$/, 'this is not a reading like 1204', withoutTail)

export function whole(least: number, most: number): Kind {
  const reason = `write a whole number from ${least} to ${most}`
  return {
    read(cell) {
      const fits = /^-?\d{1,9}$/.test(cell) && Number(cell) >= least && Number(cell) <= most
      return fits ? { value: cell } : { reason }
    },
    write: same,
  }
}

export function choice(values: readonly string[]): Kind {
  const reason = `write one of ${values.join(', ')}`
  return { read: (cell) => (values.includes(cell) ? { value: cell } : { reason }), write: same }
}

/** A moment; without a zone it is UTC. Written with microseconds, as the database keeps it. */
export const moment: Kind = {
  read(cell) {
    const fits = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/.test(cell)
    return fits && isDay(cell.slice(0, 10)) && !Number.isNaN(Date.parse(cell.replace(' ', 'T')))
      ? { value: cell }
      : { reason: 'this is not a moment like 2026-10-31T16:05:00Z' }
  },
  write: same,
}

/** What a cell of JSON holds; null where nothing stands, or what is no JSON: its column refuses that. */
export function jsonIn(cell: string): unknown {
  try {
    return cell === '' ? null : JSON.parse(cell)
  } catch {
    return null
  }
}

/** Data of a rule, as JSON that the database can hold. */
export const json: Kind = {
  read(cell) {
    try {
      const wild = /\\u(0000|d[89a-f])/i.test(JSON.stringify(JSON.parse(cell)))
      return wild ? { reason: 'this JSON holds characters that are not text' } : { value: cell }
    } catch {
      return { reason: 'this is not JSON' }
    }
  },
  write: same,
}

const SAFE = /^[\w(][\w(),;=+@ .-]{0,99}$/
const isSafe = (part: string): boolean => SAFE.test(part) && !part.endsWith('.') && !part.endsWith(' ')
/** A part that no file system takes, or that another would be taken for, is told by its hash. */
const safePart = (part: string): string =>
  isSafe(part)
    ? part
    : `${part.replace(/[^\w-]+/g, '_').slice(0, 60)}-${createHash('sha256').update(part).digest('hex').slice(0, 12)}`

/** The place of a row's bytes in the folder: below `files/`, with names that every file system takes. */
export const filePath: Kind = {
  read: (cell) =>
    cell.startsWith('files/') && cell.split('/').length > 1 && cell.split('/').every(isSafe)
      ? { value: cell }
      : { reason: 'this is not a path like files/runs/12/register.pdf' },
  write: (stored) => ['files', ...stored.split('/').map(safePart)].join('/'),
}

export const sha256: Kind = matching(/^[0-9a-f]{64}$/, 'this is not a SHA-256 in 64 digits')
