import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf } from '../testing/form.ts'

let town: TestTown
let clerk: Browser
let administrator: Browser
let viewer: Browser

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const typedIn = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ??
  new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(html)?.[1]

const unescaped = (text = '') => text.replaceAll('&#34;', '"').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db)
  await anAccount(town.db, { number: '1041.01', name: 'Mary Holt' })
  const app = appFor(town, { today: '2011-05-02' })
  clerk = await signedIn(town, 'clerk', app)
  administrator = await signedIn(town, 'administrator', app)
  viewer = await signedIn(town, 'viewer', app)
})
afterAll(() => town.drop())

const person = { kind: 'individual', active: 'on', mailNotices: 'on' }

describe('customers', () => {
  it('proposes the next number, adds a customer, and lists it by number', async () => {
    const form = await clerk.get('/customers/new')
    expect(typedIn(form.text, 'number')).toBe('1042')
    const added = await clerk.post('/customers', {
      ...person,
      number: '1042',
      name: 'Jane Q. Example',
      phone: '555-0101',
    })
    expect([added.status, added.headers.location]).toEqual([303, '/customers/1042'])
    await clerk.post('/customers', { ...person, number: '99', name: 'Ben Ames' })
    const list = words((await clerk.get('/customers')).text)
    expect(list.indexOf('99 Ben Ames')).toBeLessThan(list.indexOf('1041 Mary Holt'))
    expect(words((await clerk.get('/customers?q=0101', { 'HX-Request': 'true' })).text)).toMatch(/^ ?1 customer/)
  })

  it('says what is wrong beside the field: a number that is taken, no name, an unknown field', async () => {
    const taken = await clerk.post('/customers', { ...person, number: '1041', name: 'Another' })
    expect(taken.status).toBe(422)
    expect(words(taken.text)).toContain('This customer number is taken.')
    const nameless = await clerk.post('/customers', { ...person, number: '1050', name: ' ' })
    expect(words(nameless.text)).toContain('Name on bills Name is needed.')
    expect((await clerk.post('/customers', { ...person, number: '1050', name: 'X', version2: '1' })).status).toBe(400)
  })

  it('is changed by one at a time: the second is told by whom', async () => {
    const form = (await clerk.get('/customers/1042')).text
    const version = typedIn(form, 'version')
    const change = { ...person, number: '1042', version }
    expect(
      (await administrator.post('/customers/1042', { ...change, name: 'Jane Example', public: 'on' })).status,
    ).toBe(303)
    const late = await clerk.post('/customers/1042', { ...change, name: 'Jane Late' })
    expect(late.status).toBe(409)
    expect(words(late.text)).toContain(`changed meanwhile by ${administrator.user.name}`)
    const told = await clerk.post('/customers/1042', {
      ...change,
      seen: unescaped(typedIn(form, 'seen')),
      name: 'Jane Late',
    })
    expect(told.status).toBe(409)
    expect(words(told.text)).toContain(`${administrator.user.name} changed this while you had it open`)
    expect(words(told.text)).toContain(
      'Name on bills was Jane Q. Example and is now Jane Example; you typed Jane Late.',
    )
    expect(typedIn(told.text, 'version')).toBe('2')
    expect((await one<{ name: string }>(town.db, sql`select name from customer where number = '1042'`))?.name).toBe(
      'Jane Example',
    )
  })

  it('an ordinary user neither makes nor sees a private customer', async () => {
    expect((await clerk.get('/customers/new')).text).not.toContain('name="public"')
    expect((await clerk.post('/customers', { ...person, number: '1060', name: 'X', public: 'on' })).status).toBe(400)
    await administrator.post('/customers', { ...person, number: '1061', name: 'Hidden Person' })
    expect((await administrator.get('/customers/1061')).status).toBe(200)
    expect((await clerk.get('/customers/1061')).status).toBe(404)
    expect((await clerk.get('/customers')).text).not.toContain('Hidden Person')
    expect(typedIn((await clerk.get('/customers/new')).text, 'number')).toBe('1062')
    const made = await one<{ public: boolean }>(town.db, sql`select public from customer where number = '1042'`)
    expect(made?.public).toBe(true)
  })

  it('000-053: has at most one collection code', async () => {
    await town.db.execute(
      sql`insert into collection_code (code, name) values ('BK', 'Bankruptcy'), ('WO', 'Write-off')`,
    )
    const codes = await rows<{ id: number }>(town.db, sql`select id from collection_code order by code`)
    const version = async () => typedIn((await clerk.get('/customers/1042')).text, 'version')
    const change = { ...person, number: '1042', name: 'Jane' }
    await clerk.post('/customers/1042', { ...change, version: await version(), collectionCodeId: String(codes[0]?.id) })
    await clerk.post('/customers/1042', { ...change, version: await version(), collectionCodeId: String(codes[1]?.id) })
    const kept = await rows(
      town.db,
      sql`select k.code from customer c join collection_code k on k.id = c.collection_code_id where c.number = '1042'`,
    )
    expect(kept).toEqual([{ code: 'WO' }])
  })

  it('000-065: may have several alert messages, each ended on its own, none twice', async () => {
    for (const text of ['Dog in yard', 'Gate latched', 'Dog in yard'])
      await clerk.post('/customers/1042/alerts', { text })
    const page = (await clerk.get('/customers/1042')).text
    expect(words(page).match(/Dog in yard/g)).toHaveLength(1)
    expect(words(page)).toContain('Gate latched')
    const id = /\/customers\/1042\/alerts\/(\d+)\/end/.exec(page)?.[1]
    expect((await clerk.post(`/customers/1042/alerts/${id}/end`)).status).toBe(303)
    expect(words((await clerk.get('/customers/1042')).text)).not.toContain('Dog in yard')
    expect((await clerk.post(`/customers/1042/alerts/${id}/end`)).status).toBe(404)
  })

  it('is deleted only if unused', async () => {
    expect((await clerk.post('/customers/1041/delete')).status).toBe(422)
    expect((await clerk.post('/customers/99/delete')).status).toBe(303)
    expect((await clerk.get('/customers/99')).status).toBe(404)
  })

  it('a viewer looks and does not change', async () => {
    expect((await viewer.get('/customers/1041')).text).not.toContain('Ctrl+S')
    expect((await viewer.post('/customers', { ...person, number: '7', name: 'X' })).status).toBe(403)
  })

  it('every write says who', async () => {
    const found = await rows<{ name: string }>(
      town.db,
      sql`select u.name from audit a join app_user u on u.id = a.actor where a.subject = 'customer' and a.action = 'add' and a.new->>'number' = '1042'`,
    )
    expect(found).toEqual([{ name: clerk.user.name }])
  })
})

