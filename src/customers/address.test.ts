import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser
let second: Browser

const page = '/panel/100.01/customer'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  await anAccount(town.db, { number: '100.01', name: 'Dale Whitcomb' })
  const app = appFor(town, { today: '2026-03-15' })
  clerk = await signedIn(town, 'clerk', app)
  second = await signedIn(town, 'clerk', app)
})
afterAll(() => town.drop())

type Changes = Record<string, string | string[] | undefined>
const form = async (changes: Changes = {}) => ({ ...formOf((await clerk.get(page)).text, 'person'), ...changes })
const text = async (url = page) => words((await clerk.get(url)).text)
const typeId = async (table: 'address_type' | 'phone_type', code: string) =>
  String((await one<{ id: number }>(town.db, sql`select id from ${sql.raw(table)} where code = ${code}`))?.id)
const primary = () =>
  one(
    town.db,
    sql`select address_line_1 as line, city, phone, mail_notices as mail, email_notices as email from customer where number = '100'`,
  )

describe('the primary mailing address, e-mail and notices', () => {
  it('001-102 001-105 to 001-112: type, Care of, Address, City, State, Zip, Country, County, Geo Code are kept', async () => {
    expect(await text()).toContain('Address type Home Mailing Temporary Work')
    const typed = {
      ...{
        addressTypeId: await typeId('address_type', 'mailing'),
        careOf: 'Ann Lee',
        addressLine1: 'PO Box 214',
        addressLine2: 'Rear',
      },
      ...{ city: 'Marlow Ferry', state: 'ID', zip: '83000', country: 'USA', county: 'Teller', geoCode: '0412' },
    }
    expect((await clerk.post(page, await form(typed))).status).toBe(303)
    expect(formOf((await clerk.get(page)).text, 'person')).toMatchObject(typed)
    expect(await text()).toContain('PO Box 214, Rear, Marlow Ferry ID 83000')
  })

  it('001-107 001-108 001-110 001-111: City, State, Country and County are typed, or picked of what is in use', async () => {
    for (const [of, value] of [
      ['city', 'Marlow Ferry'],
      ['state', 'ID'],
      ['country', 'USA'],
      ['county', 'Teller'],
    ]) {
      expect((await clerk.get(page)).text).toContain(`list="f-${of}-l"`)
      expect((await clerk.get(`/customers/places?of=${of}`, { 'HX-Request': 'true' })).text).toContain(
        `<option value="${value}">`,
      )
    }
    expect((await clerk.get('/customers/places?of=ssn_last4')).status).toBe(404)
  })

  it('001-103 001-104: a single address is primary and cannot be cleared', async () => {
    const html = (await clerk.get(page)).text
    expect(words(html)).toContain('Primary mailing Address Mail sent today goes to this address.')
    expect(html).not.toMatch(/<input[^>]*name="primary"/)
  })

  it('001-114 001-115: an e-mail address has an envelope that opens an addressed message', async () => {
    expect((await clerk.get(page)).text).not.toContain('mailto:')
    expect((await clerk.post(page, await form({ email: 'not an address' }))).status).toBe(422)
    await clerk.post(page, await form({ email: 'dale+water@example.com' }))
    expect((await clerk.get(page)).text).toContain('href="mailto:dale%2Bwater@example.com" aria-label="Write e-mail"')
  })

  it('001-116 001-117 001-118: mail and e-mail notices; e-mail only with an e-mail address', async () => {
    await clerk.post(page, await form({ emailNotices: 'on', mailNotices: undefined }))
    expect(await primary()).toMatchObject({ mail: false, email: true })
    const refused = await clerk.post(page, await form({ email: '' }))
    expect(refused.status).toBe(422)
    expect(words(refused.text)).toContain('Email notices need an e-mail address.')
    expect((await clerk.post(page, await form({ email: '', emailNotices: undefined, mailNotices: 'on' }))).status).toBe(
      303,
    )
    expect((await clerk.get(page)).text).not.toContain('mailto:')
  })
})

