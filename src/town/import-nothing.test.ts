import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, withLines, writeFolder } from '../testing/town-folder.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'

const OPTIONS = { actor: 0, today: '2025-03-20' }

let town: TestTown
const refused = async (files: Files): Promise<string[]> => {
  const result = await importTown(town.db, writeFolder(files), OPTIONS)
  expect(result.ok).toBe(false)
  return result.ok ? [] : result.faults.map(faultText)
}
const count = async (table: string) =>
  (await rows<{ n: number }>(town.db, sql.raw(`select count(*)::int as n from ${table}`)))[0]?.n

describe('an import that does not happen', () => {
  beforeEach(async () => {
    town = await freshTown()
  })
  afterEach(() => town.drop())

  it('leaves nothing behind on a dry run, nor after a refusal', async () => {
    const folder = writeFolder(withLines('1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,\n'))
    const result = await importTown(town.db, folder, { ...OPTIONS, dryRun: true })
    expect(result).toMatchObject({
      ok: true,
      runId: null,
      totals: { receivable: '50.00', transactions: 1, rows: { 'customers.csv': 2 } },
    })
    await refused(withLines('1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,\n2,100.01,2025-01-10,Bill,XX,50.00,,,,,,,,\n'))
    for (const table of [
      'customer',
      'gl_account',
      'setting',
      'ledger.transaction',
      'ledger.run',
      'ledger.staged_transaction',
      'ledger.staged_posting',
      'ledger.staged_effect',
    ]) {
      expect([table, await count(table)]).toEqual([table, 0])
    }
  })

  it('leaves nothing behind when the database refuses at the very end', async () => {
    const folder = writeFolder(withLines('1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,\n'))
    const other = {
      ...town.db,
      execute: town.db.execute.bind(town.db),
      $client: (town.db as unknown as { $client: unknown }).$client,
    }
    const broken = Object.assign(Object.create(town.db), {
      execute: (query: Parameters<typeof town.db.execute>[0]) =>
        other.execute(
          JSON.stringify(query).includes('import_town')
            ? sql`select ledger.import_town(0, 0, '{}', '{}', '{}', null::date[]), 1 / 0`
            : query,
        ),
    })
    await expect(importTown(broken, folder, OPTIONS)).rejects.toThrow()
    for (const table of [
      'customer',
      'setting',
      'ledger.transaction',
      'ledger.staged_transaction',
      'ledger.staged_posting',
      'ledger.staged_effect',
    ]) {
      expect([table, await count(table)]).toEqual([table, 0])
    }
    expect((await importTown(town.db, folder, OPTIONS)).ok).toBe(true)
  })
})
