import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { compareNumbers } from '../ledger/money.ts'
import type { Column } from './columns.ts'
import { csvLine } from './csv.ts'

/** Cells in the order of their columns. */
export type OutRow = string[]

/** Stored text as a cell; null is an empty one. */
export const cellOf = (column: Column, stored: string | null | undefined): string =>
  stored === null || stored === undefined ? '' : column.kind.write(stored)

/** The columns that a file shows: all that the contract names, and the others where some row has a value of its own. */
export function shownColumns(columns: Column[], rows: OutRow[]): number[] {
  return [...columns.keys()].filter((at) => !columns[at]?.extra || rows.some((row) => row[at] !== columns[at]?.empty))
}

/** Sorts by the key columns and then by all others, digit runs as numbers. Values are ranked once, then compared as ranks. */
export function sortRows(rows: OutRow[], columns: Column[], key: string[]): OutRow[] {
  const others = columns.map((column) => column.name).filter((name) => !key.includes(name))
  const order = [...key, ...others].map((name) => columns.findIndex((column) => column.name === name))
  const ranks = new Map(order.map((at) => [at, ranksOf(rows, at)]))
  const rank = (row: OutRow, at: number) => ranks.get(at)?.get(row[at] ?? '') ?? 0
  return rows.sort((a, b) => {
    for (const at of order) {
      const difference = rank(a, at) - rank(b, at)
      if (difference !== 0) return difference
    }
    return 0
  })
}

function ranksOf(rows: OutRow[], at: number): Map<string, number> {
  const values = [...new Set(rows.map((row) => row[at] ?? ''))].sort(compareNumbers)
  return new Map(values.map((value, rank) => [value, rank]))
}

/** Writes a file of rows that fit in memory; none for no rows. Answers how many. */
export async function writeTable(folder: string, name: string, columns: Column[], rows: OutRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const shown = shownColumns(columns, rows)
  const lines = [shown.map((at) => columns[at]?.name ?? ''), ...rows.map((row) => shown.map((at) => row[at] ?? ''))]
  await writeFile(path.join(folder, name), lines.map(csvLine).join(''))
  return rows.length
}
