import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { FEATURES } from '../features.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { maskOf } from '../secrets/rules.ts'
import { openField, placeOf, sealField } from '../secrets/seal.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { codeOf, enrol, PASSWORD, withPassword } from '../testing/signing-in.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature, param } from '../web/routes.ts'
import { type ProtectedRecord, protectedField } from './step-up.ts'

const SSN = '123-45-6789'
const place = (number: string) => placeOf('customer', number, 'ssn')
const stored = new Map<string, string>()
let reads = 0

interface Toy extends ProtectedRecord {
  sealed: string
}

/** A protected field as a feature declares it. */
const toy: FeatureMaker = (deps) =>
  protectedField<Toy>(feature('toy'), deps, {
    label: 'Social Security No.',
    path: '/toys/:number/ssn',
    need: 'customers.reveal',
    subject: 'customer',
    field: 'ssn',
    async find(req) {
      const number = param(req, 'number')
      const sealed = stored.get(number)
      if (sealed === undefined) throw new NotFound('customer')
      const mask = sealed === '' ? '' : maskOf('ssn', '6789')
      return { key: number, title: `${number} Birch, Ann`, mask, back: '/accounts', sealed }
    },
    async read(record) {
      reads += 1
      return openField(fieldKeys(), place(record.key), record.sealed)
    },
  })

let town: TestTown
let app: ReturnType<typeof appFor>
let who: Browser
beforeAll(async () => {
  town = await freshTown()
  app = appFor(town, { features: [...FEATURES, toy] })
  stored.set('1042', sealField(fieldKeys(), place('1042'), SSN))
  stored.set('1043', '')
  stored.set('1044', stored.get('1042') ?? '')
  who = await withPassword(town, 'supervisor', 'alder', app)
})
afterAll(() => town.drop())
beforeEach(async () => {
  await town.db.execute(sql`delete from login_attempt`)
})

const ask = (form: Record<string, string>, by = who, number = '1042', headers = {}) =>
  by.post(`/toys/${number}/ssn/show`, { password: PASSWORD, code: '', reason: 'to know who calls', ...form }, headers)
const shown = (by = who) =>
  rows<Record<string, unknown>>(
    town.db,
    sql`select actor, subject, subject_key, new, reason, address from audit where action = 'show' and actor = ${by.user.id} order by id`,
  )

