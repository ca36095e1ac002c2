import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { dropTowns, survives } from '../testing/round-trip.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { connectWaiting } from './waiting.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  await town.db.execute(
    sql`insert into location (number, service_address) values ('L1', '1 Elm St'), ('L2', '2 Elm St')`,
  )
  const account = (number: string, location: string, status: string, connects: string | null) =>
    town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status, connect_date)
      select ${number}, c.id, l.id, k.id, ${status}, ${connects}::date from customer c, location l, account_status k
      where c.number = '100' and l.number = ${location} and k.code = 'CURRENT'`)
  await account('100.05', 'L1', 'Waiting', '2026-11-20')
  await account('100.06', 'L1', 'Waiting', '2026-11-18')
  await account('100.07', 'L2', 'Current', '2020-01-01')
  await account('100.08', 'L2', 'Waiting', '2026-11-18')
  await account('100.09', 'L2', 'Waiting', null)
})
afterAll(async () => {
  await dropTowns()
  await town.drop()
})

const waiting = async ({ db }: TestTown = town) =>
  (
    await rows<{ number: string }>(
      db,
      sql`select number from account where activity_status = 'Waiting' order by number`,
    )
  ).map(({ number }) => number)

it('an account waits the day before its connect date, is Current on the day and stays so (001-032)', async () => {
  expect(await connectWaiting(town.db, '2026-11-17')).toBe(0)
  expect(await waiting()).toEqual(['100.05', '100.06', '100.08', '100.09'])
  expect(await connectWaiting(town.db, '2026-11-18')).toBe(1)
  expect(await waiting()).toEqual(['100.05', '100.08', '100.09'])
  expect(await connectWaiting(town.db, '2026-11-19')).toBe(0)
})

it('one whose location is taken waits until that account is Final, one without a connect date always', async () => {
  expect(await connectWaiting(town.db, '2026-11-21')).toBe(0)
  await town.db.execute(sql`update account set activity_status = 'Final' where number in ('100.06', '100.07')`)
  expect(await connectWaiting(town.db, '2026-11-21')).toBe(2)
  expect(await waiting()).toEqual(['100.09'])
})

it('the audit trail says so, by the system, and it travels', async () => {
  const found = await rows<{ actor: number }>(
    town.db,
    sql`select w.actor from audit w where w.subject = 'account' and w.new->>'activity_status' = 'Current' and w.old->>'activity_status' = 'Waiting'`,
  )
  expect(found.map(({ actor }) => actor)).toEqual([0, 0, 0])
  const { elsewhere } = await survives(town)
  expect(await waiting(elsewhere)).toEqual(['100.09'])
})
