import { sql } from 'drizzle-orm'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, browser, signedIn } from '../testing/browser.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { tokenIn, words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser
let app: ReturnType<typeof appFor>

const page = '/panel/100.01/customer'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  await anAccount(town.db, { number: '100.01', name: 'Dale Whitcomb' })
  app = appFor(town, { today: '2026-03-15' })
  clerk = await signedIn(town, 'clerk', app)
})
afterAll(() => town.drop())

const offered = (value: 'yes' | 'no') =>
  town.db.execute(
    sql`insert into setting (name, value) values ('customer_web_access', ${value}) on conflict (name) do update set value = excluded.value`,
  )
const email = (value: string | null) => town.db.execute(sql`update customer set email = ${value} where number = '100'`)

/** The message that is made, as a file; its link. */
async function linkMade(): Promise<string> {
  const made = await clerk.post(`${page}/web-login`)
  expect([made.status, made.headers['content-type'], made.headers['content-disposition']]).toEqual([
    200,
    'message/rfc822',
    'attachment; filename=web-login-100.eml',
  ])
  const text = (made.text || made.body.toString('utf8')).replace(/=\r?\n/g, '').replaceAll('=3D', '=')
  expect(text).toContain('To: dale@example.com')
  return /\/web-login\?token=[\w-]+/.exec(text)?.[0] ?? ''
}

/** Somebody who is not signed in, with the form of the link. */
async function visitor(link: string) {
  const agent = supertest.agent(app)
  const opened = await agent.get(link)
  const token = tokenIn(opened.text)
  const send = (password: string, again = password) =>
    agent
      .post('/web-login')
      .type('form')
      .send({ _csrf: token, token: link.split('=')[1], password, again })
  return { opened, send }
}

describe('Reset Web Login', () => {
  it('001-139: is not there while the town does not offer customer web access', async () => {
    await email('dale@example.com')
    expect((await clerk.get(`${page}/personal-info`)).text).not.toContain('Reset Web Login')
    expect((await clerk.get(page)).text).not.toContain('name="webUser"')
    expect((await clerk.get(`${page}/web-login`)).status).toBe(404)
    expect((await clerk.post(`${page}/web-login`)).status).toBe(404)
  })

  it('001-140: needs an e-mail address', async () => {
    await offered('yes')
    await email(null)
    const text = words((await clerk.get(`${page}/personal-info`)).text)
    expect(text).toContain('A web login can be reset once the customer has an e-mail address.')
    expect(text).not.toContain('Reset Web Login')
    expect((await clerk.post(`${page}/web-login`)).status).toBe(422)
    await email('dale@example.com')
    expect((await clerk.get(`${page}/personal-info`)).text).toContain(`href="${page}/web-login"`)
    expect((await clerk.get(page)).text).toContain('name="webUser"')
  })

  it('001-139: opens the form that makes a one-time link, as a message to the customer', async () => {
    expect(words((await clerk.get(`${page}/web-login`)).text)).toContain('dale@example.com gets a link')
    const first = await linkMade()
    const link = await linkMade()
    expect((await visitor(first)).opened.status).toBe(410)
    const { opened, send } = await visitor(link)
    expect([opened.status, words(opened.text)]).toEqual([200, expect.stringContaining('Your web login')])
    expect((await send('short')).status).toBe(422)
    expect((await send('four brown otters dig', 'something else')).status).toBe(422)
    expect(words((await send('four brown otters dig')).text)).toContain('Your password is set.')
    expect((await send('four brown otters dug')).status).toBe(410)
    expect((await visitor(link)).opened.status).toBe(410)
    expect(await one(town.db, sql`select web_user from customer where number = '100'`)).toEqual({ web_user: true })
  })

  it('an old link does not work, a viewer makes none, and the audit trail says who did without the link', async () => {
    const link = await linkMade()
    await town.db.execute(sql`update customer_web_login set link_expires_at = now() - interval '1 minute'`)
    expect((await visitor(link)).opened.status).toBe(410)
    const viewer = browser(app, (await signedIn(town, 'viewer', app)).user)
    expect((await viewer.get(`${page}/web-login`)).status).toBe(303)
    const trail = await rows(
      town.db,
      sql`select actor, old, new from audit where action = 'web login reset' or subject = 'customer_web_login'`,
    )
    expect(trail.length).toBeGreaterThan(3)
    expect(JSON.stringify(trail)).not.toMatch(/hash|argon/)
  })
})
