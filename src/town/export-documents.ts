import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import type { TransactionSql } from 'postgres'
import { cellOf } from './table-out.ts'
import type { TownFile } from './town-file.ts'

/** Writes the bytes that the rows of a file have, chunk by chunk, where their `file` column says. */
export async function exportDocuments(reading: TransactionSql, file: TownFile, folder: string): Promise<void> {
  const column = file.columns.find(({ bytes }) => bytes)
  if (!column) return
  const found = await reading.unsafe<{ id: number; place: string }[]>(
    `select t.${column.into} as id, ${column.select} as place from ${file.table} t
      where t.${column.into} is not null and ${file.where ?? 'true'}`,
  )
  for (const { id, place } of found) await writeBytes(reading, id, path.join(folder, cellOf(column, place)))
}

async function writeBytes(reading: TransactionSql, id: number, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true })
  const out = await open(target, 'w')
  try {
    const chunks = reading<
      { bytes: Buffer }[]
    >`select bytes from public.file_chunk where file_id = ${id} order by position`
    for await (const block of chunks.cursor(1)) for (const { bytes } of block) await out.write(bytes)
  } finally {
    await out.close()
  }
}
