import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { SET_UP_FILES } from './files/index.ts'

const DOCS = readFileSync(path.join(import.meta.dirname, '../../docs/town-folder.md'), 'utf8')
const ROWS = DOCS.split('\n').filter((line) => line.startsWith('| `'))

/** What the rows say whose first cell names the file. */
const saidOf = (file: string): string =>
  ROWS.filter((row) => (row.split('|')[1] ?? '').includes(`\`${file}\``)).join(' ')

it.each(SET_UP_FILES.map(({ name, columns }) => [name, columns.map((column) => column.name)] as const))(
  'the town folder is documented: %s',
  (name, columns) => {
    const said = new Set(saidOf(name).match(/\w+/g) ?? [])
    expect(columns.filter((column) => !said.has(column))).toEqual([])
  },
)
