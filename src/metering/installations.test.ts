import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { METERED, METERING_DAY, meteringTown } from '../testing/metering-town.ts'
import { lastReads } from './service.ts'

const AT = `/panel/${METERED}/installations`
let town: TestTown
let clerk: Browser
let viewer: Browser

const idOf = async (number: string) =>
  (await rows<{ id: number }>(town.db, sql`select id from meter where number = ${number}`))[0]?.id
const fill = async (path: string, values: Record<string, string>) => {
  const html = (await clerk.get(path)).text
  return clerk.post(/action="([^"]*)" data-guard/.exec(html)?.[1] ?? path, { ...formOf(html, 'record'), ...values })
}
const history = async (at = AT) =>
  [...(await clerk.get(at)).text.matchAll(/<tr><td class="nw"><a href="\/meters[\s\S]*?<\/tr>/g)].map(([row]) =>
    words(row).trim(),
  )
const usage = async (number = METERED) => words((await clerk.get(`/panel/${number}/usage`)).text)

beforeAll(async () => {
  town = await meteringTown()
  const app = appFor(town, { today: METERING_DAY })
  ;[clerk, viewer] = await Promise.all([signedIn(town, 'clerk', app), signedIn(town, 'viewer', app)])
})
afterAll(() => town.drop())

describe('Manage installations', () => {
  it('001-332: the devices of the location, reached from Service Details', async () => {
    expect((await clerk.get(`/panel/${METERED}/location`)).text).toContain(`href="${AT}"`)
    expect(await history()).toEqual(['M-1 WA Water 5/8 10/01/2025 9990 0 in place 38,000 Exchange Remove Edit'])
    expect(words((await viewer.get(AT)).text)).not.toContain('Exchange')
    expect((await viewer.get(`${AT}/new`)).status).toBe(403)
    expect((await clerk.get('/panel/300.01/installations')).status).toBe(404)
  })

  it('exchanges in one step; usage of both meters adds up, and what is wrong is said beside its field', async () => {
    const path = `${AT}/${await idOf('M-1')}/exchange`
    const form = formOf((await clerk.get(path)).text, 'record')
    expect(form).toMatchObject({ dials: '5', multiplier: '100', unit: 'gallon', size: '5/8', reading: '0', number: '' })
    const refused = async (values: Record<string, string>) =>
      words((await clerk.post(path, { ...form, ...values })).text)
    expect(await refused({ final: '284', number: 'M-1' })).toContain('This is the meter that is taken out.')
    expect(await refused({ final: '390', number: 'M-2' })).toContain('High: more than half as much again as usual.')
    expect(await refused({ final: '', number: 'M-2' })).toContain('Final read is needed.')
    expect(await history()).toHaveLength(1)
    expect(
      (await clerk.post(path, { ...form, date: '10/30/2026', final: '283', number: 'M-2', serial: 'S 1' })).status,
    ).toBe(303)
    expect(await history()).toEqual([
      'M-2 WA Water 5/8 10/30/2026 0000 0 in place Exchange Remove Edit',
      'M-1 WA Water 5/8 10/01/2025 9990 0 10/30/2026 0028 3 38,300 Put back',
    ])
    expect(await usage()).toContain('10/30/2026 WA Water W-5/8 300')
    await clerk.post(`/panel/${METERED}/reads`, {
      date: '10/31/2026',
      [`read-${await idOf('M-2')}`]: '1',
      [`kind-${await idOf('M-2')}`]: 'actual',
    })
    const together = await usage()
    expect(together).toContain('10/31/2026 WA Water W-5/8 400')
    expect(together).not.toContain('10/30/2026 WA Water W-5/8')
    expect(together).toMatch(/Meter Details, read 10\/31\/2026 .*M-1 .*final read.*M-2/)
  })

  it('installs from stock: the earlier place stays in the history, and a meter is at one place at a time', async () => {
    const other = '/panel/200.01/installations'
    expect(words((await clerk.get(other)).text)).toContain('No meter was ever installed here.')
    const elsewhere = await fill(`${other}/new`, { number: 'M-2' })
    expect(words(elsewhere.text)).toContain('Meter M-2 is at 12 Canal St, location L100.01. Remove it there first.')
    const early = await fill(`${other}/new`, { number: 'M-1', date: '10/01/2026' })
    expect(words(early.text)).toContain('Meter M-1 was removed from 12 Canal St on 10/30/2026.')
    const long = await fill(`${other}/new`, { number: 'M-1', date: '10/30/2026', reading: '100000' })
    expect(words(long.text)).toContain('The register has 5 dials: it cannot show this.')
    expect((await fill(`${other}/new`, { number: 'M-1', date: '10/30/2026', reading: '5' })).status).toBe(303)
    // its final read at the first place, of the very same day, is none of this one
    const here = await rows<{ id: number }>(town.db, sql`select id from location where number = 'L200.01'`)
    expect(await lastReads(town.db, here[0]?.id ?? 0)).toMatchObject([{ number: 'M-1', reading: '5' }])
    const moved = `${other}/${await idOf('M-1')}/edit`
    expect(words((await fill(moved, { reading: '100000' })).text)).toContain('The register has 5 dials')
    expect((await fill(moved, { reading: '283' })).status).toBe(303)
    expect(await history(other)).toEqual(['M-1 WA Water 5/8 10/30/2026 0028 3 in place Exchange Remove Edit'])
    expect((await history())[1]).toBe('M-1 WA Water 5/8 10/01/2025 9990 0 10/30/2026 0028 3 38,300')
    // what it counted at the first place is not usage of the second
    expect(await usage('200.01')).toContain('No meter of this location was read yet.')
    await expect(
      town.db.execute(sql`insert into installation (meter_id, location_id, install_date, remove_date)
        select meter_id, location_id, '2026-01-01', '2026-02-01' from installation`),
    ).rejects.toThrow()
    await expect(
      town.db.execute(sql`update meter set install_date = '2026-10-29' where number = 'M-1'`),
    ).rejects.toThrow()
  })

  it('makes a meter that is new to the town, for a metered service', async () => {
    expect(words((await fill(`${AT}/new`, { number: 'I-9', reading: '0' })).text)).toContain(
      'Choose the metered service of the new meter.',
    )
    expect(words((await fill(`${AT}/new`, { number: 'I-9', service: 'IR' })).text)).toContain(
      'The read that the meter begins with is needed.',
    )
    expect((await fill(`${AT}/new`, { number: 'I-9', service: 'IR', reading: '12', dials: '6' })).status).toBe(303)
    expect((await history()).join()).toContain('I-9 IR Irrigation 10/31/2026 00001 2 in place')
  })

  it('removes with a final read, puts back, and corrects how it began', async () => {
    const at = `${AT}/${await idOf('I-9')}`
    expect((await fill(`${at}/edit`, { date: '10/20/2026', reading: '10' })).status).toBe(303)
    expect((await fill(`${at}/remove`, { date: '10/25/2026', final: '15' })).status).toBe(303)
    expect((await history()).join()).toContain('I-9 IR Irrigation 10/20/2026 00001 0 10/25/2026 00001 5 5 Put back')
    expect(words((await fill(`${at}/remove`, { final: '16' })).text)).toContain('This meter was removed on 10/25/2026.')
    expect((await clerk.post(`${at}/put-back`)).status).toBe(303)
    expect((await history()).join()).toContain('I-9 IR Irrigation 10/20/2026 00001 0 in place 5')
    expect(words((await fill(`${at}/edit`, { date: '10/26/2026' })).text)).toContain('The meter was read on 10/25/2026')
    expect(words((await fill(`${at}/edit`, { reading: '16' })).text)).toContain(
      'The meter was read as 15 on 10/25/2026, which is below this.',
    )
  })
})

describe('Meters', () => {
  it('are listed and found by number, serial and address, with their places and reads', async () => {
    const list = async (q: string) => words((await clerk.get(`/meters?q=${q}`)).text)
    expect(await list('')).toContain('3 meters')
    expect(await list('s+1')).toContain('1 meter ')
    expect(await list('canal')).toContain('3 meters')
    expect(await list('nothing')).toContain('No meter matches.')
    const page = words((await clerk.get('/meters/M-1')).text)
    expect(page).toMatch(
      /Location L200\.01 .*installed 10\/30\/2026 at 00283 .*Location L100\.01 .*installed 10\/01\/2025 at 99900, removed 10\/30\/2026/,
    )
    expect(page).toContain('10/30/2026 0028 3 Actual 300 3')
  })

  it('are added to stock, edited, and deleted while they were never used', async () => {
    const added = await fill('/meters/new', { number: 'X-1', service: 'WA', dials: '4', manufacturer: 'Badger' })
    expect(added.headers.location).toBe('/meters/X-1')
    expect(words((await clerk.get('/meters/X-1')).text)).toContain('This meter is in stock')
    expect(words((await fill('/meters/new', { number: 'X-1', service: 'WA' })).text)).toContain(
      'This meter number was just taken.',
    )
    expect((await fill('/meters/X-1', { multiplier: '10' })).status).toBe(303)
    expect(words((await fill('/meters/M-1', { service: 'IR' })).text)).toContain('This meter was read for its service')
    expect((await clerk.post('/meters/X-1/delete')).headers.location).toBe('/meters')
    expect(words((await clerk.post('/meters/M-1/delete')).text)).toContain('This meter was read or moved')
    expect((await viewer.get('/meters/new')).status).toBe(403)
  })
})
