import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshTown, type TestTown } from '../testing/database.ts'
import { one } from './db.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town?.drop())

it.each(['app', 'private'] as const)('the %s pool serves as its role, with the start settings', async (which) => {
  const settings = await one(
    town.databases[which],
    sql`select current_user as role, current_setting('TimeZone') as zone, current_setting('statement_timeout') as patience,
      current_setting('jit') as jit`,
  )
  expect(settings).toEqual({ role: town.databases.roles[which], zone: 'UTC', patience: '5min', jit: 'off' })
})

it('resetting the role does not lead back to the owner', async () => {
  await town.db.execute(sql`reset role`)
  expect(await one(town.db, sql`select current_user as role`)).toEqual({ role: town.databases.roles.private })
})
