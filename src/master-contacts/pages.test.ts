import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { masterOfCustomer } from './service.ts'

let town: TestTown
let clerk: Browser
let second: Browser
let viewer: Browser
let administrator: Browser

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  const dale = {
    phone: '208-555-0142',
    email: 'dale@example.org',
    addressLine1: '9 Palm Ave',
    city: 'Ashford',
    state: 'ID',
    zip: '83000',
  }
  await anAccount(town.db, { number: '100.01', name: 'Dale R. Whitcomb', customer: dale })
  await anAccount(town.db, { number: '200.01', name: 'WHITCOMB, DALE', customer: { phone: '(208) 555-0142' } })
  await anAccount(town.db, { number: '250.01', name: 'Ann Birch' })
  await anAccount(town.db, { number: '300.01', name: 'Dale Whitcomb', customer: { public: false } })
  await town.db.execute(
    sql`update location set rental = true, owner_customer_id = (select id from customer where number = '100') where number = 'L250.01'`,
  )
  await town.db.execute(sql`insert into contact (number, customer_id, contact_type_id, first_name, last_name)
    select 'K1', c.id, k.id, 'Dale', 'Whitcomb' from customer c, contact_type k where c.number = '250' and k.code = 'landlord'`)
  const app = appFor(town, { today: '2026-03-15' })
  clerk = await signedIn(town, 'clerk', app)
  second = await signedIn(town, 'clerk', app)
  viewer = await signedIn(town, 'viewer', app)
  administrator = await signedIn(town, 'administrator', app)
})
afterAll(() => town.drop())

const page = (number: string) => `/master-contacts/${number}`
const masterOf = async (customer: string) =>
  (
    await one<{ number: string | null }>(
      town.db,
      sql`select m.number from customer c left join master_contact m on m.id = c.master_contact_id where c.number = ${customer}`,
    )
  )?.number
const masterOfContact = async () =>
  (
    await one<{ number: string }>(
      town.db,
      sql`select m.number from contact o join master_contact m on m.id = o.master_contact_id where o.number = 'K1'`,
    )
  )?.number
const add = (name: string, who = clerk, more: object = {}) =>
  who.post('/master-contacts', { number: name, name, ...more })

