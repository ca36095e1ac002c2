import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser
let administrator: Browser

const PLACE = { city: 'Millbrook', state: 'IA', zip: '52310' }

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  const at = (number: string, serviceAddress: string) => ({ number, serviceAddress, ...PLACE })
  await anAccount(town.db, { number: '1068.01', name: 'Joel Dietz', location: at('7101', '142 Lake St') })
  await anAccount(town.db, { number: '11068.01', name: 'Ann Lee', location: at('7102', '4 Mill Rd') })
  await anAccount(town.db, { number: '1070.01', name: 'Cora Bell', location: at('1068', '9 Oak Ave') })
  await anAccount(town.db, {
    number: '500.01',
    name: 'Hidden Person',
    customer: { public: false, addressLine2: 'Quiet Rear' },
    location: at('7105', '1 Quiet Ln'),
  })
  const { db } = town
  await db.execute(sql`insert into customer_address (customer_id, address_line_1, city)
    select id, x, 'Tampa' from customer, (values ('1070', '77 Palm Blvd'), ('500', '78 Secret Blvd')) v(n, x) where number = n`)
  await db.execute(sql`update customer set address_line_2 = 'Garden Flat' where number = '11068'`)
  await db.execute(sql`insert into customer (number, name, public, address_line_1) values
    ('8001', 'Harlow Rentals LLC', true, '60 Dock St'), ('8002', 'Veiled Owner', false, '61 Dock St')`)
  await db.execute(
    sql`insert into location (number, service_address) values ('7001', '30 Empty Lot'), ('7002', '31 Empty Lot')`,
  )
  const app = appFor(town, { today: '2026-03-15' })
  clerk = await signedIn(town, 'clerk', app)
  administrator = await signedIn(town, 'administrator', app)
})
afterAll(() => town.drop())

const find = (q: string, as = '', who = clerk) =>
  who.get(`/panel?${as === '' ? '' : `as=${as}&`}q=${encodeURIComponent(q)}`)
const opened = async (q: string, as = '') => (await find(q, as)).headers.location

describe('what callers say', () => {
  it.each([
    ['142 Lake St, Millbrook', '1068.01'],
    ['142 Lake St Millbrook IA 52310', '1068.01'],
    ['Dietz, Joel', '1068.01'],
    ['garden flat', '11068.01'],
    ['77 Palm', '1070.01'],
    ['Palm, Tampa', '1070.01'],
  ])('%s opens the only account that has it', async (q, account) => {
    expect(await opened(q)).toBe(`/panel/${account}`)
  })

  it('the town and its zip count only where nothing is found without them', async () => {
    expect(await opened('mill')).toBe('/panel/11068.01')
    expect(words((await find('52310')).text)).toContain('3 found')
  })

  it('001-005 001-043: a whole customer number opens its account, a whole location number its location', async () => {
    expect(await opened('1068', 'customer')).toBe('/panel/1068.01')
    expect(await opened('1068', 'location')).toBe('/panel/1070.01')
    expect(words((await find('1068')).text)).toContain('3 found')
    expect((await find('1068', '', clerk)).status).toBe(200)
    expect((await clerk.get('/panel/1068.01')).text).toContain('<input type="hidden" name="as" value="customer">')
  })

  it('001-043: customers and locations without an account are found, and the only one opens', async () => {
    expect(await opened('7001', 'location')).toBe('/locations/7001')
    expect(await opened('7001')).toBe('/locations/7001')
    expect(await opened('8001')).toBe('/customers/8001')
    expect(await opened('harlow')).toBe('/customers/8001')
    const list = (await find('empty lot')).text
    expect(list).toContain('href="/locations/7001"')
    expect(list).toContain('href="/locations/7002"')
    expect(words(list)).toContain('2 without an account')
    const live = await clerk.get('/customers/inquiry?live=yes&q=8001')
    expect([live.status, live.text]).toEqual([200, expect.stringContaining('href="/customers/8001"')])
  })

  it('private customers stay unfound, by their further addresses as well', async () => {
    for (const q of ['secret blvd', 'quiet rear', 'veiled', '8002', '61 dock', 'hidden person']) {
      const { text, headers } = await find(q)
      expect([q, headers.location]).toEqual([q, undefined])
      expect([q, /500\.01|customers\/8002/.test(text)]).toEqual([q, false])
    }
    expect((await find('secret blvd', '', administrator)).headers.location).toBe('/panel/500.01')
    expect((await find('8002', '', administrator)).headers.location).toBe('/customers/8002')
  })
})