describe('locations and accounts', () => {
  it('adds a location, and an account of a customer there with the next number', async () => {
    const added = await clerk.post('/locations', { number: '5001', serviceAddress: '9 Mill Rd', parcelNumber: '07-1' })
    expect(added.status).toBe(303)
    const form = (await clerk.get('/accounts/new?customer=1041&location=5001')).text
    expect(typedIn(form, 'number')).toBe('1041.02')
    const status = /name="accountStatusId"[\s\S]*?<option value="(\d+)" selected/.exec(form)?.[1]
    const account = {
      number: '1041.02',
      customer: '1041',
      location: '5001',
      activityStatus: 'Current',
      accountStatusId: status,
      connectDate: '05/01/2011',
    }
    expect((await clerk.post('/accounts', account)).status).toBe(303)
    const second = await clerk.post('/accounts', { ...account, number: '1042.01', customer: '1042' })
    expect(words(second.text)).toContain('a location has at most one')
    const nowhere = await clerk.post('/accounts', { ...account, number: '1042.01', customer: '4711', location: '1' })
    expect(words(nowhere.text)).toContain('There is no customer 4711.')
    expect(words(nowhere.text)).toContain('There is no location 1.')
  })

  it('edits an account and its services, and adds a note', async () => {
    const form = (await clerk.get('/accounts/1041.02/edit')).text
    expect(typedIn(form, 'customer')).toBe('1041')
    const water = await one<{ id: number }>(town.db, sql`select id from service where code = 'WA'`)
    const service = {
      serviceId: String(water?.id),
      quantity: '1',
      units: '2.5',
      frequency: 'monthly',
      connectDate: '05/01/2011',
    }
    expect((await clerk.post('/panel/1041.02/services', service)).status).toBe(303)
    expect(words((await clerk.post('/panel/1041.02/services', service)).text)).toContain(
      'The account has this service already.',
    )
    expect(words((await clerk.get('/panel/1041.02/location')).text)).toMatch(/WA Water.*05\/01\/2011/)
    const type = await one<{ id: number }>(town.db, sql`select id from note_type`)
    const note = {
      level: 'customer',
      noteTypeId: String(type?.id),
      text: 'Will pay on Friday\nSpoke with Mary',
      messageCenter: 'on',
    }
    expect((await clerk.post('/panel/1041.02/notes', note)).status).toBe(303)
    expect(words((await clerk.get('/panel/1041.01/notes')).text)).toContain('Customer General Will pay on Friday')
  })

  it('an account is corrected while nothing was posted to it, and then keeps its number, customer and location', async () => {
    await clerk.post('/locations', { number: '5002', serviceAddress: '11 Mill Rd' })
    const opened = formOf((await clerk.get('/accounts/1041.02/edit')).text, 'record')
    const save = async (number: string, typed: Record<string, string>) => {
      const form = formOf((await clerk.get(`/accounts/${number}/edit`)).text, 'record')
      return clerk.post(`/accounts/${number}`, { ...form, ...typed })
    }
    expect(opened).toMatchObject({ customer: '1041', location: '5001' })
    expect((await save('1041.02', { number: '1042.02', customer: '1042', location: '5002' })).status).toBe(303)
    expect((await save('1042.02', { number: '1041.02', customer: '1041', location: '5001' })).status).toBe(303)

    await anAccount(town.db, { number: '1043.01', name: 'Paid Once' })
    await aCharge(town.db, '1043.01', '2011-04-30', { WA: '5.00' })
    const moved = await save('1043.01', { number: '1043.09', customer: '1042', location: '5002' })
    expect(moved.status).toBe(422)
    for (const [field, sentence] of [
      ['number', 'its number stays'],
      ['customer', 'it stays with its customer'],
      ['location', 'it stays at its location'],
    ]) {
      expect(words(moved.text.split(`id="f-${field}-e"`)[1] ?? '').slice(0, 400)).toContain(sentence)
    }
    expect(formOf((await clerk.get('/accounts/1043.01/edit')).text, 'record')).toMatchObject({ customer: '1043' })
    expect((await save('1043.01', { connectDate: '04/01/2011' })).status).toBe(303)
    const hand = (set: string) => town.db.execute(sql.raw(`update account set ${set} where number = '1043.01'`))
    for (const set of [
      `number = '1043.08'`,
      `customer_id = (select id from customer where number = '1042')`,
      `location_id = (select id from location where number = '5002')`,
    ]) {
      await expect(hand(set), set).rejects.toMatchObject({ cause: { constraint_name: 'account_posted' } })
    }
  })

  it('an account is deleted only while nothing was posted to it', async () => {
    await aCharge(town.db, '1041.01', '2011-04-30', { WA: '5.00' })
    expect((await clerk.post('/accounts/1041.01/delete')).status).toBe(422)
    expect((await clerk.post('/panel/1041.02/services/WA/delete')).status).toBe(303)
    expect((await clerk.post('/accounts/1041.02/delete')).status).toBe(303)
    expect((await clerk.get('/accounts/1041.02')).status).toBe(404)
  })
})