describe('further addresses', () => {
  const base = `${page}/addresses`
  const idOf = async (line: string) =>
    (await one<{ id: number }>(town.db, sql`select id from customer_address where address_line_1 = ${line}`))?.id

  it('001-101: a seasonal address takes the primary one’s place in its part of the year', async () => {
    const winter = {
      addressTypeId: await typeId('address_type', 'temporary'),
      addressLine1: '9 Palm Ave',
      city: 'Miami',
    }
    const half = await clerk.post(base, { ...winter, mailFrom: '11/15' })
    expect([half.status, words(half.text)]).toEqual([
      422,
      expect.stringContaining('Write both days of the season, or neither.'),
    ])
    expect(words((await clerk.post(base, { ...winter, mailFrom: '2/30', mailTo: '3/1' })).text)).toContain(
      'Write a day of the year like 11/15.',
    )
    expect((await clerk.post(base, { ...winter, mailFrom: '11/15', mailTo: '3/31' })).headers.location).toBe(page)
    expect(await text()).toContain('Mail sent today goes to the seasonal address 9 Palm Ave, Miami.')
    expect(await text()).toContain('Temporary 9 Palm Ave, Miami 11/15 to 03/31')
    const overlap = await clerk.post(base, { ...winter, addressLine1: 'X', mailFrom: '03/31', mailTo: '05/01' })
    expect(words(overlap.text)).toContain('From 11/15 to 03/31 mail goes to 9 Palm Ave.')
  })

  it('001-103: another one made primary changes places with it', async () => {
    await clerk.post(base, {
      addressTypeId: await typeId('address_type', 'work'),
      addressLine1: '1 Mill Rd',
      city: 'Ashford',
    })
    const url = `${base}/${await idOf('1 Mill Rd')}`
    const opened = formOf((await clerk.get(url)).text, 'record')
    expect(
      words((await clerk.post(url, { ...opened, primary: 'on', mailFrom: '06/01', mailTo: '07/01' })).text),
    ).toContain('has no season')
    expect((await clerk.post(url, { ...opened, primary: 'on' })).status).toBe(303)
    expect(await primary()).toMatchObject({ line: '1 Mill Rd', city: 'Ashford' })
    expect(
      await one(
        town.db,
        sql`select care_of, city, county, geo_code from customer_address where address_line_1 = 'PO Box 214'`,
      ),
    ).toEqual({
      ...{ care_of: 'Ann Lee', city: 'Marlow Ferry', county: 'Teller', geo_code: '0412' },
    })
  })

  it('two clerks: the second is told what changed', async () => {
    const url = `${base}/${await idOf('PO Box 214')}`
    const late = formOf((await second.get(url)).text, 'record')
    await clerk.post(url, { ...formOf((await clerk.get(url)).text, 'record'), zip: '83001' })
    const told = await second.post(url, { ...late, city: 'Elsewhere' })
    expect(told.status).toBe(409)
    expect(words(told.text)).toContain('Zip was 83000 and is now 83001.')
    expect((await second.post(url, formOf(told.text, 'record'))).status).toBe(303)
    expect(await one(town.db, sql`select city, zip from customer_address where address_line_1 = 'PO Box 214'`)).toEqual(
      { city: 'Elsewhere', zip: '83001' },
    )
  })

  it('is deleted after one question; the first address of a customer without one is primary', async () => {
    for (const line of ['PO Box 214', '9 Palm Ave']) {
      const url = `${base}/${await idOf(line)}/delete`
      const asked = (await clerk.get(url)).text
      expect(words(asked)).toContain(`Delete the address ${line}?`)
      const version = /name="version" value="(\d+)"/.exec(asked)?.[1]
      expect((await clerk.post(url, { version })).status).toBe(303)
    }
    expect(await rows(town.db, sql`select 1 from customer_address`)).toEqual([])
    await town.db.execute(sql`update customer set address_line_1 = null where number = '100'`)
    expect((await clerk.get(`${base}/new`)).text).toMatch(/name="primary"[^>]* checked disabled/)
    await clerk.post(base, { addressTypeId: await typeId('address_type', 'home'), addressLine1: '2 New Rd' })
    expect(await primary()).toMatchObject({ line: '2 New Rd' })
  })
})

