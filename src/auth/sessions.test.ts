import { eq, sql } from 'drizzle-orm'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { loginSession } from '../db/tables/auth.ts'
import { appFor, type Browser, browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { addUser, signIn } from './service.ts'
import { startSession } from './session.ts'
import { makePasswordLink } from './setup-link.ts'

const GOOD = 'four brown otters dig'
let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

const visitor = (): Browser => browser(appFor(town), { id: 0, name: '', role: 'clerk' })

async function useLink(path: string, password: string, status = 303) {
  const agent = supertest.agent(appFor(town))
  const page = await agent.get(path).expect(200)
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page.text)?.[1] ?? ''
  return agent
    .post('/password')
    .type('form')
    .send({ _csrf: hidden('_csrf'), token: hidden('token'), password, again: password })
    .expect(status)
}

describe('S-7: a new password by link', () => {
  it('works once, ends the sessions, and nobody but the user sees the password', async () => {
    const admin = await signedIn(town, 'administrator')
    const clerk = await signedIn(town, 'clerk')
    const answer = await admin.post(`/organization/users/${clerk.user.id}/password-link`)
    expect(answer.status).toBe(201)
    const path = /<code id="link">https?:\/\/[^/]+([^<]+)</.exec(answer.text)?.[1] ?? ''
    await useLink(path, 'short', 422)
    await clerk.get('/me').expect(200)
    await useLink(path, GOOD)
    await clerk.get('/me').expect(303)
    await visitor().get(path).expect(410)
    expect(await signIn(town.app, clerk.user.name, GOOD, '10.9.9.9')).toMatchObject({ ok: true })
  })
  it('ends after an hour', async () => {
    const clerk = await signedIn(town, 'clerk')
    const path = await makePasswordLink(town.app, clerk.user.id, 0)
    await town.db.execute(
      sql`update setup_link set expires_at = now() - interval '1 second' where user_id = ${clerk.user.id}`,
    )
    await visitor().get(path).expect(410)
  })
})

describe('sessions', () => {
  it('S-8: a new password asks for the current one and ends the other sessions', async () => {
    await addUser(town.app, { name: 'elm', role: 'clerk', password: GOOD })
    const here = await signedIn(town, 'clerk', appFor(town), 'elm')
    const there = await signedIn(town, 'clerk', appFor(town), 'elm')
    const next = 'seven grey herons stand'
    expect(
      (await here.post('/me/password', { current: 'not this one at all', password: next, again: next })).status,
    ).toBe(422)
    expect((await here.post('/me/password', { current: GOOD, password: next, again: 'another' })).status).toBe(422)
    expect((await here.post('/me/password', { current: GOOD, password: next, again: next })).status).toBe(303)
    await here.get('/me').expect(200)
    await there.get('/me').expect(303)
  })

  const age = (who: Browser, minutes: number) =>
    town.db.execute(
      sql`update login_session set last_active_at = now() - make_interval(mins => ${minutes}) where user_id = ${who.user.id}`,
    )

  it('S-10: ends after 15 idle minutes, and polling is not activity', async () => {
    const { feature } = await import('../web/routes.ts')
    const poll = () => feature('poll').get('/poll', 'signed-in', (_req, res) => res.send('busy'), { passive: true })
    const app = appFor(town, {
      features: [poll, () => feature('work').get('/work', 'signed-in', (_req, res) => res.send('done'))],
    })
    const clerk = await signedIn(town, 'clerk', app)
    await age(clerk, 14)
    await clerk.get('/poll').expect(200)
    await age(clerk, 16)
    await clerk.get('/poll').expect(303)
    const other = await signedIn(town, 'clerk', app)
    await age(other, 14)
    await other.get('/work').expect(200)
    const [active] = await town.db.select().from(loginSession).where(eq(loginSession.userId, other.user.id))
    expect(Date.now() - (active?.lastActiveAt.getTime() ?? 0)).toBeLessThan(60_000)
    await age(other, 14)
    await other.get('/poll').expect(200)
    const [after] = await town.db.select().from(loginSession).where(eq(loginSession.userId, other.user.id))
    expect(Date.now() - (after?.lastActiveAt.getTime() ?? 0)).toBeGreaterThan(13 * 60_000)
  })

  it('S-10: ends after 12 hours however busy', async () => {
    const clerk = await signedIn(town, 'clerk')
    await town.db.execute(
      sql`update login_session set expires_at = now() + interval '2 seconds' where user_id = ${clerk.user.id}`,
    )
    await clerk.get('/me').expect(200)
    const [row] = await town.db.select().from(loginSession).where(eq(loginSession.userId, clerk.user.id))
    expect((row?.expiresAt.getTime() ?? 0) - Date.now()).toBeLessThan(3000)
    await town.db.execute(
      sql`update login_session set expires_at = now() - interval '1 second' where user_id = ${clerk.user.id}`,
    )
    await clerk.get('/me').expect(303)
  })

  it('S-12: signing out, disabling and a new role act at once; signing out clears the browser', async () => {
    const admin = await signedIn(town, 'administrator')
    const clerk = await signedIn(town, 'clerk')
    const out = await clerk.post('/sign-out')
    expect([out.status, out.headers['clear-site-data']]).toEqual([303, '"cache", "storage"'])
    await clerk.get('/me').expect(303)
    const second = await signedIn(town, 'clerk')
    expect((await admin.post(`/organization/users/${second.user.id}/disabling`)).status).toBe(303)
    await second.get('/me').expect(303)
    const third = await signedIn(town, 'clerk')
    const answer = await admin.post(`/organization/users/${third.user.id}`, {
      version: '1',
      fullName: 'Third',
      role: 'viewer',
    })
    expect(answer.status).toBe(303)
    await third.get('/me').expect(303)
  })

  it('S-12: shows where one is signed in, ends one or all others, and keeps at most three', async () => {
    const first = await signedIn(town, 'clerk')
    const name = first.user.name
    const second = await signedIn(town, 'clerk', appFor(town), name)
    const id = /\/me\/sessions\/([0-9a-f]{64})\/ending/.exec((await second.get('/me')).text)?.[1] ?? ''
    expect((await second.post(`/me/sessions/${id}/ending`)).status).toBe(303)
    await first.get('/me').expect(303)
    for (let n = 0; n < 3; n += 1) await signedIn(town, 'clerk', appFor(town), name)
    await second.get('/me').expect(303)
    const open = await rows(town.db, sql`select 1 from login_session where user_id = ${first.user.id}`)
    expect(open).toHaveLength(3)
    const last = await signedIn(town, 'clerk', appFor(town), name)
    expect((await last.post('/me/sessions/others/ending')).status).toBe(303)
    expect(await rows(town.db, sql`select 1 from login_session where user_id = ${first.user.id}`)).toHaveLength(1)
    const stranger = await signedIn(town, 'clerk')
    expect((await stranger.post(`/me/sessions/${id}/ending`)).status).toBe(404)
  })

  it('S-13: an ended session sends htmx to the sign-in page, never a page into a table', async () => {
    const answer = await visitor().get('/me', {
      'HX-Request': 'true',
      'HX-Current-URL': 'http://127.0.0.1/accounts/7?tab=2',
    })
    expect([answer.status, answer.headers['hx-redirect'], answer.text]).toEqual([
      401,
      '/sign-in?returnTo=%2Faccounts%2F7%3Ftab%3D2',
      '',
    ])
  })
})

