import type { TransactionSql } from 'postgres'
import { cellOf, sortRows, writeTable } from './table-out.ts'
import type { TownFile } from './town-file.ts'

/** Writes one set-up file from its description. Answers how many rows it has. */
export async function exportSetUp(reading: TransactionSql, file: TownFile, folder: string): Promise<number> {
  const columns = file.columns.map((column, at) => `${column.select} as c${at}`).join(', ')
  const found = await reading.unsafe<Record<string, string | null>[]>(
    `select ${columns} from ${file.table} t where ${file.where ?? 'true'}`,
  )
  const rows = found.map((row) => file.columns.map((column, at) => cellOf(column, row[`c${at}`])))
  return writeTable(folder, file.name, file.columns, sortRows(rows, file.columns, file.key))
}
