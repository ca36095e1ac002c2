import { eq, sql } from 'drizzle-orm'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appUser, loginAttempt, loginSession, webSession } from '../db/tables/auth.ts'
import { appFor } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { PASSWORD, sendForm } from '../testing/signing-in.ts'
import { hashPassword } from './passwords.ts'
import { addUser, signIn } from './service.ts'
import { makeSetupLink } from './setup-link.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

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
      password: PASSWORD,
      again: PASSWORD,
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
    await addUser(town.app, { name: 'birch', role: 'clerk', password: PASSWORD })
  })

  it('opens the page that was asked for', async () => {
    const agent = supertest.agent(appFor(town))
    const away = await agent.get('/me').expect(303)
    expect(away.headers.location).toBe('/sign-in?returnTo=%2Fme')
    const answer = await sendForm(agent, '/sign-in', { name: ' Birch ', password: PASSWORD, returnTo: '/me' })
    expect([answer.status, answer.headers.location]).toEqual([303, '/me'])
    await agent.get('/me').expect(200)
  })

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example'])(
    'S-29: does not go to %s',
    async (returnTo) => {
      const answer = await sendForm(supertest.agent(appFor(town)), '/sign-in', {
        name: 'birch',
        password: PASSWORD,
        returnTo,
      })
      expect(answer.headers.location).toBe('/panel')
    },
  )

  it('S-3: keeps argon2id with at least 19 MiB and two passes, and hashes a weaker one anew', async () => {
    const stored = await hashPassword(PASSWORD)
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const { hash } = await import('@node-rs/argon2')
    const weak = await hash(PASSWORD, { algorithm: 2, memoryCost: 8192, timeCost: 1, parallelism: 1 })
    const id = await addUser(town.app, { name: 'weak', role: 'viewer' })
    await town.db.update(appUser).set({ passwordHash: weak }).where(eq(appUser.id, id))
    expect(await signIn(town.app, 'weak', PASSWORD, '10.0.0.9')).toMatchObject({ ok: true })
    const [after] = await town.db.select().from(appUser).where(eq(appUser.id, id))
    expect(after?.passwordHash).toContain('m=19456,t=2')
  })

  it('S-5: answers an unknown, a disabled and a wrong one alike', async () => {
    const id = await addUser(town.app, { name: 'gone', role: 'clerk', password: PASSWORD })
    await town.db.update(appUser).set({ disabledAt: new Date() }).where(eq(appUser.id, id))
    const tryOne = (name: string, password: string) =>
      sendForm(supertest.agent(appFor(town)), '/sign-in', { name, password })
    const answers = [
      await tryOne('nobody-here', PASSWORD),
      await tryOne('gone', PASSWORD),
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
    await addUser(town.app, { name: 'timed', role: 'clerk', password: PASSWORD })
    for (let n = 0; n < 15; n += 1) {
      known.push(await time('timed', n))
      unknown.push(await time(`no-such-${n}`, n + 100))
      await town.db.delete(loginAttempt).where(eq(loginAttempt.userName, 'timed'))
    }
    expect(median(unknown) / median(known)).toBeGreaterThan(0.5)
    expect(median(unknown) / median(known)).toBeLessThan(2)
  })

  it('S-9: takes no session from outside, makes a new one, and keeps only hashes', async () => {
    const agent = supertest.agent(appFor(town))
    agent.jar.setCookie('login=chosen-by-somebody-else', '127.0.0.1', '/')
    const before = await agent.get('/sign-in')
    const web = cookies(before).find((cookie) => cookie.startsWith('web='))
    const answer = await sendForm(agent, '/sign-in', { name: 'birch', password: PASSWORD })
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
    const plain = cookies(
      await sendForm(supertest.agent(appFor(town)), '/sign-in', { name: 'birch', password: PASSWORD }),
    )
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