describe('S-14: one mechanism, and none of it in memory', () => {
  it('a process that has just started knows who is signed in and takes the form that another one showed', async () => {
    const clerk = await signedIn(town, 'clerk', appFor(town, {}))
    const page = await clerk.get('/me').expect(200)
    const token = /<meta name="csrf" content="([0-9a-f]+)"/.exec(page.text)?.[1] ?? ''
    const cookies = (page.headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.split(';')[0])
    const login = (await startSession(town.databases.app, clerk.user.id)).split(';')[0]
    const other = await supertest(appFor(town, {}))
      .post('/me/sessions/others/ending')
      .set('Cookie', [...cookies, login].join('; '))
      .type('form')
      .send({ _csrf: token })
    expect([other.status, other.headers.location]).toEqual([303, '/me'])
  })
  it('what the browser remembers says nothing of who it is', async () => {
    const clerk = await signedIn(town, 'clerk')
    const page = await clerk.get('/me').expect(200)
    const web = (page.headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.split(';')[0]).join('; ')
    await town.db.execute(
      sql`update web_session set data = data || jsonb_build_object('signedIn', ${clerk.user.id}::int)`,
    )
    await supertest(appFor(town)).get('/me').set('Cookie', web).expect(303)
  })
})

describe('users', () => {
  it('keeps the last administrator', async () => {
    const own = await freshTown()
    const admin = await signedIn(own, 'administrator')
    const path = `/organization/users/${admin.user.id}`
    expect((await admin.post(path, { version: '1', fullName: '', role: 'clerk' })).status).toBe(422)
    expect((await admin.post(`${path}/disabling`)).status).toBe(422)
    await own.drop()
  })
  it('refuses a name that is taken, and a change of something older', async () => {
    const admin = await signedIn(town, 'administrator')
    const clerk = await signedIn(town, 'clerk')
    const taken = await admin.post('/organization/users', {
      name: clerk.user.name.toUpperCase(),
      fullName: '',
      role: 'clerk',
    })
    expect(taken.status).toBe(422)
    expect(taken.text).toContain('This name is taken.')
    const edit = { version: '1', fullName: 'New name', role: 'clerk' }
    expect((await admin.post(`/organization/users/${clerk.user.id}`, edit)).status).toBe(303)
    const stale = await admin.post(`/organization/users/${clerk.user.id}`, edit)
    expect(stale.text).toContain('Somebody else has changed this user')
  })
})
