import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Sql } from 'postgres'
import type { Db } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { FILES } from './documents.ts'
import { exportCertifications } from './export-certifications.ts'
import { exportHistory } from './export-history.ts'
import { exportSetUp } from './export-set-up.ts'
import { CERTIFICATIONS } from './files/certifications.ts'
import { SET_UP_FILES } from './files/index.ts'
import { TRANSACTIONS } from './files/transactions.ts'

/** Rows written by file; a file without rows is not written. */
export type ExportResult = Record<string, number>

const KNOWN = new Set([...SET_UP_FILES.map((file) => file.name), TRANSACTIONS, CERTIFICATIONS, FILES])

/**
 * Writes the whole town as a town folder (contract.md 2), all files from one snapshot. Importing it elsewhere and
 * exporting again gives the same bytes. `db` is the pool that sees everything. What an earlier export left in the folder
 * is replaced; a folder with anything else in it is refused.
 */
export async function exportTown(db: Db, folder: string): Promise<ExportResult> {
  await clearFolder(folder)
  const client = (db as Db & { $client: Sql }).$client
  // A reading transaction: what its connection's death could lose is only this export.
  return client.begin('isolation level repeatable read read only', async (reading) => {
    const written: ExportResult = {}
    for (const file of SET_UP_FILES) written[file.name] = await exportSetUp(reading, file, folder)
    written[TRANSACTIONS] = await exportHistory(reading, folder)
    written[CERTIFICATIONS] = await exportCertifications(reading, folder)
    return Object.fromEntries(Object.entries(written).filter(([, count]) => count > 0))
  }) as Promise<ExportResult>
}

async function clearFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const found = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const foreign = found.find((name) => !KNOWN.has(name))
  if (foreign)
    throw new Refused(
      'folder_not_empty',
      `The folder holds ${foreign}, which is not of a town folder. Name an empty folder.`,
    )
  for (const name of found) await rm(path.join(folder, name), { recursive: name === FILES })
}