describe('Phone No.', () => {
  const base = `${page}/phones`
  const list = async () => (await text()).split('Phone No.')[1]?.split('Add phone')[0]
  const send = async (url: string, changes: Changes) =>
    clerk.post(url, { ...formOf((await clerk.get(url)).text, 'record'), ...changes })

  it('001-120 001-121 001-122 001-124: Setup Phone No. adds a number of a type; a single number is primary', async () => {
    const [home, work] = [await typeId('phone_type', 'home'), await typeId('phone_type', 'work')]
    expect(await text(`${base}/new`)).toContain('Setup Phone No.')
    expect((await clerk.get(`${base}/new`)).text).toMatch(/name="primary"[^>]* checked disabled/)
    expect((await clerk.post(base, { phoneTypeId: home, number: '' })).status).toBe(422)
    expect((await clerk.post(base, { phoneTypeId: home, number: '208-555-0142' })).headers.location).toBe(page)
    expect(await primary()).toMatchObject({ phone: '208-555-0142' })
    await clerk.post(base, { phoneTypeId: work, number: '208-555-0178' })
    expect(await list()).toMatch(/208-555-0142 Home, primary 208-555-0178 Work/)
    expect((await clerk.get(`${base}/primary`)).text).toMatch(/name="primary"[^>]* checked disabled/)
  })

  it('001-123 001-125: the one that becomes primary is listed first, and is found by', async () => {
    const other = await one<{ id: number }>(town.db, sql`select id from customer_phone`)
    expect((await send(`${base}/${other?.id}`, { primary: 'on' })).status).toBe(303)
    expect(await list()).toMatch(/208-555-0178 Work, primary 208-555-0142 Home/)
    expect((await send(`${base}/primary`, { number: '208-555-0199' })).status).toBe(303)
    expect(await list()).toMatch(/208-555-0199 Work, primary 208-555-0142 Home/)
    expect((await clerk.get('/panel?q=5550142')).headers.location).toBe('/panel/100.01')
  })

  it('001-121: Delete asks once; the next number becomes primary', async () => {
    const asked = (await clerk.get(`${base}/primary/delete`)).text
    expect(words(asked)).toContain('Delete the phone number 208-555-0199?')
    const version = /name="version" value="(\d+)"/.exec(asked)?.[1]
    expect((await clerk.post(`${base}/primary/delete`, { version: '1' })).status).toBe(409)
    expect((await clerk.post(`${base}/primary/delete`, { version })).status).toBe(303)
    expect(await list()).toMatch(/208-555-0142 Home, primary/)
    expect(await rows(town.db, sql`select 1 from customer_phone`)).toEqual([])
  })

  it('a customer without an account has the same pages; nothing of a private one is there for a clerk', async () => {
    await town.db.execute(
      sql`insert into customer (number, name, public) values ('500', 'Own Er', true), ('600', 'Hid Den', false)`,
    )
    const home = await typeId('phone_type', 'home')
    expect((await clerk.post('/customers/500/phones', { phoneTypeId: home, number: '1' })).headers.location).toBe(
      '/customers/500',
    )
    await clerk.post('/customers/500/addresses', {
      addressTypeId: await typeId('address_type', 'home'),
      addressLine1: '5 Mill Rd',
    })
    expect(await text('/customers/500')).toContain('Mail sent today goes to 5 Mill Rd.')
    expect((await clerk.post('/customers/600/phones', { phoneTypeId: home, number: '1' })).status).toBe(404)
    await town.db.execute(
      sql`insert into customer_phone (customer_id, number) select id, '9' from customer where number = '600'`,
    )
    await town.db.execute(
      sql`insert into customer_address (customer_id, address_line_1) select id, 'Hidden' from customer where number = '600'`,
    )
    for (const table of ['customer_phone', 'customer_address'])
      expect(
        await rows(
          town.app,
          sql`select 1 from ${sql.raw(table)} x join customer c on c.id = x.customer_id where c.number = '600'`,
        ),
      ).toEqual([])
    expect(await rows(town.app, sql`select 1 from customer_phone where number = '9'`)).toEqual([])
  })
})
