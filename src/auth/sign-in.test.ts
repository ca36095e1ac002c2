import { eq, sql } from 'drizzle-orm'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { appUser, loginAttempt, loginSession, webSession } from '../db/tables/auth.ts'
import { appFor, type Browser, browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { hashPassword } from './passwords.ts'
import { addUser, signIn } from './service.ts'
import { makePasswordLink, makeSetupLink } from './setup-link.ts'

const GOOD = 'four brown otters dig'
let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

const nobody = { id: 0, name: '', role: 'clerk' as const }
const visitor = (): Browser => browser(appFor(town), nobody)

/** Signs in by the form: token from the page, then the post. */
async function byForm(agent: ReturnType<typeof supertest.agent>, form: Record<string, string>) {
  const page = await agent.get('/sign-in')
  const token = /name="_csrf" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? ''
  return agent
    .post('/sign-in')
    .type('form')
    .send({ _csrf: token, ...form })
}

const cookies = (answer: supertest.Response): string[] =>
  (answer.headers['set-cookie'] as unknown as string[] | undefined) ?? []

describe('S-1: the first administrator', () => {
  it('needs the link of this start, works once, and is gone afterwards', async () => {
    const own = await freshTown()
    const app = appFor(own)
    await supertest(app).get('/setup').expect(403)
    await supertest(app).get('/setup?token=wrong').expect(403)
    const path = (await makeSetupLink(own.app)) ?? ''
    const old = path
    const again = (await makeSetupLink(own.app)) ?? ''
    await supertest(app).get(old).expect(403)
    const agent = supertest.agent(app)
    const page = await agent.get(again).expect(200)
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page.text)?.[1] ?? ''
    const form = {
      _csrf: hidden('_csrf'),
      token: hidden('token'),
      name: 'Ann',
      fullName: 'Ann Poe',
      password: GOOD,
      again: GOOD,
    }
    await agent
      .post('/setup')
      .type('form')
      .send({ ...form, again: 'something else' })
      .expect(422)
    await agent
      .post('/setup')
      .type('form')
      .send({ ...form, password: 'short', again: 'short' })
      .expect(422)
    await agent.post('/setup').type('form').send(form).expect(303)
    await agent.get('/').expect(200)
    await supertest(app).get(again).expect(404)
    await supertest(app).get('/setup').expect(404)
    expect(await makeSetupLink(own.app)).toBeUndefined()
    await own.drop()
  })
  it('ends after 15 minutes', async () => {
    const own = await freshTown()
    const path = (await makeSetupLink(own.app)) ?? ''
    await own.db.execute(sql`update setup_link set expires_at = now() - interval '1 second'`)
    await supertest(appFor(own)).get(path).expect(403)
    await own.drop()
  })
})

