import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser
let administrator: Browser
let viewer: Browser

const page = '/panel/100.01/owner'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  await anAccount(town.db, {
    number: '100.01',
    name: 'Dale Whitcomb',
    location: { serviceAddress: '318 N Tamarack St' },
  })
  await anAccount(town.db, { number: '200.01', name: 'Harlow Rentals LLC', customer: { kind: 'profit' } })
  await aCharge(town.db, '200.01', '2026-02-10', { WA: '12.00' })
  const app = appFor(town, { today: '2026-03-15' })
  clerk = await signedIn(town, 'clerk', app)
  administrator = await signedIn(town, 'administrator', app)
  viewer = await signedIn(town, 'viewer', app)
})
afterAll(() => town.drop())

const rental = (on: boolean) =>
  town.db.execute(sql`update location set rental = ${on ? sql`true` : sql`false`} where number = 'L100.01'`)
const owner = async () =>
  (
    await one<{ number: string | null }>(
      town.db,
      sql`select (select number from customer where id = owner_customer_id) as number from location where number = 'L100.01'`,
    )
  )?.number
const choose = async (customer: string, who = clerk) => {
  const html = (await who.get(`${page}/choose?q=${customer || 'x'}`)).text
  return who.post(`${page}/choose`, { customer, version: /name="version" value="(\d+)"/.exec(html)?.[1] })
}

