import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import type { RunRow } from '../runs/service.ts'
import { create } from './certifying.ts'
import { freshTown, type TestTown } from './database.ts'
import { GOLDEN, loadTown } from './towns.ts'

/** Two certifications of tax year 2011: 204.55 with the fee of 25.00, then 68.88 with what is left of the fee, nothing. */
export async function twoCertifications(): Promise<{ town: TestTown; first: RunRow; second: RunRow }> {
  const town = await freshTown()
  await loadTown(town.db, GOLDEN)
  const first = await create(town.db)
  await town.db.execute(sql`select ledger.ensure_period('2011-05-31')`)
  await town.db.execute(sql`update setting set value = '2011-05-31' where name = 'current_period'`)
  const second = await create(town.db, { minimumCheck: 'ignore' })
  expect([first, second].map(({ total, fees }) => [total, fees])).toEqual([
    ['204.55', '25.00'],
    ['68.88', '0.00'],
  ])
  return { town, first, second }
}
