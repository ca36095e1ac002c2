import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import type { TransactionSql } from 'postgres'
import { csvLine } from './csv.ts'
import { exportDocuments } from './export-documents.ts'
import { cellOf, type OutRow, sortRows, writeTable } from './table-out.ts'
import type { TownFile } from './town-file.ts'

type Found = Record<string, string | null>

const BLOCK = 1000

/** Writes one set-up file from its description, with the bytes that its rows have. Answers how many rows it has. */
export async function exportSetUp(reading: TransactionSql, file: TownFile, folder: string): Promise<number> {
  const columns = file.columns.map((column, at) => `${column.select} as c${at}`).join(', ')
  const query = `select ${columns} from ${file.table} t where ${file.where ?? 'true'}`
  const count = await (file.order
    ? streamed(reading, `${query} order by ${file.order}`, file, folder)
    : sorted(reading, query, file, folder))
  await exportDocuments(reading, file, folder)
  return count
}

async function sorted(reading: TransactionSql, query: string, file: TownFile, folder: string): Promise<number> {
  const rows = (await reading.unsafe<Found[]>(query)).map((row) => cellsOf(file, row))
  return writeTable(folder, file.name, file.columns, sortRows(rows, file.columns, file.key))
}

const cellsOf = (file: TownFile, row: Found): OutRow => file.columns.map((column, at) => cellOf(column, row[`c${at}`]))

/** A file of many rows goes out as it is read, every column of it; without a row it is not written. */
async function streamed(reading: TransactionSql, query: string, file: TownFile, folder: string): Promise<number> {
  let out: ReturnType<typeof createWriteStream> | undefined
  let count = 0
  for await (const block of reading.unsafe<Found[]>(query).cursor(BLOCK)) {
    if (!out) {
      out = createWriteStream(path.join(folder, file.name))
      out.write(csvLine(file.columns.map((column) => column.name)))
    }
    count += block.length
    if (!out.write(block.map((row) => csvLine(cellsOf(file, row))).join(''))) await once(out, 'drain')
  }
  out?.end()
  if (out) await finished(out)
  return count
}