describe('Owner', () => {
  it('001-333: is there only for a rental, and asks for the owner', async () => {
    expect((await clerk.get('/panel/100.01')).text).not.toContain('href="/panel/100.01/owner"')
    expect((await clerk.get(page)).status).toBe(404)
    expect((await clerk.get(`${page}/choose`)).status).toBe(404)
    await rental(true)
    expect((await clerk.get('/panel/100.01')).text).toContain('href="/panel/100.01/owner"')
    expect(words((await clerk.get(page)).text)).toContain('This is a rental; its owner is not on file yet.')
    expect((await viewer.get(page)).text).not.toContain('/owner/choose')
    expect((await viewer.get(`${page}/choose`)).status).toBe(403)
  })

  it('001-333: the owner is chosen of the customers, beside the occupant, and kept while Rental is off', async () => {
    expect(words((await clerk.get(`${page}/choose?q=harlow`)).text)).toContain('200 Harlow Rentals LLC')
    expect((await choose('4711')).status).toBe(422)
    expect((await choose('200')).headers.location).toBe(page)
    expect(await owner()).toBe('200')
    const html = (await clerk.get(page)).text
    expect(words(html)).toContain('Owner ID')
    expect(formOf(html, 'person')).toMatchObject({ name: 'Harlow Rentals LLC', kind: 'profit' })
    expect(formOf((await clerk.get('/panel/100.01')).text, 'person')).toMatchObject({ name: 'Dale Whitcomb' })
    await rental(false)
    expect((await clerk.get(page)).status).toBe(404)
    await rental(true)
    expect(words((await clerk.get(page)).text)).toContain('Customer 200')
  })

  it('001-334: has the features of the Customer tab: Customer ID, Address, phones, Message Center', async () => {
    const html = (await clerk.get(page)).text
    const text = words(html)
    for (const part of [
      'Business Name',
      'Disallowed Pay Methods',
      'Other addresses',
      'Add phone',
      'Message Center',
      'Deposits holding',
    ])
      expect(text).toContain(part)
    expect(text).toContain('Customer balance, all locations 12.00 Location balance, all residents 0.00')
    expect(html).not.toContain('name="accountStatusId"')
    expect(html).toContain(
      `<nav class="subtabs" aria-label="Personal information"><a href="${page}" aria-current="page">`,
    )
    const saved = await clerk.post(page, { ...formOf(html, 'person'), businessName: 'Harlow Homes', city: 'Ashford' })
    expect([saved.status, saved.headers.location]).toEqual([303, page])
    expect(await one(town.db, sql`select city from customer where number = '200'`)).toEqual({ city: 'Ashford' })
    const type = await one<{ id: number }>(town.db, sql`select id from phone_type where code = 'work'`)
    const phone = await clerk.post(`${page}/phones`, { phoneTypeId: String(type?.id), number: '555-0100' })
    expect(phone.headers.location).toBe(page)
    expect(words((await clerk.get(page)).text)).toContain('555-0100 Work, primary')
    expect(await one(town.db, sql`select phone from customer where number = '100'`)).toEqual({ phone: null })
  })

  it('001-333: a new owner is added there, or none is on file any more', async () => {
    const opened = formOf((await clerk.get(`${page}/new`)).text, 'record')
    expect(words((await clerk.post(`${page}/new`, { ...opened, name: '' })).text)).toContain('Name is needed.')
    expect((await clerk.post(`${page}/new`, { ...opened, name: 'New Owner' })).headers.location).toBe(page)
    expect(await owner()).toBe(opened.number)
    expect((await choose('')).status).toBe(303)
    expect(await owner()).toBeNull()
  })

  it('a private owner is not shown to a clerk, who cannot replace them', async () => {
    await town.db.execute(sql`insert into customer (number, name, public) values ('900', 'Hidden Owner', false)`)
    expect((await choose('900')).status).toBe(422)
    expect((await choose('900', administrator)).status).toBe(303)
    const text = words((await clerk.get(page)).text)
    expect(text).toContain('The owner of this property is not shown.')
    expect(text).not.toContain('Hidden Owner')
    expect((await clerk.get(`${page}/choose`)).status).toBe(404)
    expect((await clerk.post(page, {})).status).toBe(404)
    expect((await clerk.post(`${page}/phones`, {})).status).toBe(404)
    expect(words((await administrator.get(page)).text)).toContain('Customer 900')
    for (const [path, id] of [
      ['/locations/L100.01', 'record'],
      ['/panel/100.01/location', 'place'],
    ] as const) {
      const form = formOf((await clerk.get(path)).text, id)
      expect([path, form.owner]).toEqual([path, 'not shown'])
      for (const typed of ['200', '']) {
        const refused = await clerk.post(path, { ...form, owner: typed })
        expect([path, typed, refused.status]).toEqual([path, typed, 422])
        expect(words(refused.text)).toContain('The owner is not shown to you and stays.')
      }
      expect((await clerk.post(path, { ...form, description: path })).status).toBe(303)
      expect(await owner()).toBe('900')
    }
  })

  it('a private landlord is not replaced or dropped at Landlords by somebody who does not see them', async () => {
    const at = '/landlords/L100.01'
    const form = formOf((await clerk.get(at)).text, 'property')
    expect(form).toMatchObject({ landlord: 'not shown', rental: 'on' })
    for (const typed of ['200', '']) {
      const refused = await clerk.post(at, { ...form, landlord: typed })
      expect([typed, refused.status]).toEqual([typed, 422])
      expect(words(refused.text)).toContain('The landlord is not shown to you and stays.')
    }
    const { rental: _on, ...off } = form
    expect((await clerk.post(at, off)).status).toBe(303)
    expect(await owner()).toBe('900')
    const again = formOf((await clerk.get(at)).text, 'property')
    expect((await clerk.post(at, { ...again, rental: 'on' })).status).toBe(303)
    expect(await owner()).toBe('900')
    const seen = formOf((await administrator.get(at)).text, 'property')
    expect((await administrator.post(at, { ...seen, landlord: '200' })).status).toBe(303)
    expect(await owner()).toBe('200')
  })

  it('the words that stand for a private owner name nobody where there is none', async () => {
    await town.db.execute(sql`update location set owner_customer_id = null where number = 'L100.01'`)
    const form = formOf((await clerk.get('/landlords/L100.01')).text, 'property')
    const typed = await clerk.post('/landlords/L100.01', { ...form, rental: 'on', landlord: 'not shown' })
    expect(words(typed.text)).toContain('There is no customer not shown.')
  })

  it('two clerks: who chose first is not overwritten', async () => {
    await town.db.execute(sql`update location set owner_customer_id = null where number = 'L100.01'`)
    const version = /name="version" value="(\d+)"/.exec((await clerk.get(`${page}/choose`)).text)?.[1]
    expect((await choose('200')).status).toBe(303)
    expect((await administrator.post(`${page}/choose`, { customer: '100', version })).status).toBe(409)
    expect(await owner()).toBe('200')
  })
})