describe('Customers > Master Contacts', () => {
  it('003-028: stores name, address, telephone and e-mail address', async () => {
    expect(words((await clerk.get('/master-contacts')).text)).toContain('There are no master contacts yet.')
    const blank = formOf((await clerk.get('/master-contacts/new')).text, 'record')
    expect(blank.number).toBe('1001')
    const typed = {
      name: 'Dale Whitcomb',
      addressLine1: '9 Palm Avenue',
      city: 'Ashford',
      phone: '208 555 0142',
      email: 'dale@example.org',
    }
    expect((await clerk.post('/master-contacts', { ...blank, ...typed })).headers.location).toBe(page('1001'))
    expect(formOf((await clerk.get(page('1001'))).text, 'record')).toMatchObject(typed)
    expect(words((await add('1001')).text)).toContain('This number is taken.')
    expect((await viewer.post('/master-contacts', typed)).status).toBe(403)
    const [mine, theirs] = [
      formOf((await clerk.get(page('1001'))).text, 'record'),
      formOf((await second.get(page('1001'))).text, 'record'),
    ]
    await second.post(page('1001'), { ...theirs, city: 'Marlow' })
    const told = await clerk.post(page('1001'), { ...mine, zip: '83000' })
    expect([told.status, words(told.text).includes('City was Ashford and is now Marlow')]).toEqual([409, true])
  })

  it('003-031: suggests what may be the same, with its reasons, and assigns it', async () => {
    const text = words((await clerk.get(page('1001'))).text)
    expect(text).toMatch(
      /100 Dale R\. Whitcomb customer same name, same phone number, same e-mail address, same address 135/,
    )
    expect(text).toMatch(/200 WHITCOMB, DALE customer same name, same phone number 80/)
    expect(text).toMatch(/K1 Dale Whitcomb contact same name 50/)
    expect(text).not.toMatch(/300 |Ann Birch/)
    for (const record of ['customer:100', 'contact:K1'])
      expect((await clerk.post(`${page('1001')}/records`, { record })).status).toBe(303)
    expect([await masterOf('100'), await masterOfContact()]).toEqual(['1001', '1001'])
    expect((await clerk.post(`${page('1001')}/records`, { record: 'customer:300' })).status).toBe(404)
    expect((await clerk.post(`${page('1001')}/records`, { record: 'owner:100' })).status).toBe(400)
  })

  it('003-029 003-030 003-032 003-033 003-034: the list shows the name, the related records and where each is kept', async () => {
    const html = (await clerk.get('/master-contacts')).text
    expect(words(html)).toContain('Number Master Contact Name Related records Where they are kept')
    expect(words(html)).toMatch(
      /1001 Dale Whitcomb 100 Dale R\. Whitcomb L250\.01 Dale R\. Whitcomb K1 Dale Whitcomb Customers Locations, owner of 12 Canal St Contacts of Ann Birch/,
    )
    for (const href of ['/customers/100', '/locations/L250.01', '/panel/250.01/contacts?contact='])
      expect(html).toContain(`href="${href}`)
    expect((await clerk.get('/master-contacts?q=palm')).text).toContain(page('1001'))
    expect(words((await clerk.get('/master-contacts?q=nobody')).text)).toContain('No master contact matches.')
  })

  it('003-035 003-036 003-037: a customer’s master contact is searched, added, or left blank', async () => {
    const choose = '/panel/200.01/customer/master-contact'
    const found = await clerk.get(`${choose}?q=whitcomb`)
    expect(found.text).toMatch(/name="master" value="1001">Choose/)
    expect((await clerk.post(choose, { master: '1001' })).headers.location).toBe('/panel/200.01/customer')
    expect(await masterOf('200')).toBe('1001')
    expect(words((await clerk.get(choose)).text)).toContain('now 1001 Dale Whitcomb')
    await clerk.post(choose, { master: '' })
    expect(await masterOf('200')).toBeNull()
    const made = await clerk.post(choose, { add: 'yes' })
    expect(made.headers.location).toBe(page('1002'))
    expect(await masterOf('200')).toBe('1002')
    const late = await clerk.post(`${page('1001')}/records`, { record: 'customer:200', remove: 'yes' })
    expect([late.status, await masterOf('200')]).toEqual([409, '1002'])
    expect(await one(town.db, sql`select name, phone from master_contact where number = '1002'`)).toEqual({
      name: 'WHITCOMB, DALE',
      phone: '(208) 555-0142',
    })
    expect((await clerk.get('/panel/300.01/customer/master-contact')).status).toBe(404)
    expect((await viewer.get(choose)).status).toBe(403)
    const off = await clerk.post(`${page('1002')}/records`, { record: 'customer:200', remove: 'yes' })
    expect([off.status, await masterOf('200')]).toEqual([303, null])
    await clerk.post(`${page('1002')}/records`, { customer: '200' })
    expect(await masterOf('200')).toBe('1002')
  })

  it('merges two, says who, when and what moved, and takes it back where the records still are', async () => {
    expect(words((await clerk.get(page('1001'))).text)).toMatch(/1002 WHITCOMB, DALE master contact/)
    expect((await clerk.get(`${page('1001')}/merge`)).text).toMatch(/name="other" value="1002">Merge/)
    expect((await clerk.post(`${page('1001')}/merge`, { other: '1001' })).status).toBe(422)
    expect((await clerk.post(`${page('1002')}/merge`, { other: '1001' })).status).toBe(303)
    expect([await masterOf('100'), await masterOf('200'), await masterOfContact()]).toEqual(['1002', '1002', '1002'])
    const text = words((await clerk.get(page('1002'))).text)
    expect(text).toContain(`1001 Dale Whitcomb`)
    expect(text).toContain(clerk.user.name)
    expect(text).toContain('customer 100 Dale R. Whitcomb, contact Dale Whitcomb')
    expect((await clerk.get('/master-contacts')).text).not.toContain(`href="${page('1001')}"`)
    expect(words((await clerk.get(page('1001'))).text)).toContain('This one went into 1002')
    expect((await clerk.post(`${page('1001')}/records`, { record: 'customer:250' })).status).toBe(422)
    await clerk.post(`${page('1002')}/records`, { record: 'contact:K1', remove: 'yes' })
    expect((await clerk.post(`${page('1002')}/undo`, { other: '1001' })).status).toBe(303)
    expect([await masterOf('100'), await masterOf('200'), await masterOfContact()]).toEqual(['1001', '1002', undefined])
    expect((await clerk.post(`${page('1002')}/undo`, { other: '1001' })).status).toBe(404)
    const trail = await rows<{ action: string; actor: number }>(
      town.db,
      sql`select action, actor from audit where subject = 'master_merge' order by id`,
    )
    expect(trail).toEqual([
      { action: 'add', actor: clerk.user.id },
      { action: 'delete', actor: clerk.user.id },
    ])
  })

  it('does not show private customers, nor a master contact that has only such', async () => {
    await add('P1', administrator, { name: 'Only Private' })
    await administrator.post(`${page('P1')}/records`, { record: 'customer:300' })
    expect((await administrator.get(page('P1'))).text).toContain('300 Dale Whitcomb')
    expect((await clerk.get(page('P1'))).status).toBe(404)
    expect((await clerk.get('/master-contacts')).text).not.toContain('Only Private')
    expect(
      await rows(
        town.databases.app,
        sql`select from audit where subject = 'master_contact' and new->>'name' = 'Only Private'`,
      ),
    ).toEqual([])
    await administrator.post(`${page('P1')}/records`, { record: 'customer:250' })
    const text = words((await clerk.get(page('P1'))).text)
    expect(text).toContain('250 Ann Birch')
    expect(text).toContain('1 record not shown.')
    expect(text).not.toContain('300')
    expect(words((await clerk.get('/master-contacts')).text)).toContain('1 not shown')
    expect((await clerk.post(`${page('1001')}/merge`, { other: 'P1' })).status).toBe(422)
    expect((await administrator.post(`${page('1001')}/merge`, { other: 'P1' })).status).toBe(303)
    const merged = words((await clerk.get(page('1001'))).text)
    expect(merged).toContain('customer 250 Ann Birch')
    expect(merged).not.toContain('customer 300')
    // what is not shown would stay behind
    const undone = await clerk.post(`${page('1001')}/undo`, { other: 'P1' })
    expect([undone.status, words(undone.text)]).toEqual([
      422,
      expect.stringContaining('an administrator undoes the merge'),
    ])
    expect((await administrator.post(`${page('1001')}/undo`, { other: 'P1' })).status).toBe(303)
    expect(await masterOf('300')).toBe('P1')
  })

  it('stays unseen when the private record that made it leaves it, until it has one that is seen', async () => {
    const made = async () => masterOfCustomer({ db: town.db, actor: { id: 0 } as never }, '300')
    const first = await made()
    // leaves for another one, which it leaves in its turn, and is taken off the last
    const second = await made()
    const third = await made()
    await administrator.post(`${page(third)}/records`, { record: 'customer:300', remove: 'yes' })
    expect(await masterOf('300')).toBeNull()
    const found = (query: string, who: Browser) => who.get(`/master-contacts?q=${query}`)
    for (const number of [first, second, third]) {
      expect((await administrator.get(page(number))).status).toBe(200)
      expect((await clerk.get(page(number))).status).toBe(404)
    }
    expect(words((await found('whitcomb', clerk)).text)).not.toContain(first)
    const seen = sql`select from audit where subject = 'master_contact' and new->>'number' = ${first}`
    expect(await rows(town.databases.app, seen)).toEqual([])
    await administrator.post(`${page(second)}/delete`, {})
    const gone = sql`select from audit where subject = 'master_contact' and coalesce(old, new)->>'number' = ${second}`
    expect(await rows(town.databases.app, gone)).toEqual([])
    await administrator.post(`${page(first)}/records`, { record: 'customer:250' })
    expect((await clerk.get(page(first))).status).toBe(200)
    await clerk.post(`${page(first)}/records`, { record: 'customer:250', remove: 'yes' })
    expect((await clerk.get(page(first))).status).toBe(200)
  })

  it('is deleted while nothing names it', async () => {
    await add('D1')
    expect((await clerk.post(`${page('1001')}/delete`, {})).status).toBe(422)
    expect((await clerk.post(`${page('D1')}/delete`, {})).headers.location).toBe('/master-contacts')
    expect((await clerk.get(page('D1'))).status).toBe(404)
  })
})
