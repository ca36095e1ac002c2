import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFor, signedIn } from '../testing/browser.ts'
import { type Dashboard, dashboardTown } from '../testing/dashboard.ts'
import { words } from '../testing/form.ts'

let d: Dashboard
const run = (text: string) => d.run(text)
const at = (number?: string) => d.at(number)
const card = (id: string, number?: string) => d.card(id, number)

beforeAll(async () => {
  d = await dashboardTown()
})
afterAll(() => d.town.drop())

describe('Account Control Panel', () => {
  it('001-001 001-002 001-003 001-004: opens with four cards, two of which take input', async () => {
    const page = (await d.clerk.get('/panel')).text
    const heads = [...page.matchAll(/<h2 id="c\d">([^<]+)</g)].map(([, head]) => head)
    expect(heads).toEqual(['Customer', 'Current Status', 'Location', 'Service location'])
    expect(page.match(/<form class="step"/g)?.length).toBe(2)
    const open = await at()
    expect([...open.matchAll(/<h2 id="c\d">([^<]+)</g)].map(([, head]) => head)).toEqual([
      'Customer',
      'Current',
      'Location',
      'Service location',
    ])
  })

  it('001-005 001-006 001-007 001-011 001-043 001-046: an account or a location number opens both', async () => {
    expect((await d.clerk.get('/panel?q=100.01')).headers.location).toBe('/panel/100.01')
    expect((await d.clerk.get('/panel?q=whitcomb')).status).toBe(200)
    expect((await d.clerk.get('/panel?as=location&q=L20')).headers.location).toBe('/panel/200.01')
    expect((await d.clerk.get('/panel?as=location&q=L30')).headers.location).toBe('/panel/300.01')
    expect(await card('c3')).toContain('318 N Tamarack St')
  })

  it('001-008 001-009 001-010: the arrows of the customer, the first with nothing selected', async () => {
    expect((await d.clerk.get('/panel')).text).toContain('href="/panel/100.01" aria-label="First account')
    expect(await at('200.01')).toContain('href="/panel/100.02" aria-label="Previous account')
    expect(await at('200.01')).toContain('href="/panel/300.01" aria-label="Next account')
  })

  it('001-044 001-045: the arrows of the location, the very first with nothing selected; private ones are stepped over', async () => {
    expect((await d.clerk.get('/panel/first-location')).headers.location).toBe('/panel/100.01')
    expect((await d.clerk.get('/panel/200.01/next-location')).headers.location).toBe('/panel/300.01')
    expect((await d.administrator.get('/panel/200.01/next-location')).headers.location).toBe('/panel/250.01')
    expect((await d.clerk.get('/panel/200.01/previous-location')).headers.location).toBe('/panel/100.01')
    expect((await d.clerk.get('/panel/100.01/previous-location')).headers.location).toBe('/panel/100.01')
  })

  it('001-012 001-013 001-014: name and address, the kind as a picture, every icon with its words', async () => {
    await run(`update customer set address_line_1 = 'PO Box 214' where number = '100'`)
    expect(await card('c1')).toContain('Dale Whitcomb PO Box 214')
    expect(await at()).toMatch(/#person"[^>]*><\/use><\/svg><h2 id="c1"|#person"\/><\/svg><h2 id="c1"/)
    expect(await at('200.01')).toMatch(/#business"\/><\/svg><h2 id="c1"/)
  })

  it('001-051 001-052 001-053 001-054 001-055 001-056 001-057 001-058: the service location', async () => {
    const text = await card('c4')
    for (const each of ['1 Monthly', '02 Northside', 'R1 Residential', 'Single family', 'RP-08', 'Owner Dale Whitcomb'])
      expect(text).toContain(each)
  })

  it('001-302: the owner of a rental is on its card; without Rental the customer is the owner, whoever is kept', async () => {
    const owned = (by: string, rental: boolean) =>
      run(
        `update location set rental = ${rental}, owner_customer_id = (select id from customer where number = '${by}') where number = 'L10'`,
      )
    await owned('200', true)
    expect(await card('c4')).toContain('Owner Harlow Rentals LLC')
    await owned('200', false)
    expect(await card('c4')).toContain('Owner Dale Whitcomb')
    await owned('250', true)
    expect(await card('c4')).toContain('Owner not shown')
    expect(words((await d.administrator.get('/panel/100.01')).text)).toContain('Owner Hidden Person')
    await run(`update location set rental = false, owner_customer_id = null`)
  })

  it('001-031 001-032 001-034 001-035 001-036 001-037 001-038 001-039: Current Status', async () => {
    const text = await card('c2')
    expect(text).toContain('Balance Explain 95.00')
    expect(text).toContain('Past Due 0.00')
    expect(text).toMatch(/Last billed 03\/10\/2026 80\.00 Due date 03\/30\/2026 Last payment never/)
    for (const [number, status] of [
      ['100.02', 'Final'],
      ['300.01', 'Current'],
    ] as const)
      expect(await card('c2', number)).toContain(status)
    await run(`update account set activity_status = 'Waiting' where number = '300.01'`)
    expect(await card('c2', '300.01')).toContain('Waiting')
    await run(`update account set activity_status = 'Current' where number = '300.01'`)
    await d.clerk.post('/accounts/300.01/payments', { amount: '20.00', date: '03/12/2026', method: 'cash' })
  })

  it('001-059 001-060 001-061: twelve tabs, by role and by data', async () => {
    const labels = (page: string) => {
      const nav = page.slice(
        page.indexOf('<nav class="tabs"'),
        page.indexOf('</nav>', page.indexOf('<nav class="tabs"')),
      )
      return [...nav.matchAll(/<a href[^>]*>([A-Za-z ]+)/g)].map(([, label = '']) => label.trim())
    }
    const eleven = [
      'Customer',
      'Contacts',
      'Location',
      'Notes',
      'History',
      'Usage',
      'Demographics',
      'Service Orders',
      'Recurring Items',
      'Arrangements',
      'Special Conditions',
    ]
    expect(labels(await at())).toEqual(eleven)
    await run(`update location set rental = true where number = 'L10'`)
    expect(labels(await at())).toEqual([...eleven.slice(0, 3), 'Owner', ...eleven.slice(3)])
    const viewer = await signedIn(d.town, 'viewer', appFor(d.town, { today: '2026-03-15' }))
    expect((await viewer.get('/panel/100.01')).text).not.toContain('Take payment')
  })
})
