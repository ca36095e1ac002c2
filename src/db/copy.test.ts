import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { copyInto } from './copy.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

const columns = ['run_id', 'account_id', 'tax_year', 'date', 'fee', 'parcel_number']

it('writes rows with whatever is in their text', async () => {
  const parcel = 'back\\slash\ttab\nline "quote" ü'
  await copyInto(town.db, 'ledger.staged_certification', columns, [
    [1, 2, 2026, '2026-01-31', '25.00', parcel],
    [1, 3, 2026, '2026-01-31', '0.00', null],
  ])
  const found = await rows(
    town.db,
    sql`select parcel_number as parcel from ledger.staged_certification where run_id = 1 order by account_id`,
  )
  expect(found).toEqual([{ parcel }, { parcel: null }])
})

it('says no when the server refuses a row, also the last one', async () => {
  const bad = [[2, 2, 2026, 'not a day', '25.00', null]]
  await expect(copyInto(town.db, 'ledger.staged_certification', columns, bad)).rejects.toThrow(/date/)
})
