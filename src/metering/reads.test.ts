import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { type Form, formOf, words } from '../testing/form.ts'
import { aBill, METERED, METERING_DAY, meteringTown } from '../testing/metering-town.ts'
import { type MeterOf, meterDigits, meterOf } from './card.ts'
import { lastRead, lastReads } from './service.ts'

const AT = `/panel/${METERED}/reads`
let town: TestTown
let clerk: Browser
let viewer: Browser
let meter: number
let location: number

const page = async () => (await clerk.get(AT)).text
const enter = (values: Form) => clerk.post(AT, values)
const reading = (date: string) =>
  one<{ id: number; reading: string; kind: string }>(
    town.db,
    sql`select id, trim_scale(reading)::text as reading, kind from reading where read_date = ${date}`,
  )

beforeAll(async () => {
  town = await meteringTown()
  const app = appFor(town, { today: METERING_DAY })
  ;[clerk, viewer] = await Promise.all([signedIn(town, 'clerk', app), signedIn(town, 'viewer', app)])
  const of = await one<{ id: number; location: number }>(town.db, sql`select id, location_id as location from meter`)
  ;[meter, location] = [of?.id ?? 0, of?.location ?? 0]
})
afterAll(() => town.drop())

describe('Enter Reads', () => {
  it('001-331 001-323: opens from Service Details, with every meter there, its last read, and the cursor in the first', async () => {
    expect((await clerk.get(`/panel/${METERED}/location`)).text).toContain(`href="${AT}"`)
    const html = await page()
    expect(words(html)).toMatch(/M-1 5\/8 in\. WA Water 0028 0 10\/27\/2026, estimated/)
    expect(html).toMatch(new RegExp(`name="read-${meter}"[^>]* autofocus`))
    expect(html).toContain('aria-keyshortcuts="Control+S"')
    expect(formOf(html, 'reads')).toMatchObject({
      date: '10/31/2026',
      [`kind-${meter}`]: 'actual',
      [`read-${meter}`]: '',
    })
  })

  it('reckons and checks without saving', async () => {
    const answer = await enter({ ...formOf(await page(), 'reads'), [`read-${meter}`]: '284', check: 'yes' })
    expect(answer.status).toBe(200)
    expect(words(answer.text)).toContain('400 4 days, as usual')
    const high = words((await enter({ ...formOf(await page(), 'reads'), [`read-${meter}`]: '390', check: 'yes' })).text)
    expect(high).toContain('11,000 High: more than half as much again as usual. Accept anyway')
    expect(await reading('2026-10-31')).toBeUndefined()
  })

  it('refuses what is wrong beside its field and keeps what was typed', async () => {
    const refusal = async (values: Record<string, string>) => {
      const answer = await enter({ ...formOf(await page(), 'reads'), ...values })
      expect(answer.status).toBe(422)
      return words(answer.text)
    }
    expect(await refusal({})).toContain('Type a read for at least one meter.')
    expect(await refusal({ [`read-${meter}`]: 'x' })).toContain('Write a number with at most 2 decimals.')
    expect(await refusal({ [`read-${meter}`]: '100000' })).toContain('The register has 5 dials')
    expect(await refusal({ [`read-${meter}`]: '284', date: '10/27/2026' })).toContain(
      'The last read is 280 on 10/27/2026',
    )
    expect(await refusal({ [`read-${meter}`]: '284', date: '11/01/2026' })).toContain('This day is still to come.')
    expect(await refusal({ [`read-${meter}`]: '390' })).toContain('Correct it, or tick Accept anyway.')
    expect((await clerk.post(AT, { date: '10/31/2026', 'read-999': '1' })).status).toBe(400)
  })

  it('saves, warnings accepted, with its row in the audit', async () => {
    const values = { ...formOf(await page(), 'reads'), [`read-${meter}`]: '390', [`accept-${meter}`]: 'on' }
    expect((await enter(values)).headers.location).toBe(AT)
    expect(await reading('2026-10-31')).toMatchObject({ reading: '390', kind: 'actual' })
    const [log] = await rows<{ actor: number; action: string }>(
      town.db,
      sql`select actor, action from audit where subject = 'reading' order by id desc limit 1`,
    )
    expect(log).toMatchObject({ actor: clerk.user.id, action: 'add' })
    expect(await lastRead(town.db, location, 'WA')).toMatchObject({ number: 'M-1', date: '2026-10-31', reading: '390' })
    expect(await lastRead(town.db, location, 'IR')).toBeUndefined()
    expect(await lastReads(town.db, location)).toHaveLength(1)
  })

  it('takes back an estimate that was too high', async () => {
    await town.db.execute(sql`delete from reading where read_date = '2026-10-31'`)
    const low = { ...formOf(await page(), 'reads'), [`read-${meter}`]: '275' }
    expect(words((await enter(low)).text)).toContain('Below the last read, which was an estimate')
    await enter({ ...low, [`accept-${meter}`]: 'on' })
    expect(words((await clerk.get(`/panel/${METERED}/usage`)).text)).toMatch(/10\/31\/2026 WA Water W-5\/8 -500/)
    await enter({ ...low, [`accept-${meter}`]: 'on' })
    expect(await rows(town.db, sql`select 1 from reading where read_date = '2026-10-31'`)).toHaveLength(1)
  })
})