describe('S-37: show with password', () => {
  it('one value, once, after the password, with an audit row and no trace in caches', async () => {
    const door = await who.get('/toys/1042/ssn/show').expect(200)
    expect(door.text).toContain('•••-••-6789')
    expect(door.text).not.toContain(SSN)
    const answer = await ask({})
    expect(answer.status).toBe(200)
    expect(answer.text).toContain(SSN)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers.refresh).toBe('60; url=/accounts')
    expect(await shown()).toEqual([
      {
        actor: who.user.id,
        subject: 'customer',
        subject_key: '1042',
        new: { field: 'ssn' },
        reason: 'to know who calls',
        address: '127.0.0.1',
      },
    ])
    expect((await who.get('/toys/1042/ssn/show')).text).not.toContain(SSN)
  })

  it('a wrong password, no reason, no token: nothing is read and nothing is shown', async () => {
    const before = reads
    const wrong = await ask({ password: 'wrong wrong wrong' })
    expect([wrong.status, wrong.text.includes('That is not your password now.')]).toEqual([422, true])
    expect((await ask({ reason: '' })).status).toBe(422)
    await who.bare('/toys/1042/ssn/show', { password: PASSWORD, code: '', reason: 'x' }).expect(403)
    for (const answer of [wrong]) expect(answer.text).not.toContain(SSN)
    expect(reads).toBe(before)
    const failed = await rows(town.db, sql`select from audit where action = 'step-up failed'`)
    expect(failed).toHaveLength(1)
  })

  it('needs the right, and a record that is there, with a value', async () => {
    const clerk = await withPassword(town, 'clerk', 'clover', app)
    await clerk.get('/toys/1042/ssn/show').expect(403)
    expect((await ask({}, clerk)).status).toBe(403)
    expect((await ask({}, who, '9999')).status).toBe(404)
    expect((await ask({}, who, '1043')).status).toBe(404)
  })

  it('a value that was moved here from another record is not shown', async () => {
    const answer = await ask({}, who, '1044')
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('belongs to another record')
    expect(answer.text).not.toContain(SSN)
  })

  it('S-4: guesses at the password have to wait, and count with those of signing in', async () => {
    const guesser = await withPassword(town, 'supervisor', 'cherry', app)
    for (let n = 0; n < 5; n += 1) await ask({ password: 'wrong wrong wrong' }, guesser)
    const right = await ask({}, guesser)
    expect([right.status, right.text.includes('Too many tries.')]).toEqual([422, true])
  })

  it('asks for the second factor too, where there is one', async () => {
    const careful = await withPassword(town, 'supervisor', 'elm', app)
    const { seed } = await enrol(careful)
    expect((await careful.get('/toys/1042/ssn/show')).text).toContain('name="code"')
    const without = await ask({}, careful)
    expect([without.status, without.text.includes(SSN)]).toEqual([422, false])
    expect((await ask({ code: '000000' }, careful)).status).toBe(422)
    await town.db.execute(sql`update second_factor set last_step = last_step - 10`)
    const code = codeOf(seed)
    expect((await ask({ code }, careful)).text).toContain(SSN)
    expect((await ask({ code }, careful)).status).toBe(422)
  })

  it('ten an hour, however many at once; the eleventh is written down', async () => {
    const busy = await withPassword(town, 'supervisor', 'fir', app)
    await busy.token()
    const answers = await Promise.all(Array.from({ length: 14 }, () => ask({}, busy)))
    // tries at once wait for one another's throttle; those that were refused for it come again
    await town.db.execute(sql`delete from login_attempt`)
    const more: number[] = []
    for (let n = 0; n < 12; n += 1) more.push((await ask({}, busy)).status)
    const seen = [...answers.map((answer) => answer.status), ...more].filter((status) => status === 200)
    expect(seen).toHaveLength(10)
    expect(more.at(-1)).toBe(429)
    expect(await shown(busy)).toHaveLength(10)
    expect(await rows(town.db, sql`select from audit where action = 'show refused'`)).not.toHaveLength(0)
    const fragment = await ask({}, busy, '1042', { 'HX-Request': 'true' })
    expect([fragment.status, fragment.text.includes('within an hour')]).toEqual([422, true])
    await town.db.execute(sql`delete from login_attempt`)
  })

  it('no audit row, no value: 503', async () => {
    const owner = postgres(town.url, { max: 1, onnotice: () => {} })
    const before = reads
    await owner`create function no_more_audit() returns trigger language plpgsql as $$ begin raise exception 'audit is read-only'; end $$`
    await owner`create trigger a_stop before insert on audit for each row execute function no_more_audit()`
    try {
      const answer = await ask({})
      expect(answer.status).toBe(503)
      expect(answer.text).not.toContain(SSN)
      expect(answer.text).toContain('The audit trail cannot be written')
      expect(reads).toBe(before)
    } finally {
      await owner`drop trigger a_stop on audit`
      await owner.end()
    }
  })
})

describe('with htmx', () => {
  const HX = { 'HX-Request': 'true' }
  it('a dialog asks, another shows, and after a minute it is taken out of the page', async () => {
    const ivy = await withPassword(town, 'supervisor', 'ivy', app)
    const door = await ivy.get('/toys/1042/ssn/show', HX).expect(200)
    expect(door.text).toMatch(/^\s*<div id="show-secret"><dialog data-open/)
    expect(door.text).not.toContain('<html')
    const wrong = await ask({ password: 'wrong wrong wrong' }, ivy, '1042', HX)
    expect([wrong.status, /^\s*<div id="show-secret"><dialog/.test(wrong.text)]).toEqual([422, true])
    const value = await ask({}, ivy, '1042', HX)
    expect(value.text).toContain(SSN)
    expect(value.text).toContain('hx-get="/toys/1042/ssn/mask" hx-trigger="load delay:60s, close from:closest dialog"')
    const after = await ivy.get('/toys/1042/ssn/mask', HX).expect(200)
    expect(after.text.trim()).toBe('<div id="show-secret" hidden></div>')
  })
})

describe('the key of one’s own app', () => {
  it('is shown again with password and code', async () => {
    const own = await withPassword(town, 'viewer', 'juniper', app)
    await own.get('/me/second-factor/key/show').expect(404)
    const { seed } = await enrol(own)
    await town.db.execute(sql`update second_factor set last_step = last_step - 10`)
    expect((await own.get('/me/second-factor')).text).toContain('/me/second-factor/key/show')
    const form = { password: PASSWORD, code: codeOf(seed), reason: 'another telephone' }
    const answer = await own.post('/me/second-factor/key/show', form)
    expect(answer.text.replace(/ /g, '')).toContain(seed)
  })
  it('a session without a password shows nothing', async () => {
    const passwordless = await signedIn(town, 'administrator', app)
    expect((await ask({}, passwordless)).status).toBe(422)
  })
})
