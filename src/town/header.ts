import type { Column } from './columns.ts'
import type { Faults } from './faults.ts'

/** Where a file's columns stand in its rows; a missing column is empty. */
export interface Header {
  width: number
  /** Place by column name, -1 where the file has no such column. */
  at: Record<string, number>
}

/** Reads the header row. Refuses an unknown or repeated column and a missing one that every row must fill. */
export function readHeader(file: string, cells: string[], columns: Column[], faults: Faults): Header | undefined {
  const known = new Map(columns.map((column) => [column.name, column]))
  const at: Record<string, number> = Object.fromEntries(columns.map((column) => [column.name, -1]))
  let whole = true
  const refuse = (column: string, reason: string) => {
    faults.add(file, 1, column, reason)
    whole = false
  }
  for (const [place, name] of cells.entries()) {
    if (!known.has(name)) refuse(name, 'there is no such column')
    else if ((at[name] ?? -1) >= 0) refuse(name, 'the column stands twice')
    else at[name] = place
  }
  for (const column of columns) {
    if (column.required && (at[column.name] ?? -1) < 0) refuse(column.name, 'the column is missing')
  }
  return whole ? { width: cells.length, at } : undefined
}

/** A row has as many cells as the header, or its cells do not stand under their names. */
export const widthReason = (cells: number, header: Header): string =>
  `the row has ${cells} fields and the header has ${header.width}`
