import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addTokenFor } from '../auth/tokens.ts'
import { one, rows } from '../db/db.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf } from '../testing/form.ts'
import { enrol, withPassword } from '../testing/signing-in.ts'

const PATH = '/organization/organization/security'
let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

const stored = async (name: string) =>
  (await one<{ value: string }>(town.db, sql`select value from setting where name = ${name}`))?.value

describe('Organization > Organization > Security', () => {
  it('shows each setting with what it touches today', async () => {
    const admin = await withPassword(town, 'administrator', 'alder')
    await signedIn(town, 'clerk')
    await signedIn(town, 'viewer')
    await enrol(admin)
    const page = (await admin.get(PATH).expect(200)).text
    expect(page).toContain('1 of 3 users have one. Who post or reveal: 2, 1 of them without.')
    expect(page).toContain('3 open sessions, the longest idle 0 minutes.')
    expect(page).toContain('One person is signed in at 1 place at most.')
    expect(page).toContain('15 to 128 characters')
    expect(page).toContain('2 users</dd>')
    expect((await admin.get('/organization/organization')).text).toContain(`href="${PATH}"`)
  })

  it('is stored with an audit row and a sentence; limits are said at the field', async () => {
    const admin = await signedIn(town, 'administrator')
    const form = formOf((await admin.get(PATH)).text, 'security')
    expect(form).toMatchObject({ secondFactor: 'offered', idleMinutes: '15', sessionsPerUser: '3' })
    for (const [name, value, says] of [
      ['idleMinutes', '4', 'At least 5.'],
      ['idleMinutes', '31', 'At most 30.'],
      ['sessionsPerUser', '0', 'At least 1.'],
      ['secondFactor', 'never', 'Choose one of the list.'],
    ] as const) {
      const answer = await admin.post(PATH, { ...form, [name]: value })
      expect([answer.status, answer.text.includes(says)]).toEqual([422, true])
    }
    expect((await admin.post(PATH, { ...form, idleMinutes: '10' })).status).toBe(303)
    expect((await admin.get(PATH)).text).toContain('Idle minutes is now 10.')
    expect(await stored('idle_minutes')).toBe('10')
    const written = await rows(
      town.db,
      sql`select from audit where subject = 'setting' and subject_key = 'idle_minutes' and actor = ${admin.user.id}`,
    )
    expect(written).toHaveLength(1)
  })

  it('two administrators at once: nothing of the other is lost', async () => {
    const first = await signedIn(town, 'administrator')
    const second = await signedIn(town, 'administrator')
    const form = formOf((await first.get(PATH)).text, 'security')
    expect((await second.post(PATH, { ...form, sessionsPerUser: '5' })).status).toBe(303)
    const answer = await first.post(PATH, { ...form, idleMinutes: '20' })
    expect([answer.status, answer.text.includes('Sessions per user was 3 and is now 5')]).toEqual([409, true])
    expect(formOf(answer.text, 'security')).toMatchObject({ sessionsPerUser: '5', idleMinutes: '20' })
    expect(await stored('idle_minutes')).toBe('10')
  })

  it('is changed by administrators only, on the screen and in the API', async () => {
    const supervisor = await signedIn(town, 'supervisor')
    const page = await supervisor.get(PATH).expect(200)
    expect(page.text).not.toContain('form="security"')
    const form = formOf(page.text, 'security')
    expect((await supervisor.post(PATH, { ...form, idleMinutes: '30' })).status).toBe(403)
    const { default: supertest } = await import('supertest')
    const put = async (userId: number, body: object) => {
      const token = await addTokenFor(town.databases.app, userId, 'test', 0)
      const call = supertest(appFor(town)).put('/api/v1/organization')
      return (await call.set('Authorization', `Bearer ${token}`).send(body)).status
    }
    expect(await put(supervisor.user.id, { idleMinutes: 30 })).toBe(403)
    expect(await put(supervisor.user.id, { idle_minutes: 30, dueDays: 21 })).toBe(403)
    expect(await put(supervisor.user.id, { idleMinutes: 10, dueDays: 21 })).toBe(200)
    const admin = await signedIn(town, 'administrator')
    expect(await put(admin.user.id, { idleMinutes: 12 })).toBe(200)
    expect(await stored('idle_minutes')).toBe('12')
  })
})

describe('what the settings do', () => {
  it('S-10: the idle minutes end a session', async () => {
    const own = await freshTown()
    const clerk = await signedIn(own, 'clerk')
    const idle = (minutes: number) =>
      own.db.execute(sql`update login_session set last_active_at = now() - make_interval(mins => ${minutes})`)
    await own.db.execute(sql`insert into setting (name, value) values ('idle_minutes', '30')`)
    await idle(29)
    await clerk.get('/me').expect(200)
    await own.db.execute(sql`update setting set value = '5' where name = 'idle_minutes'`)
    await idle(6)
    await clerk.get('/me').expect(303)
    await own.drop()
  })
  it('S-12: one place more, and the oldest session ends', async () => {
    const own = await freshTown()
    await own.db.execute(sql`insert into setting (name, value) values ('sessions_per_user', '1')`)
    const first = await signedIn(own, 'clerk')
    const second = await signedIn(own, 'clerk', appFor(own), first.user.name)
    await first.get('/me').expect(303)
    await second.get('/me').expect(200)
    await own.drop()
  })
  it('the home page tells an administrator that no second factor is demanded, and stops when it is', async () => {
    const own = await freshTown()
    const admin = await signedIn(own, 'administrator')
    const clerk = await signedIn(own, 'clerk')
    const says = 'A second factor is offered to everyone and demanded of nobody'
    expect((await admin.get('/')).text).toContain(says)
    expect((await clerk.get('/')).text).not.toContain(says)
    await own.db.execute(sql`insert into setting (name, value) values ('second_factor', 'rights')`)
    await own.db.execute(sql`update login_session set mfa = true`)
    expect((await admin.get('/').expect(200)).text).not.toContain(says)
    await own.drop()
  })
})
