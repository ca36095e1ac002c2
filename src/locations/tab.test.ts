import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cycle, route } from '../db/tables/index.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { formOf, words } from '../testing/form.ts'
import { deleted, type PanelTown, panelTown } from '../testing/panel.ts'

let t: PanelTown
let form: Record<string, string>
const PATH = '/panel/100.01/location'
const BLANK = { rate: '', quantity: '1', units: '1', frequency: 'monthly', disconnectDate: '' }

beforeAll(async () => {
  t = await panelTown('2026-11-20', async (db) => {
    await db.insert(cycle).values({ code: '1', name: 'Monthly' })
    await db.insert(route).values({ code: '02', name: 'Northside' })
  })
})
afterAll(() => t.town.drop())

/** The form as the page shows it, by field. */
async function shown(): Promise<Record<string, string>> {
  const page = (await t.clerk.get(PATH)).text
  const sheet = page.slice(page.indexOf('id="place"'), page.indexOf('id="services"'))
  const inputs = [...sheet.matchAll(/<input (?!type="checkbox")[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(
    ([, name, value]) => [name, value],
  )
  const swapped = [...sheet.matchAll(/<input [^>]*value="([^"]*)"[^>]*name="(version|seen)"/g)].map(
    ([, value, name]) => [name, value],
  )
  const decoded = [...inputs, ...swapped].map(([name, value]) => [
    name,
    (value ?? '').replaceAll('&quot;', '"').replaceAll('&#34;', '"'),
  ])
  return Object.fromEntries(decoded.filter(([name]) => name !== '_csrf'))
}

describe('Location', () => {
  it('001-286 001-293: Location ID, Message Center, five inner tabs and Service Details', async () => {
    const page = await t.clerk.get(PATH)
    const said = words(page.text)
    for (const text of [
      'Location ID',
      'Details',
      'Deposits',
      'Location Codes',
      'Location Permits',
      'Custom Fields',
      'Message Center',
      'Service Details',
    ]) {
      expect(said).toContain(text)
    }
  })

  it('001-287 001-288: the address is edited here and leaves the customer alone', async () => {
    form = await shown()
    const saved = await t.clerk.post(PATH, { ...form, serviceAddress: '14 Canal St' })
    expect(saved.headers.location).toBe(PATH)
    const [row] = await t.town.db.execute<{ place: string; customer: string | null }>(
      sql`select n.service_address as place, c.address_line_1 as customer from account a join location n on n.id = a.location_id
        join customer c on c.id = a.customer_id where a.number = '100.01'`,
    )
    expect(row?.place).toBe('14 Canal St')
    expect(row?.customer).not.toBe('14 Canal St')
  })

  it('001-295 001-297 001-298 001-299 001-303 001-304 001-305 001-306 001-307: Details; Bill Period follows the cycle', async () => {
    const [ids] = await t.town.db.execute<{ cycle: number; route: number }>(
      sql`select (select id from cycle) as cycle, (select id from route) as route`,
    )
    form = await shown()
    const details = {
      cycleId: String(ids?.cycle),
      routeId: String(ids?.route),
      description: 'Single family',
      parcelNumber: 'RP 04N 31W 08',
      region: 'Northside',
      altLocationId: 'OLD-7',
      crossStreet: 'Main St',
    }
    expect((await t.clerk.post(PATH, { ...form, ...details })).status).toBe(303)
    const page = await t.clerk.get(PATH)
    expect(words(page.text)).toContain('Bill Period 1 Monthly')
    for (const value of Object.values(details).slice(2)) expect(page.text).toContain(`value="${value}"`)
    for (const find of ['Single family', '04N 31W', 'OLD-7', 'Northside']) {
      const found = await t.clerk.get(`/panel?q=${encodeURIComponent(find)}`)
      expect([find, found.headers.location]).toEqual([find, '/panel/100.01'])
    }
    const long = await t.clerk.post(PATH, { ...(await shown()), parcelNumber: 'x'.repeat(51) })
    expect(long.status).toBe(422)
    expect(long.text).toContain('id="f-parcelNumber-e"')
  })

  it('001-296: revenue classes are set up on their own screen', async () => {
    await t.administrator.post('/organization/revenue-classes/new', { code: 'R1', name: 'Residential' })
    expect(words((await t.clerk.get(PATH)).text)).toContain('R1 Residential')
  })

  it('tells the second of two clerks what the first one changed, and keeps what was typed', async () => {
    const second = await shown()
    await t.clerk.post(PATH, { ...second, region: 'Westside' })
    const late = await t.administrator.post(PATH, { ...second, description: 'Duplex' })
    expect(late.status).toBe(409)
    expect(words(late.text)).toContain('Region/Subdivision was Northside and is now Westside')
    expect(late.text).toContain('value="Duplex"')
  })

  it('001-300 001-301 001-302: Rental opens the Owner tab and closing it takes the tab away', async () => {
    expect(words((await t.clerk.get(PATH)).text)).not.toMatch(/Owner \d/)
    await t.clerk.post(PATH, { ...(await shown()), rental: 'on' })
    expect((await t.clerk.get(PATH)).text).toContain('href="/panel/100.01/owner"')
    await t.clerk.post(PATH, await shown())
    expect((await t.clerk.get(PATH)).text).not.toContain('href="/panel/100.01/owner"')
  })

  it('001-289 001-290 001-291: the Message Center shows location notes and the Location Balance, and is not edited', async () => {
    const [type] = await t.town.db.execute<{ id: number }>(sql`select id from note_type where code = 'general'`)
    await t.clerk.post('/panel/100.01/notes', { level: 'location', noteTypeId: String(type?.id), text: 'Gate locked' })
    const page = words((await t.clerk.get(PATH)).text)
    expect(page).toContain('Gate locked')
    expect(page).toContain('Location Balance, all residents 0.00')
  })

  it('001-321 001-322 001-324 001-325 001-326 001-327 001-328 001-329 001-330: the Service Grid, and Utility Maintenance from it', async () => {
    const page = await t.clerk.get(PATH)
    expect(words(page.text)).toMatch(/Service Rate Stat Date On Balance Active Edit WA Water On [\d/]* ?0\.00 Yes Edit/)
    expect(page.text).toContain('href="/panel/100.01/services/WA"')
    expect(words((await t.clerk.get('/panel/100.01/services/WA')).text)).toContain('Service WA of 100.01')
    expect((await t.viewer.get('/panel/100.01/services/WA')).status).toBe(403)
  })

  it('001-330: Utility Maintenance refuses a rate that the town does not have, as Setup New Customers does', async () => {
    const [rate] = await t.town.db.execute<{
      code: string
    }>(sql`insert into rate (code, service_id, name, effective_from)
      select 'W-5', id, 'Water', '2020-01-01' from service where code = 'WA' returning code`)
    const of = '/panel/100.01/services/WA'
    const form = formOf((await t.clerk.get(of)).text, 'record')
    const refused = await t.clerk.post(of, { ...form, rate: 'W-6' })
    expect(refused.status).toBe(422)
    expect(refused.text).toMatch(/id="f-rate-e">There is no rate W-6\./)
    expect((await t.clerk.post(of, { ...form, rate: rate?.code ?? '' })).status).toBe(303)
    const more = await t.clerk.post('/panel/100.01/services', { ...form, serviceId: '1', rate: 'W-6' })
    expect([more.status, words(more.text).includes('There is no rate W-6.')]).toEqual([422, true])
  })

  it('001-330: units or shares are above zero: with none the service would bill nothing', async () => {
    const of = '/panel/100.01/services/WA'
    const form = formOf((await t.clerk.get(of)).text, 'record')
    const refused = await t.clerk.post(of, { ...form, units: '0' })
    expect([refused.status, refused.text]).toEqual([422, expect.stringMatching(/id="f-units-e">/)])
    expect((await t.clerk.post(of, { ...form, units: '0.5' })).status).toBe(303)
    const more = formOf((await t.clerk.get(of)).text, 'record')
    expect((await t.clerk.post(of, { ...more, units: '1' })).status).toBe(303)
  })

  it('001-330: of two clerks in Utility Maintenance the second is told what the first one changed, and saves with it', async () => {
    const of = '/panel/100.01/services/WA'
    const opened = formOf((await t.clerk.get(of)).text, 'record')
    expect((await t.administrator.post(of, { ...opened, quantity: '3' })).status).toBe(303)
    const late = await t.clerk.post(of, { ...opened, units: '2' })
    expect([late.status, words(late.text)]).toEqual([409, expect.stringContaining('Quantity was 1 and is now 3.')])
    const again = formOf(late.text, 'record')
    expect([again.quantity, again.units]).toEqual(['3', '2'])
    expect((await t.clerk.post(of, { ...again, units: '1', quantity: '1' })).status).toBe(303)
  })

  it('001-330: a service that was billed is not taken off or made another; it gets a disconnect date, its last day', async () => {
    const add = (serviceId: string, connectDate: string) =>
      t.clerk.post('/panel/100.01/services', { ...BLANK, serviceId, connectDate })
    const [ids] = await t.town.db.execute<{ sewer: number; trash: number }>(
      sql`with made as (insert into service (code, name, kind, sort) values ('SX', 'Sewer X', 'flat', 90), ('TX', 'Trash X', 'flat', 91) returning id, code)
        select (select id from made where code = 'SX') as sewer, (select id from made where code = 'TX') as trash`,
    )
    expect((await add(String(ids?.sewer), '11/01/2026')).status).toBe(303)
    const at = '/panel/100.01/services/WA'
    await aCharge(t.town.db, '100.01', '2026-11-15', { WA: '5.00' })
    const page = (await t.clerk.get(at)).text
    expect(page).not.toContain(`action="${at}/delete"`)
    expect((await t.clerk.get('/panel/100.01/services/SX')).text).toContain('services/SX/delete"')
    for (const refused of [
      await t.clerk.post(`${at}/delete`),
      await t.clerk.post(at, { ...formOf(page, 'record'), serviceId: String(ids?.trash) }),
    ]) {
      expect(refused.status).toBe(422)
      expect(words(refused.text)).toContain('WA was billed to this account, so it stays.')
    }
    const grid = async () => words((await t.clerk.get(PATH)).text)
    for (const [disconnectDate, stat] of [
      ['11/20/2026', 'On'],
      ['11/19/2026', 'Off'],
      ['', 'On'],
    ] as const) {
      const form = formOf((await t.clerk.get(at)).text, 'record')
      expect((await t.clerk.post(at, { ...form, disconnectDate })).status).toBe(303)
      expect(await grid()).toMatch(new RegExp(`WA Water (\\S+ )?${stat} `))
    }
    expect((await t.clerk.post('/panel/100.01/services/SX/delete')).status).toBe(303)
    expect(await grid()).not.toContain('Sewer X')
  })

  it('001-308: Deposits says when none is held', async () => {
    expect(words((await t.clerk.get(`${PATH}/deposits`)).text)).toContain(
      'No deposit is held for this location, its customer or the account.',
    )
  })

  it('001-309 001-310 001-311 001-314: Location Codes', async () => {
    await t.administrator.post('/organization/user-defined-codes/new', {
      code: 'ZONE',
      name: 'Pressure zone',
      holder: 'location',
    })
    await t.administrator.post('/organization/user-defined-code-values/new', {
      code: 'Z1',
      name: 'Zone 1',
      codeCaptionId: 'ZONE',
    })
    expect(words((await t.clerk.get(`${PATH}/codes`)).text)).toContain('The location has no user defined codes.')
    const [value] = await t.town.db.execute<{ id: number }>(sql`select id from code_value`)
    await t.clerk.post(`${PATH}/codes`, { caption: 'ZONE Pressure zone', codeValueId: String(value?.id) })
    const page = await t.clerk.get(`${PATH}/codes`)
    expect(words(page.text)).toContain('Pressure zone Zone 1 Edit UDC')
    expect(page.text).toMatch(/Location Codes <b>1<\/b>/)
    const [code] = await t.town.db.execute<{ id: number }>(sql`select id from assigned_code`)
    expect((await t.clerk.get(`${PATH}/codes/${code?.id}`)).text).toMatch(/<select id="f-caption"[^>]* disabled/)
  })

  it('001-292 001-315 001-316 001-317 001-318 001-319: permits, which stay when the occupant changes', async () => {
    expect(words((await t.clerk.get(`${PATH}/permits`)).text)).toContain('This location has no permits.')
    expect((await t.clerk.post(`${PATH}/permits`, { number: 'B-77', description: 'Backflow' })).headers.location).toBe(
      `${PATH}/permits`,
    )
    const page = await t.clerk.get(`${PATH}/permits`)
    expect(words(page.text)).toContain('B-77 Backflow Edit')
    expect(page.text).toMatch(/Location Permits <b>1<\/b>/)
    const twice = await t.clerk.post(`${PATH}/permits`, { number: 'B-77', description: '' })
    expect(words(twice.text)).toContain('The location has a permit of this number already.')
    await t.town.db.execute(sql`update account set activity_status = 'Final' where number = '100.01'`)
    await t.town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status)
      select '200.02', (select customer_id from account where number = '200.01'), location_id, account_status_id, 'Current' from account where number = '100.01'`)
    expect(words((await t.clerk.get('/panel/200.02/location/permits')).text)).toContain('B-77')
    const [row] = await t.town.db.execute<{ id: number }>(sql`select id from permit`)
    expect((await deleted(t.clerk, `${PATH}/permits/${row?.id}`)).status).toBe(303)
  })
})
