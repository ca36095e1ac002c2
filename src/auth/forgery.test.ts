import { sql } from 'drizzle-orm'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { tokenIn } from '../testing/form.ts'
import { type Route, routesOf } from '../web/routes.ts'
import { addUser } from './service.ts'

let town: TestTown
let admin: Browser
let pages: Route[]
beforeAll(async () => {
  town = await freshTown()
  admin = await signedIn(town, 'administrator')
  pages = routesOf(appFor(town)).filter((route) => !route.path.startsWith('/api'))
})
afterAll(() => town.drop())

/** A path with something in place of each parameter. */
const filled = (path: string): string => path.replace(/:\w+/g, '1')

/** Everything in the database that is not about sessions and sign-ins. */
async function state(): Promise<string> {
  const tables = await rows<{ name: string }>(
    town.db,
    sql`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('public', 'ledger') and table_type = 'BASE TABLE'
      and table_name not in ('web_session', 'login_session', 'login_attempt', 'audit_seal') order by 1`,
  )
  const each: string[] = []
  for (const { name } of tables) {
    const found = await one<{ hash: string }>(
      town.db,
      sql.raw(`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from ${name} t`),
    )
    each.push(`${name} ${found?.hash}`)
  }
  return each.join('\n')
}

describe('S-15: forms of other sites', () => {
  it('every POST without the token is refused with 403', async () => {
    const answers = await Promise.all(
      pages
        .filter((route) => route.method === 'post')
        .map(async ({ path }) => `${path} ${(await admin.bare(filled(path))).status}`),
    )
    expect(answers.length).toBeGreaterThan(10)
    expect(answers.filter((answer) => !answer.endsWith(' 403'))).toEqual([])
  })

  it('a wrong token, a token of another browser, another site and another origin are refused', async () => {
    const other = await signedIn(town, 'administrator')
    const own = await admin.token()
    const post = (form: Record<string, string>, headers = {}) =>
      admin.bare('/me/sessions/others/ending', form).set(headers)
    await post({ _csrf: 'x' }).expect(403)
    await post({ _csrf: await other.token() }).expect(403)
    await post({ _csrf: own }, { 'Sec-Fetch-Site': 'cross-site' }).expect(403)
    await post({ _csrf: own }, { 'Sec-Fetch-Site': 'same-site' }).expect(403)
    await post({ _csrf: own }, { Origin: 'https://evil.example' }).expect(403)
    await post({ _csrf: own }, { Origin: 'null' }).expect(403)
    await post({ _csrf: own }, { 'Sec-Fetch-Site': 'same-origin' }).expect(303)
    await post({}, { 'X-CSRF-Token': own }).expect(303)
  })

  it('a token of before signing in is refused after it', async () => {
    const agent = supertest.agent(appFor(town))
    const token = tokenIn((await agent.get('/sign-in')).text)
    const form = { _csrf: token, name: 'fir', password: 'four brown otters dig' }
    await addUser(town.app, { ...form, role: 'clerk' })
    await agent.post('/sign-in').type('form').send(form).expect(303)
    await agent.get('/me').expect(200)
    await agent.post('/me/sessions/others/ending').type('form').send({ _csrf: token }).expect(403)
  })

  it('no GET changes anything', async () => {
    const before = await state()
    for (const { path } of pages.filter((route) => route.method === 'get')) {
      const answer = await admin.get(filled(path))
      expect([path, answer.status < 500]).toEqual([path, true])
    }
    expect(await state()).toBe(before)
  }, 120_000)
})

const ODD_QUERIES = ['a[]=1', 'a=1&a=2', '__proto__=1', 'constructor=1', 'prototype[x]=1', 'a%00=1', 'a=%00']

describe('S-22: malformed fields', () => {
  it('in the address of every page are refused with 400, never answered with 500', async () => {
    const wrong: string[] = []
    for (const { path, repeats } of pages.filter((route) => route.method === 'get')) {
      for (const query of ODD_QUERIES) {
        if (repeats === true && query === 'a=1&a=2') continue
        const { status } = await admin.get(`${filled(path)}?${query}`)
        if (status !== 400) wrong.push(`${path}?${query} ${status}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('in the form of every page are refused with 400, never answered with 500', async () => {
    const token = await admin.token()
    const agent = (path: string, body: string) => admin.bare(path).send(`_csrf=${token}&${body}`)
    const wrong: string[] = []
    for (const { path, repeats } of pages.filter((route) => route.method === 'post' && route.path !== '/sign-out')) {
      for (const body of ODD_QUERIES) {
        if (repeats === true && body === 'a=1&a=2') continue
        const { status } = await agent(filled(path), body)
        if (status !== 400) wrong.push(`${path} ${body} ${status}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('S-23: fields that the form does not have change nothing', async () => {
    const clerk = await signedIn(town, 'clerk')
    const form = { version: '1', fullName: 'x', role: 'clerk', password_hash: 'x', disabled_at: '', isAdmin: '1' }
    expect((await admin.post(`/organization/users/${clerk.user.id}`, form)).status).toBe(400)
  })

  it('a body that is too large is refused with 413', async () => {
    const { status } = await admin.bare('/me/password').send(`a=${'x'.repeat(300_000)}`)
    expect(status).toBe(413)
  })
})
