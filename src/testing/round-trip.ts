import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { rows } from '../db/db.ts'
import { exportTown } from '../town/export.ts'
import { faults } from './certifying.ts'
import { freshTown, type TestTown } from './database.ts'
import { type Files, readFolder } from './town-folder.ts'
import { loadTown } from './towns.ts'

/** The towns of the test that runs; `dropTowns` after each. */
export const towns: TestTown[] = []

export async function dropTowns(): Promise<void> {
  for (const town of towns.splice(0)) await town.drop()
}

/** A new town with a folder in it. */
export async function importInto(folder: string): Promise<TestTown> {
  const town = await freshTown()
  towns.push(town)
  await loadTown(town.db, folder)
  return town
}

export async function exported(town: TestTown): Promise<{ folder: string; files: Files }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-export-'))
  await exportTown(town.db, folder)
  return { folder, files: readFolder(folder) }
}

export const journal = (town: TestTown) =>
  rows(
    town.db,
    sql`select g.number, s.code, j.period::text as period, sum(j.debit - j.credit)::text as balance from ledger.journal j
      join gl_account g on g.id = j.gl_account_id left join service s on s.id = j.service_id group by 1, 2, 3 having sum(j.debit - j.credit) <> 0 order by 1, 2, 3`,
  )

export const openItems = (town: TestTown) =>
  rows(
    town.db,
    sql`select a.number, s.code, o.aging_period::text as period, o.unpaid::text as unpaid from ledger.open_item o
      join account a on a.id = o.account_id join service s on s.id = o.service_id order by 1, 2, 3`,
  )

/** Export, import elsewhere, export again: the same bytes, the same balances, the same journal, nothing at fault. */
export async function survives(town: TestTown): Promise<{ files: Files; elsewhere: TestTown }> {
  const first = await exported(town)
  const elsewhere = await importInto(first.folder)
  expect((await exported(elsewhere)).files).toEqual(first.files)
  expect(await openItems(elsewhere)).toEqual(await openItems(town))
  expect(await journal(elsewhere)).toEqual(await journal(town))
  expect(await faults(elsewhere.db)).toEqual([])
  return { files: first.files, elsewhere }
}
