import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../..')
const ROW = /^\| (\d{3}-\d{3}) \| (.+?) \| (\S+) \|$/

/** Sources of this release and how many rows each has. */
const SOURCES = [
  ['000', 75],
  ['001', 533],
  ['002', 18],
  ['003', 68],
  ['004', 26],
] as const
const wanted = SOURCES.flatMap(([source, count]) =>
  Array.from({ length: count }, (_, at) => `${source}-${String(at + 1).padStart(3, '0')}`),
)

const rows = readFileSync(path.join(ROOT, 'docs/coverage.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, id = '', screen = '', file = ''] = ROW.exec(line) ?? []
    return id ? [{ id, screen, file }] : []
  })

/** Whether a test names an id, by itself or in a range like `000-059 to 000-062`. */
function names(text: string, id: string): boolean {
  if (text.includes(id)) return true
  const ranges = text.matchAll(/(\d{3})-(\d{3}) to (\d{3})-(\d{3})/g)
  const [source, place = 0] = [id.slice(0, 3), Number(id.slice(4))]
  return [...ranges].some(
    ([, from, first, to, last]) => from === source && to === source && Number(first) <= place && place <= Number(last),
  )
}

describe('docs/coverage.md', () => {
  it('has every id once, in order', () => expect(rows.map(({ id }) => id)).toEqual(wanted))

  it('names test files that exist', () => {
    const gone = rows.filter(({ file }) => !file.endsWith('.test.ts') || !existsSync(path.join(ROOT, file)))
    expect(gone).toEqual([])
  })

  it('names tests that name the id', () => {
    const silent = rows.filter(({ id, file }) => !names(readFileSync(path.join(ROOT, file), 'utf8'), id))
    expect(silent).toEqual([])
  })

  it('finds an id in a range, and not beyond it', () => {
    expect(names('(000-059 to 000-062, U10)', '000-061')).toBe(true)
    expect(names('(000-059 to 000-062, U10)', '000-063')).toBe(false)
    expect(names('(000-059 to 000-062, U10)', '004-060')).toBe(false)
  })
})
