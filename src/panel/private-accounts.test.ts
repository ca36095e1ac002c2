import { sql } from 'drizzle-orm'
import type { Express } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { loadTown, millbrook } from '../testing/towns.ts'
import { routesOf } from '../web/routes.ts'
import { PANEL } from './tabs.ts'

const large = millbrook()

interface Hidden {
  account: string
  customer: string
  name: string
  alone: boolean
  phone: string
  email: string | null
}

/** The private accounts of a real-sized town, on every surface that a clerk has (product.md 3.20). */
describe.skipIf(!large)('private accounts of Millbrook', () => {
  let town: TestTown
  let app: Express
  let clerk: Browser
  let administrator: Browser
  let hidden: Hidden[]

  beforeAll(async () => {
    town = await freshTown()
    await loadTown(town.db, large?.folder ?? '')
    app = appFor(town, { today: '2026-11-20' })
    clerk = await signedIn(town, 'clerk', app)
    administrator = await signedIn(town, 'administrator', app)
    hidden = await town.db.execute<Hidden & Record<string, unknown>>(
      sql`select a.number as account, c.number as customer, c.name, c.phone, c.email,
        not exists (select from customer x where x.name = c.name and x.public) as alone from account a join customer c on c.id = a.customer_id where not c.public`,
    )
  }, 120_000)
  afterAll(() => town?.drop())

  /** What of a private account stands on a page. */
  // a name that a public customer bears as well says nothing
  const found = (page: string): string[] =>
    hidden.flatMap(({ account, name, alone, phone, email }) =>
      [account, alone ? name : account, phone, email ?? account].filter((each) => page.includes(each)),
    )

  it('there are some, and an administrator sees them', async () => {
    expect(hidden.length).toBeGreaterThan(2)
    for (const { account, name } of hidden) expect((await administrator.get(`/panel/${account}`)).text).toContain(name)
  })

  it('no page of theirs exists for a clerk, with the same answer as for what does not exist', async () => {
    const absent = await clerk.get('/panel/99999.01')
    for (const { account, customer } of hidden) {
      for (const tab of PANEL.tabs) {
        const answer = await clerk.get(`/panel/${account}/${tab.path}`)
        expect([tab.path, answer.status]).toEqual([tab.path, 404])
      }
      expect((await clerk.get(`/customers/${customer}`)).status).toBe(404)
      const plain = (text: string) =>
        text
          .replaceAll(account, '')
          .replaceAll('99999.01', '')
          .replace(/[0-9a-f]{16,}/g, '')
      expect(plain((await clerk.get(`/panel/${account}`)).text)).toBe(plain(absent.text))
    }
  }, 120_000)

  it('no search finds them: number, name, phone, e-mail, address', async () => {
    for (const { account, customer, name, phone, email } of hidden) {
      for (const q of [account, customer, name, phone, email ?? name]) {
        for (const path of [
          '/panel?q=',
          '/customers/inquiry?live=yes&q=',
          '/go/suggestions?q=',
          '/customers?q=',
          '/locations?q=',
        ]) {
          const answer = await clerk.get(`${path}${encodeURIComponent(q)}`)
          // the box shows what was typed
          const shown = answer.text.replaceAll(q, '')
          expect([path, q, found(shown), answer.headers.location ?? '']).toEqual([
            path,
            q,
            [],
            expect.not.stringContaining(account),
          ])
        }
      }
    }
  }, 120_000)

  it('previous and next step over them, by account and by location', async () => {
    for (const { account } of hidden) {
      const near = await town.db.execute<{ number: string }>(
        sql`select a.number from account a join customer c on c.id = a.customer_id where c.public
          order by abs(a.number::numeric - ${account}::numeric) limit 2`,
      )
      for (const { number } of near) {
        expect([number, found((await clerk.get(`/panel/${number}`)).text)]).toEqual([number, []])
        for (const step of ['next-location', 'previous-location']) {
          expect(found((await clerk.get(`/panel/${number}/${step}`)).headers.location ?? '')).toEqual([])
        }
      }
    }
  }, 60_000)

  it('no list, report or set-up screen of a clerk names one', async () => {
    const pages = routesOf(app).filter(
      ({ method, path }) => method === 'get' && !path.includes(':') && !path.startsWith('/api'),
    )
    for (const { path } of pages) {
      const answer = await clerk.get(path)
      if (answer.status === 200) expect([path, found(answer.text ?? '')]).toEqual([path, []])
    }
    for (let page = 1; page <= 10; page += 1) {
      for (const list of ['/customers', '/locations', '/accounts']) {
        expect([list, page, found((await clerk.get(`${list}?page=${page}`)).text)]).toEqual([list, page, []])
      }
    }
  }, 120_000)

  it('counts and totals are those of what the clerk may see', async () => {
    const [own] = await town.db.execute<{ n: number }>(
      sql`select count(*)::int as n from account a join customer c on c.id = a.customer_id where c.public`,
    )
    expect((await clerk.get('/accounts')).text).toContain(`${own?.n} accounts`)
    for (const path of ['/reports/audit-trail', '/checks'])
      expect((await clerk.get(path)).status).toBeGreaterThanOrEqual(400)
  })
})
