import { sql } from 'drizzle-orm'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loginAttempt } from '../db/tables/auth.ts'
import { appFor } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { PASSWORD, sendForm } from '../testing/signing-in.ts'
import { addUser, setPasswordByLink, signIn } from './service.ts'
import { makePasswordLink } from './setup-link.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

describe('S-4: too many tries', () => {
  it('of a hundred at once five are looked at; the right password after waiting works', async () => {
    await addUser(town.app, { name: 'cedar', role: 'clerk', password: PASSWORD })
    const many = await Promise.all(
      Array.from({ length: 100 }, (_, n) => signIn(town.app, 'cedar', 'wrong wrong wrong', `192.0.2.${n}`)),
    )
    expect(many.filter((outcome) => !outcome.ok && outcome.wait === 0)).toHaveLength(5)
    await town.db.execute(sql`update login_attempt set at = now() + interval '9 seconds' where user_name = 'cedar'`)
    expect(await signIn(town.app, 'cedar', PASSWORD, '198.51.100.1')).toMatchObject({ ok: false })
    await town.db.execute(sql`update login_attempt set at = now() - interval '3 seconds' where user_name = 'cedar'`)
    expect(await signIn(town.app, 'cedar', PASSWORD, '198.51.100.1')).toMatchObject({ ok: true })
    expect(await signIn(town.app, 'cedar', 'wrong wrong wrong', '198.51.100.1')).toEqual({ ok: false, wait: 0 })
  })
  it('says so with 429, and stops at a hundred until there is a new password', async () => {
    const id = await addUser(town.app, { name: 'doyle', role: 'clerk', password: PASSWORD })
    const failed = Array.from({ length: 100 }, () => ({
      userName: 'doyle',
      ip: '203.0.113.1',
      ok: false,
      at: new Date(Date.now() - 86_400_000),
    }))
    await town.db.insert(loginAttempt).values(failed)
    const answer = await sendForm(supertest.agent(appFor(town)), '/sign-in', { name: 'doyle', password: PASSWORD })
    expect(answer.status).toBe(429)
    expect(answer.text).toContain('An administrator has to make a new password link')
    const link = await makePasswordLink(town.app, id, 0)
    await setPasswordByLink(town.app, link.split('=')[1] ?? '', id, `${PASSWORD} deeper`)
    expect(await signIn(town.app, 'doyle', `${PASSWORD} deeper`, '203.0.113.2')).toMatchObject({ ok: true })
  })
  it('holds an address that tries many names', async () => {
    await addUser(town.app, { name: 'birch', role: 'clerk', password: PASSWORD })
    for (let n = 0; n < 20; n += 1)
      await town.db.insert(loginAttempt).values({ userName: `n${n}`, ip: '203.0.113.77', ok: false })
    expect(await signIn(town.app, 'birch', PASSWORD, '203.0.113.77')).toEqual({ ok: false, wait: 300 })
    expect(await signIn(town.app, 'birch', PASSWORD, '203.0.113.78')).toMatchObject({ ok: true })
  })
})

describe('S-3: many at once', () => {
  it('two hundred sign-ins hash three at a time and take no more than 256 MB', async () => {
    const before = process.memoryUsage().rss
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 5)
    const names = Array.from({ length: 200 }, (_, n) => n)
    await town.db.delete(loginAttempt)
    const outcomes = await Promise.all(
      names.map((n) => signIn(town.app, `crowd-${n}`, 'wrong wrong wrong', `10.20.${n}.1`)),
    )
    clearInterval(watch)
    expect(outcomes.every((outcome) => !outcome.ok && outcome.wait === 0)).toBe(true)
    expect((most - before) / 1024 / 1024).toBeLessThan(256)
  })
})
