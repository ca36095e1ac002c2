import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { prepared, TODAY } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf } from '../testing/form.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'

let town: TestTown
let admin: Browser
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  admin = await signedIn(town, 'administrator', appFor(town, { today: TODAY }))
})
afterAll(() => town.drop())

/** Saves Certification Periods of Water on Organization > Services, then prepares Create. */
async function withPeriods(certificationPeriods: string) {
  const water = await one<{ id: number }>(town.db, sql`select id from service where code = 'WA'`)
  const path = `/organization/services/${water?.id}`
  const page = (await admin.get(path)).text
  expect(page).toContain('Certification Periods')
  const saved = await admin.post(path, { ...formOf(page, 'row'), certificationPeriods })
  expect(saved.status, saved.text).toBe(303)
  const run = await prepared(town.db, 'create-records', { date: TODAY, taxYear: 2011, minimumCheck: 'ignore' })
  const history = (await admin.get('/accounts/100.01/history')).text.replace(/<[^>]+>|\s+/g, ' ').replace(/ +/g, ' ')
  return { run, history }
}

it('000-039: Certification Periods of the service are the length of its current portion', async () => {
  const three = await withPeriods('3')
  expect(three.history).toContain('the current portion is 04/30/2011, 03/31/2011, 02/28/2011')
  expect(three.run).toMatchObject({ count: 1, total: '138.78' })
  const two = await withPeriods('2')
  expect(two.run).toMatchObject({ count: 1, total: '204.55' })
})

it('000-040: and how many periods it must carry a balance to count as delinquent', async () => {
  expect((await withPeriods('4')).run).toMatchObject({ count: 1, total: '68.27' })
  expect((await withPeriods('5')).run).toMatchObject({ count: 0, total: '0.00' })
})
