import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rows } from '../db/db.ts'
import type { Browser } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { office } from '../testing/office.ts'
import { posted, transaction } from '../testing/small-town.ts'

const LIST = '/organization/period-close'
let town: TestTown
let supervisor: Browser
let clerk: Browser

beforeAll(async () => {
  ;({ town, supervisor, clerk } = await office())
})
afterAll(() => town.drop())

const bill = async (date: string, end: string) =>
  posted(town.db, '1.01', [await transaction(town.db, { account: '1.01', date }, [['WA', end, '10.00']])])

test('lists the periods newest first and adds the next', async () => {
  const page = (await clerk.get(LIST)).text
  expect(page.indexOf('May 2026')).toBeLessThan(page.indexOf('January 2026'))
  expect(page).not.toContain('Add period')
  expect((await clerk.post(LIST, { end: '06/30/2026' })).status).toBe(403)
  expect((await supervisor.get(LIST)).text).toContain('value="06/30/2026"')
  expect((await supervisor.post(LIST, { end: '06/30/2026' })).status).toBe(303)
  const refused = await supervisor.post(LIST, { end: '03/15/2026' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('Periods are listed from 01/31/2026 to 06/30/2026 already')
})

test('a closed period refuses postings until it is opened again with a reason', async () => {
  await bill('2026-02-10', '2026-02-28')
  expect((await supervisor.post(`${LIST}/2026-02-28/close`)).status).toBe(303)
  await expect(bill('2026-02-11', '2026-02-28')).rejects.toMatchObject({ code: 'period_closed' })
  expect((await supervisor.post(`${LIST}/2026-02-28/reopen`, { reason: '' })).status).toBe(422)
  expect((await clerk.post(`${LIST}/2026-02-28/reopen`, { reason: 'x' })).status).toBe(403)
  expect((await supervisor.post(`${LIST}/2026-02-28/reopen`, { reason: 'A late bill' })).status).toBe(303)
  await bill('2026-02-11', '2026-02-28')
  const audit = await rows(
    town.db,
    sql`select actor, action, reason from audit where subject = 'period' and subject_key = '2026-02-28' order by id`,
  )
  expect(audit).toEqual([
    { actor: supervisor.user.id, action: 'close', reason: '' },
    { actor: supervisor.user.id, action: 'reopen', reason: 'A late bill' },
  ])
})

test('deletes only an unused period at either end', async () => {
  expect((await supervisor.post(`${LIST}/2026-02-28/delete`)).text).toContain('would leave a gap')
  expect((await supervisor.post(`${LIST}/2026-01-31/delete`)).status).toBe(303)
  const used = await supervisor.post(`${LIST}/2026-02-28/delete`)
  expect(used.status).toBe(422)
  expect(used.text).toContain('lines of the GL journal stand in this period')
  expect((await supervisor.get(`${LIST}/2026-01-31`)).status).toBe(404)
  expect((await supervisor.get(`${LIST}/nonsense`)).status).toBe(404)
})

test('before a closed period nothing is made: no posting, no run and nobody opens a month there', async () => {
  expect((await supervisor.post(`${LIST}/2026-03-31/close`)).status).toBe(303)
  await expect(bill('2020-01-10', '2020-01-31')).rejects.toMatchObject({ code: 'period_closed' })
  const refused = await supervisor.post(LIST, { end: '12/31/2025' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('The period ending 03/31/2026 is closed: none is added before it.')
  await bill('2026-08-10', '2026-08-31')
  const ends = await rows<{ end: string }>(town.db, sql`select min(end_date)::text as end from ledger.period`)
  expect(ends).toEqual([{ end: '2026-02-28' }])
})
