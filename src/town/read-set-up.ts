import path from 'node:path'
import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { Column } from './columns.ts'
import { firstLine, readCsv } from './csv.ts'
import { addDocument } from './documents.ts'
import type { Faults } from './faults.ts'
import { type Header, readHeader, widthReason } from './header.ts'
import { json } from './kinds.ts'
import type { Picture } from './picture.ts'
import { RawJson } from './set-up-rows.ts'
import { keyOf, plainName, type SetUpRow, type TownFile } from './town-file.ts'

/** What every set-up table holds already, so that a file's row with the same key is the same row. */
export async function knownIds(db: Db, files: TownFile[]): Promise<Map<string, Map<string, number>>> {
  const ids = new Map<string, Map<string, number>>()
  for (const file of files) {
    if (file.conflict || file.loads === false) continue
    const key = identifying(file).map((column) => `${column.select}`)
    // a row without a name goes by what no cell can say
    const unnamed = `E'\\x01' || t.id`
    const expression =
      file.key.length === 0
        ? `coalesce(${[...key, unnamed].join(', ')})`
        : key.map((part) => `coalesce(${part}, '')`).join(` || E'\\x01' || `)
    const found = await rows<{ id: number; key: string }>(
      db,
      sql.raw(`select t.id::int as id, ${expression} as key from ${file.table} t where ${file.where ?? 'true'}`),
    )
    ids.set(plainName(file.table), new Map(found.map((row) => [row.key, row.id])))
  }
  return ids
}

/** The columns that say which row it is: the key, or the name that some have. */
const identifying = ({ columns, key, named }: TownFile): Column[] =>
  columns.filter(({ name }) => (named === undefined ? key.includes(name) : name === named))

/** Reads one set-up file into the picture. Answers how many rows it has. */
export async function readSetUp(
  folder: string,
  file: TownFile,
  picture: Picture,
  faults: Faults,
  afterBlock?: () => Promise<void>,
): Promise<number> {
  const take = rowReader(file, picture, faults)
  let header: Header | undefined
  let count = -1
  const fault = await readCsv(
    path.join(folder, file.name),
    (cells, lastLine) => {
      count += 1
      if (count === 0) header = readHeader(file.name, cells, file.columns, faults)
      else if (header) take(header, cells, lastLine)
    },
    afterBlock,
  )
  if (fault) faults.add(file.name, fault.line, '', fault.reason)
  else if (count < 0) faults.add(file.name, 1, '', 'the file has no header row')
  return Math.max(count, 0)
}

function rowReader(file: TownFile, picture: Picture, faults: Faults) {
  const table = plainName(file.table)
  const ids = picture.ids.get(table) ?? new Map<string, number>()
  picture.ids.set(table, ids)
  let lastId = Math.max(0, ...ids.values())
  const seen = new Set<string>()
  const identity = identifying(file)
  const rows = file.late ? picture.late : picture.rows
  if (file.loads !== false) rows.table(file.table, file.conflict, file.replaces)
  return (header: Header, cells: string[], lastLine: number): void => {
    const line = firstLine(cells, lastLine)
    if (cells.length !== header.width) {
      faults.add(file.name, line, '', widthReason(cells.length, header))
      return
    }
    let sound = true
    const refuse = (column: string, reason: string) => {
      sound = false
      faults.add(file.name, line, column, reason)
    }
    const cell = (column: Column) => cells[header.at[column.name] ?? -1] || column.empty
    const values = valuesOf(file, cell, picture, refuse)
    const key = keyOf(identity.map(cell))
    const isNamed = file.key.length > 0 || key !== ''
    if (isNamed && seen.has(key)) refuse(identity.at(-1)?.name ?? '', `${key.replaceAll('\u0001', ', ')} stands twice`)
    seen.add(key)
    const id = (isNamed ? ids.get(key) : undefined) ?? ++lastId
    if (isNamed) ids.set(key, id)
    addDocument(file, picture, { line, cell: cellNamed(file, header, cells), values, refuse })
    const row: SetUpRow = { line, id, cell: cellNamed(file, header, cells), values, fault: refuse }
    file.complete?.(row, picture)
    if (!sound || file.loads === false) return
    const tracked = file.untracked ? {} : { changed_by: picture.actor }
    rows.add(file.table, { ...(file.conflict ? {} : { id }), ...row.values, ...tracked })
  }
}

function cellNamed(file: TownFile, header: Header, cells: string[]) {
  const empty = new Map(file.columns.map((column) => [column.name, column.empty]))
  return (name: string): string => cells[header.at[name] ?? -1] || (empty.get(name) ?? '')
}

/** The cells as the table takes them. A code that names no row is refused. */
function valuesOf(
  file: TownFile,
  cell: (column: Column) => string,
  picture: Picture,
  refuse: (column: string, reason: string) => void,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const column of file.columns) {
    const written = cell(column)
    if (written === '' && column.required) refuse(column.name, 'this is required')
    const read = written === '' ? { value: null } : column.kind.read(written)
    if ('reason' in read) refuse(column.name, read.reason)
    else if (column.into !== null)
      values[column.into] = written === '' ? null : stored(column, read.value, picture, refuse)
  }
  return values
}

const NOUNS: Record<string, string> = { gl_account: 'GL account', rate: 'rate' }

function stored(
  column: Column,
  value: string | null,
  picture: Picture,
  refuse: (column: string, reason: string) => void,
): unknown {
  if (column.kind === json && value !== null) return new RawJson(value)
  return resolved(column, value, picture, refuse)
}

function resolved(
  column: Column,
  value: string | null,
  picture: Picture,
  refuse: (column: string, reason: string) => void,
): unknown {
  if (!column.refers || value === null) return value
  const { table } = column.refers
  const id = picture.ids.get(table)?.get(value)
  if (id === undefined) refuse(column.name, `there is no ${NOUNS[table] ?? table.replaceAll('_', ' ')} ${value}`)
  return id ?? null
}
