import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { checkLedger, isClean } from '../ledger/check.ts'
import { freshTown } from './database.ts'
import { GOLDEN, loadTown, millbrook } from './towns.ts'

it('the golden town owes 273.43', async () => {
  const town = await freshTown()
  await loadTown(town.db, GOLDEN)
  expect(await one(town.db, sql`select sum(unpaid)::text as balance from ledger.open_item`)).toEqual({ balance: '273.43' })
  expect(isClean(await checkLedger(town.db))).toBe(true)
  await town.drop()
})

const large = millbrook()

it.skipIf(!large)('millbrook owes what its figures say (skipped where the town is not beside the repository)', async () => {
  const town = await freshTown()
  await loadTown(town.db, large?.folder ?? '')
  expect(await one(town.db, sql`select sum(unpaid)::text as balance from ledger.open_item`)).toEqual({
    balance: large?.expected.receivable,
  })
  expect(isClean(await checkLedger(town.db))).toBe(true)
  await town.drop()
})