describe('signing in', () => {
  beforeAll(async () => {
    await addUser(town.app, { name: 'birch', role: 'clerk', password: GOOD })
  })

  it('opens the page that was asked for', async () => {
    const agent = supertest.agent(appFor(town))
    const away = await agent.get('/me').expect(303)
    expect(away.headers['location']).toBe('/sign-in?returnTo=%2Fme')
    const answer = await byForm(agent, { name: ' Birch ', password: GOOD, returnTo: '/me' })
    expect([answer.status, answer.headers['location']]).toEqual([303, '/me'])
    await agent.get('/me').expect(200)
  })

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example'])(
    'S-29: does not go to %s',
    async (returnTo) => {
      const answer = await byForm(supertest.agent(appFor(town)), { name: 'birch', password: GOOD, returnTo })
      expect(answer.headers['location']).toBe('/')
    },
  )

  it('S-3: keeps argon2id with at least 19 MiB and two passes, and hashes a weaker one anew', async () => {
    const stored = await hashPassword(GOOD)
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const { hash } = await import('@node-rs/argon2')
    const weak = await hash(GOOD, { algorithm: 2, memoryCost: 8192, timeCost: 1, parallelism: 1 })
    const id = await addUser(town.app, { name: 'weak', role: 'viewer' })
    await town.db.update(appUser).set({ passwordHash: weak }).where(eq(appUser.id, id))
    expect(await signIn(town.app, 'weak', GOOD, '10.0.0.9')).toMatchObject({ ok: true })
    const [after] = await town.db.select().from(appUser).where(eq(appUser.id, id))
    expect(after?.passwordHash).toContain('m=19456,t=2')
  })

  it('S-5: answers an unknown, a disabled and a wrong one alike', async () => {
    const id = await addUser(town.app, { name: 'gone', role: 'clerk', password: GOOD })
    await town.db.update(appUser).set({ disabledAt: new Date() }).where(eq(appUser.id, id))
    const tryOne = (name: string, password: string) => byForm(supertest.agent(appFor(town)), { name, password })
    const answers = [
      await tryOne('nobody-here', GOOD),
      await tryOne('gone', GOOD),
      await tryOne('birch', 'wrong wrong wrong'),
    ]
    const plain = answers.map((answer) => [answer.status, answer.text.replace(/value="[^"]*"/g, '')])
    expect(plain[1]).toEqual(plain[0])
    expect(plain[2]).toEqual(plain[0])
    expect(plain[0]?.[0]).toBe(422)
  })

  it('S-5: takes as long for a name nobody has', async () => {
    const time = async (name: string, n: number) => {
      const started = performance.now()
      await signIn(town.app, name, 'wrong wrong wrong', `10.1.${n}.1`)
      return performance.now() - started
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
    const known: number[] = []
    const unknown: number[] = []
    await addUser(town.app, { name: 'timed', role: 'clerk', password: GOOD })
    for (let n = 0; n < 15; n += 1) {
      known.push(await time('timed', n))
      unknown.push(await time(`no-such-${n}`, n + 100))
      await town.db.delete(loginAttempt).where(eq(loginAttempt.userName, 'timed'))
    }
    expect(median(unknown) / median(known)).toBeGreaterThan(0.7)
    expect(median(unknown) / median(known)).toBeLessThan(1.4)
  })

  it('S-9: takes no session from outside, makes a new one, and keeps only hashes', async () => {
    const agent = supertest.agent(appFor(town))
    agent.jar.setCookie('login=chosen-by-somebody-else', '127.0.0.1', '/')
    const before = await agent.get('/sign-in')
    const web = cookies(before).find((cookie) => cookie.startsWith('web='))
    const answer = await byForm(agent, { name: 'birch', password: GOOD })
    const [login = ''] = cookies(answer).filter((cookie) => cookie.startsWith('login='))
    const token = /^login=([^;]+)/.exec(login)?.[1] ?? ''
    expect(token).toHaveLength(43)
    expect(token).not.toContain('chosen')
    expect(cookies(answer).find((cookie) => cookie.startsWith('web='))).not.toBe(web)
    const kept = await town.db.select().from(loginSession)
    expect(kept.every((row) => /^[0-9a-f]{64}$/.test(row.id))).toBe(true)
    const [{ id } = { id: '' }] = kept
    await supertest(appFor(town)).get('/me').set('Cookie', `login=${id}`).expect(303)
    const browsers = await town.db.select().from(webSession)
    expect(browsers.every((row) => /^[0-9a-f]{64}$/.test(row.sid))).toBe(true)
  })

  it('S-11: sets cookies for this host only, behind a proxy with __Host- and Secure', async () => {
    const plain = cookies(await byForm(supertest.agent(appFor(town)), { name: 'birch', password: GOOD }))
    expect(plain.length).toBe(2)
    for (const cookie of plain)
      expect(cookie).toMatch(
        /^(login|web)=[^;]+; (?=.*HttpOnly)(?=.*SameSite=Lax)(?=.*Path=\/)(?!.*(Domain|Expires|Max-Age))/,
      )
    const app = appFor(town, { trustProxy: 'loopback' })
    const page = await supertest(app).get('/sign-in').set('X-Forwarded-Proto', 'https')
    const set = cookies(page)
    for (const cookie of set) expect(cookie).toMatch(/^__Host-web=[^;]+; (?=.*Secure)(?=.*Path=\/)/)
    expect(set.length).toBe(1)
    const overHttp = await supertest(app).get('/sign-in')
    expect(cookies(overHttp)).toEqual([])
  })

  it('a broken cookie is nobody, not an error', async () => {
    await supertest(appFor(town)).get('/sign-in').set('Cookie', 'login=%E0%A4%A; web=s%3Abad.x').expect(200)
  })

  it('S-20: an address in a header counts only behind the proxy', async () => {
    const page = await supertest(appFor(town)).get('/sign-in')
    const token = /name="_csrf" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? ''
    const post = supertest(appFor(town))
      .post('/sign-in')
      .type('form')
      .set('X-Forwarded-For', '203.0.113.9')
      .set('Cookie', cookies(page))
    await post.send({ _csrf: token, name: 'spoofer', password: 'wrong wrong wrong' }).expect(422)
    const [attempt] = await town.db.select().from(loginAttempt).where(eq(loginAttempt.userName, 'spoofer'))
    expect(attempt?.ip).toBe('127.0.0.1')
  })
})

describe('S-4: too many tries', () => {
  it('of a hundred at once five are looked at; the right password after waiting works', async () => {
    await addUser(town.app, { name: 'cedar', role: 'clerk', password: GOOD })
    const many = await Promise.all(
      Array.from({ length: 100 }, (_, n) => signIn(town.app, 'cedar', 'wrong wrong wrong', `192.0.2.${n}`)),
    )
    expect(many.filter((outcome) => !outcome.ok && outcome.wait === 0)).toHaveLength(5)
    expect(await signIn(town.app, 'cedar', GOOD, '198.51.100.1')).toMatchObject({ ok: false })
    await town.db.execute(sql`update login_attempt set at = at - interval '3 seconds' where user_name = 'cedar'`)
    expect(await signIn(town.app, 'cedar', GOOD, '198.51.100.1')).toMatchObject({ ok: true })
    expect(await signIn(town.app, 'cedar', 'wrong wrong wrong', '198.51.100.1')).toEqual({ ok: false, wait: 0 })
  })
  it('says so with 429, and stops at a hundred until there is a new password', async () => {
    const id = await addUser(town.app, { name: 'doyle', role: 'clerk', password: GOOD })
    const failed = Array.from({ length: 100 }, () => ({
      userName: 'doyle',
      ip: '203.0.113.1',
      ok: false,
      at: new Date(Date.now() - 86_400_000),
    }))
    await town.db.insert(loginAttempt).values(failed)
    const answer = await byForm(supertest.agent(appFor(town)), { name: 'doyle', password: GOOD })
    expect(answer.status).toBe(429)
    expect(answer.text).toContain('An administrator has to make a new password link')
    await useLink(await makePasswordLink(town.app, id, 0), `${GOOD} deeper`)
    expect(await signIn(town.app, 'doyle', `${GOOD} deeper`, '203.0.113.2')).toMatchObject({ ok: true })
  })
  it('holds an address that tries many names', async () => {
    for (let n = 0; n < 20; n += 1)
      await town.db.insert(loginAttempt).values({ userName: `n${n}`, ip: '203.0.113.77', ok: false })
    expect(await signIn(town.app, 'birch', GOOD, '203.0.113.77')).toEqual({ ok: false, wait: 300 })
    expect(await signIn(town.app, 'birch', GOOD, '203.0.113.78')).toMatchObject({ ok: true })
  })
})

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
