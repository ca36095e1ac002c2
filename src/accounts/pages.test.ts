import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { anAccount, goldenTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let clerk: Browser
let viewer: Browser

/** What a person reads: no tags, one space. */
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

beforeAll(async () => {
  town = await freshTown()
  await goldenTown(town.db)
  await anAccount(town.db, { number: '99.10', name: 'Ben Ames', location: { serviceAddress: '4 Mill Rd' } })
  await anAccount(town.db, { number: '1000.01', name: 'Cora Bell' })
  await anAccount(town.db, { number: '500.01', name: 'Hidden Person', customer: { public: false } })
  const app = appFor(town, { today: '2011-05-02' })
  clerk = await signedIn(town, 'clerk', app)
  viewer = await signedIn(town, 'viewer', app)
})
afterAll(() => town.drop())

describe('Customer Inquiry', () => {
  it('finds an account by number, name, address, phone, parcel and location, and opens the only hit', async () => {
    for (const q of ['100.01', 'holt', 'mary canal', '07-114-0012', '8015550142', '555-0142']) {
      const found = await clerk.get(`/customers/inquiry?q=${encodeURIComponent(q)}`)
      expect([q, found.status, found.headers.location]).toEqual([q, 303, '/accounts/100.01'])
    }
    const none = await clerk.get('/customers/inquiry?q=nobody')
    expect(words(none.text)).toContain('No account matches')
    expect(words((await clerk.get('/customers/inquiry?q=canal')).text)).toContain('2 found')
  })

  it('goes to the previous and the next account, digit runs as numbers, past those that are not to be seen', async () => {
    const page = await clerk.get('/accounts/100.01')
    expect(page.text).toContain('href="/accounts/99.10" aria-label="Previous account')
    expect(page.text).toContain('href="/accounts/1000.01" aria-label="Next account')
    const administrator = await signedIn(town, 'administrator', appFor(town, { today: '2011-05-02' }))
    expect((await administrator.get('/accounts/100.01')).text).toContain('Next account 500.01')
    expect((await clerk.get('/accounts/500.01')).status).toBe(404)
    expect((await administrator.get('/accounts/500.01')).status).toBe(200)
  })

  it('000-067: opens every alert message when the account is looked up, and keeps them in a strip', async () => {
    await town.db.execute(sql`insert into customer_alert (customer_id, text, since, added_by)
      select id, x, '2011-04-01', 0 from customer, unnest(array['Dog in yard', 'Leave gate latched']) x where number = '100'`)
    const opened = await clerk.get('/accounts/100.01')
    expect(opened.text).toMatch(/<dialog id="alerts"[^>]* data-open>/)
    expect(words(opened.text)).toContain('Dog in yard')
    expect(words(opened.text)).toContain('Leave gate latched')
    const tab = await clerk.get('/accounts/100.01/history', { Referer: 'http://127.0.0.1/accounts/100.01' })
    expect(tab.text).not.toContain('data-open')
    expect(words(tab.text)).toContain('2 alert messages')
  })

  it('000-038 000-042 000-043: History shows each period, the current portion and the balance', async () => {
    const page = words((await clerk.get('/accounts/100.01/history')).text)
    expect(page).toMatch(/04\/30\/2011 0\.00 0\.00 Current portion 03\/31\/2011 68\.88 68\.88 Current portion/)
    expect(page).toMatch(
      /02\/28\/2011 65\.77 65\.77 Subject to certification 01\/31\/2011 70\.51 70\.51 Subject to certification 12\/31\/2010 68\.27/,
    )
    expect(page).toContain('Balance 273.43 273.43')
  })

  it('000-044 000-045 000-046: History says why a period is or is not certified', async () => {
    const page = words((await clerk.get('/accounts/100.01/history')).text)
    expect(page).toContain(
      'Certification Periods of Water is 2, the current period is 04/30/2011: the current portion is 04/30/2011, 03/31/2011.',
    )
    expect(page).toContain('03/31/2011: 68.88 unpaid, part of the current portion.')
    expect(page).toContain('02/28/2011: 65.77 unpaid, 2 periods back, older than the current portion.')
    expect(page).toContain('Subject to certification now: 204.55')
  })

  it('shows every number as of a day, with a banner, and says when the day cannot be read', async () => {
    const page = words((await clerk.get('/accounts/100.01?asOf=03/01/2011')).text)
    expect(page).toContain('as of 03/01/2011')
    expect(page).toContain('204.55')
    expect(page).not.toContain('273.43')
    const history = words((await clerk.get('/accounts/100.01/history?asOf=2011-03-01')).text)
    expect(history).toContain('Current period 03/31/2011')
    const wrong = await clerk.get('/accounts/100.01?asOf=02/30/2011')
    expect(wrong.status).toBe(422)
    expect(words(wrong.text)).toContain('There is no day 30 in that month.')
  })

  it('000-033: Refresh is a link to the same page; a fragment holds the account alone', async () => {
    expect((await clerk.get('/accounts/100.01/history')).text).toContain(
      '<a class="btn" href="/accounts/100.01/history">',
    )
    const fragment = await clerk.get('/accounts/100.01?shown=yes', { 'HX-Request': 'true' })
    expect(fragment.text.trim()).toMatch(/^<div id="account"/)
    expect(fragment.text).not.toContain('<html')
  })

  it('explains a balance, a bucket and a transaction', async () => {
    const balance = words((await clerk.get('/accounts/100.01/explain')).text)
    expect(balance).toContain('Past due 273.43')
    expect(balance).toContain('Water 03/31/2011: 68.88, due 04/20/2011')
    const bucket = words((await clerk.get('/accounts/100.01/explain/WA/2011-02-28')).text)
    expect(bucket).toMatch(/02\/28\/2011 Bill Water 65\.77 65\.77/)
    const link = /href="(\/accounts\/100\.01\/transactions\/[^"]+)"/.exec(
      (await clerk.get('/accounts/100.01')).text,
    )?.[1]
    expect(words((await clerk.get(link!)).text)).toContain('4100 Water revenue')
    for (const missing of ['explain/WA/soon', 'transactions/999', 'explain/certified/2011']) {
      expect((await clerk.get(`/accounts/100.01/${missing}`)).status).toBe(404)
    }
  })

  it('shows a viewer what is there and no button to change it', async () => {
    const page = await viewer.get('/accounts/100.01')
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('Take payment')
    expect((await viewer.get('/accounts/100.01/payments/new')).status).toBe(403)
  })
})
