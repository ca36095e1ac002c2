import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { tokenIn } from '../testing/form.ts'
import { byForm, codeOf, enrol, PASSWORD, withPassword } from '../testing/signing-in.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

describe('S-6: demanded', () => {
  it('nothing opens but the page that sets it up, for those whom the rule names', async () => {
    const own = await freshTown()
    const admin = await withPassword(own, 'administrator', 'dogwood', appFor(own))
    const viewer = await signedIn(own, 'viewer')
    await own.db.execute(sql`insert into setting (name, value) values ('second_factor', 'rights')`)
    for (const path of ['/', '/me', '/organization/users', '/accounts'])
      expect((await admin.get(path).expect(303)).headers.location).toBe('/me/second-factor')
    const fragment = await admin.get('/', { 'HX-Request': 'true' })
    expect([fragment.status, fragment.headers['hx-redirect']]).toEqual([204, '/me/second-factor'])
    expect((await admin.get('/me/second-factor').expect(200)).text).toContain('Set it up to go on.')
    await viewer.get('/').expect(200)
    const page = await admin.get('/me/second-factor')
    const token = tokenIn(page.text)
    const post = (path: string, form: Record<string, string>) => admin.bare(path, { _csrf: token, ...form })
    expect((await post('/organization/users', { name: 'x' })).headers.location).toBe('/me/second-factor')
    await post('/me/second-factor', { password: PASSWORD, code: '' }).expect(303)
    const key = /<code id="key">([^<]+)</.exec((await admin.get('/me/second-factor')).text)?.[1] ?? ''
    await post('/me/second-factor/confirmation', { code: codeOf(key) }).expect(201)
    await admin.get('/').expect(200)
    await own.db.execute(sql`update setting set value = 'everyone' where name = 'second_factor'`)
    await viewer.get('/').expect(303)
    await own.drop()
  })
})

describe('an administrator', () => {
  it('takes a lost factor away with a reason and the own password; the password stays (S-7)', async () => {
    const admin = await withPassword(town, 'administrator', 'elder')
    const who = await withPassword(town, 'clerk', 'elm')
    await enrol(who)
    expect((await admin.get('/organization/users').expect(200)).text).toContain('<td>On</td>')
    const path = `/organization/users/${who.user.id}/second-factor`
    expect((await admin.get(`/organization/users/${who.user.id}`)).text).toContain(path)
    await admin.get(path).expect(200)
    const send = (form: Record<string, string>) => admin.post(path, { reason: '', password: '', code: '', ...form })
    expect((await send({ password: PASSWORD })).status).toBe(422)
    expect((await send({ password: 'wrong wrong wrong', reason: 'lost telephone' })).status).toBe(422)
    expect((await send({ password: PASSWORD, reason: 'lost telephone' })).status).toBe(303)
    await who.get('/me').expect(303)
    expect((await byForm(appFor(town), 'elm')).answer.headers.location).toBe('/panel')
    await admin.get(path).expect(404)
    const row = await one<{ actor: number; reason: string }>(
      town.db,
      sql`select actor, reason from audit where action = 'second factor reset' and subject_key = 'elm'`,
    )
    expect(row).toEqual({ actor: admin.user.id, reason: 'lost telephone' })
  })
  it('and nobody else may', async () => {
    const supervisor = await signedIn(town, 'supervisor')
    await supervisor.get('/organization/users/1/second-factor').expect(403)
  })
})