describe('the last read', () => {
  const edit = async (date: string) => `${AT}/${(await reading(date))?.id}`

  it('is corrected, against the one before', async () => {
    const at = await edit('2026-10-31')
    const form = formOf((await clerk.get(at)).text, 'record')
    expect(form).toMatchObject({ date: '10/31/2026', reading: '275', kind: 'actual' })
    expect((await clerk.post(at, { ...form, reading: '285' })).status).toBe(303)
    expect(await reading('2026-10-31')).toMatchObject({ reading: '285' })
    const stale = await clerk.post(at, { ...form, reading: '284' })
    expect([stale.status, words(stale.text).includes('This was changed meanwhile by')]).toEqual([409, true])
    expect((await clerk.post(at, { ...formOf((await clerk.get(at)).text, 'record'), reading: '999999' })).status).toBe(
      422,
    )
  })

  it('only the last one', async () => {
    const answer = await clerk.get(await edit('2026-09-27'))
    expect([answer.status, words(answer.text).includes('Only the last read of meter M-1 can be changed.')]).toEqual([
      422,
      true,
    ])
    expect((await clerk.get(`${AT}/999999`)).status).toBe(404)
  })

  it('stays once a bill names it, and is deleted otherwise', async () => {
    const at = await edit('2026-10-31')
    await aBill(town, '2026-10-31', '33.30', [{ service: 'WA', readDate: '2026-10-31', usage: '500', meters: ['M-1'] }])
    const form = formOf((await clerk.get(at)).text, 'record')
    for (const answer of [await clerk.post(at, form), await clerk.post(`${at}/delete`)]) {
      expect(answer.status).toBe(422)
      expect(words(answer.text)).toContain('This read is on a posted bill. Reverse the bill first.')
    }
    const named = formOf((await clerk.get('/meters/M-1')).text, 'record')
    const renamed = await clerk.post('/meters/M-1', { ...named, number: 'M-9' })
    expect([renamed.status, words(renamed.text)]).toEqual([
      422,
      expect.stringContaining('A posted bill names this meter: it keeps its number.'),
    ])
    await town.db.execute(sql`update reading set read_date = '2026-10-30' where read_date = '2026-10-31'`)
    const asks = await clerk.get(`${at}/delete`)
    expect(words(asks.text)).toContain('Delete the read of meter M-1, 10/30/2026?')
    const seen = formOf(asks.text, 'remove')
    expect((await clerk.post(`${at}/delete`, { ...seen, version: String(Number(seen.version) + 1) })).status).toBe(409)
    expect((await clerk.post(`${at}/delete`, seen)).status).toBe(303)
    expect(await reading('2026-10-30')).toBeUndefined()
  })

  it('stays where an account begins with it', async () => {
    await town.db.execute(sql`insert into beginning_read (account_id, meter_id, read_date, reading)
      select a.id, ${meter}, '2026-10-27', 280 from account a where a.number = ${METERED}`)
    const answer = await clerk.post(`${await edit('2026-10-27')}/delete`)
    expect(words(answer.text)).toContain('An account begins with this read. It stays.')
  })
})

describe('who may', () => {
  it('read meters: with the right, at an account that is shown', async () => {
    expect((await viewer.get(AT)).status).toBe(403)
    expect((await viewer.get('/meters')).status).toBe(200)
    expect((await clerk.get('/panel/300.01/reads')).status).toBe(404)
    expect(words((await clerk.get('/panel/200.01/reads')).text)).toContain('No meter stands at this location.')
  })
  it("the card's meter: number, day and digits", async () => {
    const row = await one<{ m: MeterOf }>(
      town.db,
      sql`select ${meterOf} as m from account a where a.number = ${METERED}`,
    )
    expect(row?.m).toEqual({ number: 'M-1', dials: 5, date: '2026-10-27', reading: '280' })
    expect(row && meterDigits(row.m)).toBe('00280')
    expect(await one(town.db, sql`select ${meterOf} as m from account a where a.number = '200.01'`)).toEqual({
      m: null,
    })
  })
})
