import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, one, rows } from '../db/db.ts'
import { appFor, type Browser } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { tokenIn } from '../testing/form.ts'
import { byForm, codeOf, enrol, PASSWORD, withPassword } from '../testing/signing-in.ts'
import { inGroups } from './totp.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

/** Lets codes of the step of now be taken again: tests are faster than half a minute. */
const nextStep = (db: Db, who: Browser) =>
  db.execute(sql`update second_factor set last_step = last_step - 10 where user_id = ${who.user.id}`)
const actions = async (who: Browser) =>
  (
    await rows<{ action: string }>(
      town.db,
      sql`select action from audit where subject = 'user' and subject_key = ${who.user.name} order by id`,
    )
  ).map((row) => row.action)

describe('S-6: setting up a second factor', () => {
  it('asks for the password, draws the key, takes its first code, shows ten recovery codes once', async () => {
    const who = await withPassword(town, 'clerk', 'alder')
    const elsewhere = await byForm(appFor(town), 'alder')
    await elsewhere.agent.get('/me').expect(200)
    expect((await who.get('/me').expect(200)).text).toContain('Set up a second factor')
    expect((await who.post('/me/second-factor', { password: 'not this one at all', code: '' })).status).toBe(422)
    await who.get('/me/second-factor/qr.svg').expect(404)
    expect((await who.post('/me/second-factor', { password: PASSWORD, code: '' })).status).toBe(303)
    const page = await who.get('/me/second-factor').expect(200)
    const key = /<code id="key">([^<]+)</.exec(page.text)?.[1] ?? ''
    expect(key).toBe(inGroups(key.replaceAll(' ', '')))
    const qr = await who.get('/me/second-factor/qr.svg').expect(200)
    expect(qr.headers['content-type']).toContain('image/svg+xml')
    expect(qr.headers['cache-control']).toBe('no-store')
    const wrong = await who.post('/me/second-factor/confirmation', { code: '000000' })
    expect([wrong.status, wrong.text.includes('That is not the code')]).toEqual([422, true])
    const done = await who.post('/me/second-factor/confirmation', { code: codeOf(key) })
    expect(done.status).toBe(201)
    expect([...done.text.matchAll(/<li><code>[^<]+<\/code>/g)]).toHaveLength(10)
    const after = await who.get('/me/second-factor').expect(200)
    expect(after.text).not.toContain('recovery-codes')
    expect(after.text).not.toContain(key)
    await who.get('/me/second-factor/qr.svg').expect(404)
    await elsewhere.agent.get('/me').expect(303)
    expect(await actions(who)).toEqual(
      expect.arrayContaining(['step-up failed', 'second factor set', 'recovery codes made']),
    )
  })

  it('the table holds the seed sealed and the codes as hashes', async () => {
    const who = await withPassword(town, 'clerk', 'ash')
    const { seed, codes } = await enrol(who)
    const kept = await rows<{ text: string }>(
      town.db,
      sql`select f::text as text from second_factor f union all select r::text from recovery_code r
        union all select coalesce(new::text, '') from audit`,
    )
    const all = kept.map((row) => row.text).join('\n')
    expect(all).toMatch(/v1\|[0-9a-f]{8}\|/)
    for (const secret of [seed, ...codes, ...codes.map((code) => code.replaceAll('-', ''))])
      expect(all).not.toContain(secret)
  })

  it('a seed that waits longer than 15 minutes is gone', async () => {
    const who = await withPassword(town, 'clerk', 'aspen')
    await who.post('/me/second-factor', { password: PASSWORD, code: '' })
    const page = await who.get('/me/second-factor')
    const key = /<code id="key">([^<]+)</.exec(page.text)?.[1] ?? ''
    await town.db.execute(
      sql`update second_factor set created_at = now() - interval '16 minutes' where user_id = ${who.user.id}`,
    )
    expect((await who.post('/me/second-factor/confirmation', { code: codeOf(key) })).status).toBe(404)
    expect((await who.get('/me/second-factor')).text).toContain('Begin')
  })
})

describe('S-6: signing in with it', () => {
  let who: Browser
  let seed: string
  let codes: string[]
  beforeAll(async () => {
    who = await withPassword(town, 'clerk', 'birch')
    ;({ seed, codes } = await enrol(who))
  })

  it('the password alone opens nothing; with the code it leads where one wanted to go', async () => {
    await nextStep(town.db, who)
    const { agent, send, answer } = await byForm(appFor(town), 'birch', '/me')
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in/code'])
    expect(String(answer.headers['set-cookie'])).not.toContain('login=')
    await agent.get('/me').expect(303)
    expect((await send('/sign-in/code', { code: '123456' })).status).toBe(422)
    const done = await send('/sign-in/code', { code: codeOf(seed) })
    expect([done.status, done.headers.location]).toEqual([303, '/me'])
    await agent.get('/me').expect(200)
    const row = await one<{ mfa: boolean }>(
      town.db,
      sql`select mfa from login_session where user_id = ${who.user.id} order by created_at desc limit 1`,
    )
    expect(row?.mfa).toBe(true)
  })

  it('a code works once, also when it comes twice at the same time', async () => {
    await nextStep(town.db, who)
    const [one, two] = await Promise.all([byForm(appFor(town), 'birch'), byForm(appFor(town), 'birch')])
    const code = codeOf(seed)
    const answers = await Promise.all([one.send('/sign-in/code', { code }), two.send('/sign-in/code', { code })])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    const again = await byForm(appFor(town), 'birch')
    expect((await again.send('/sign-in/code', { code })).status).toBe(422)
  })

  it('a code from 90 seconds ago is refused', async () => {
    await town.db.execute(sql`update second_factor set last_step = 0 where user_id = ${who.user.id}`)
    const { send } = await byForm(appFor(town), 'birch')
    expect((await send('/sign-in/code', { code: codeOf(seed, -3) })).status).toBe(422)
  })

  it('a recovery code works once and is written down', async () => {
    await town.db.execute(sql`delete from login_attempt`)
    const first = await byForm(appFor(town), 'birch')
    expect((await first.send('/sign-in/code', { code: (codes[3] ?? '').toUpperCase() })).status).toBe(303)
    const second = await byForm(appFor(town), 'birch')
    expect((await second.send('/sign-in/code', { code: codes[3] ?? '' })).status).toBe(422)
    expect(await actions(who)).toContain('recovery code used')
    await nextStep(town.db, who)
    expect((await first.agent.get('/me/second-factor')).text).toContain('<dd>9</dd>')
  })

  it('the page of the code is for who has just shown a password, for five minutes', async () => {
    await town.db.execute(sql`delete from login_attempt`)
    const { agent } = await byForm(appFor(town), 'birch')
    const page = await agent.get('/sign-in/code').expect(200)
    const token = tokenIn(page.text)
    await town.db.execute(
      sql`update web_session set data = jsonb_set(data, '{secondStep,until}', '0') where data ? 'secondStep'`,
    )
    expect((await agent.get('/sign-in/code').expect(303)).headers.location).toBe('/sign-in')
    const late = await agent
      .post('/sign-in/code')
      .type('form')
      .send({ _csrf: token, code: codeOf(seed) })
    expect([late.status, late.headers.location]).toEqual([303, '/sign-in'])
  })

  it('S-4: guesses at the code count; the right password in between forgives none', async () => {
    await town.db.execute(sql`delete from login_attempt`)
    const statuses: number[] = []
    for (let n = 0; n < 4; n += 1) {
      const { answer, send } = await byForm(appFor(town), 'birch')
      if (answer.status === 429) {
        statuses.push(429)
        break
      }
      statuses.push((await send('/sign-in/code', { code: '000000' })).status)
    }
    expect(statuses).toContain(429)
  })
})

describe('S-8: what is one’s own', () => {
  it('a new password, new recovery codes and removal ask for password and code, and end the other sessions', async () => {
    const who = await withPassword(town, 'clerk', 'cedar')
    const { seed, codes } = await enrol(who)
    await nextStep(town.db, who)
    const next = 'seven grey herons stand'
    const change = (code: string) => who.post('/me/password', { current: PASSWORD, code, password: next, again: next })
    expect((await change('')).text).toContain('The code of your authenticator app is needed.')
    expect((await change('000000')).status).toBe(422)
    expect((await change(codeOf(seed))).status).toBe(303)
    await town.db.execute(sql`delete from login_attempt`)
    await nextStep(town.db, who)
    expect((await who.post('/me/second-factor/codes', { password: next, code: '' })).status).toBe(422)
    const made = await who.post('/me/second-factor/codes', { password: next, code: codeOf(seed) })
    expect(made.status).toBe(201)
    expect(made.text).not.toContain(codes[0])
    const old = await byForm(appFor(town), 'cedar', '/', next)
    expect((await old.send('/sign-in/code', { code: codes[0] ?? '' })).status).toBe(422)
    await nextStep(town.db, who)
    expect((await old.send('/sign-in/code', { code: codeOf(seed) })).status).toBe(303)
    await nextStep(town.db, who)
    expect((await who.post('/me/second-factor/removal', { password: next, code: codeOf(seed) })).status).toBe(303)
    await old.agent.get('/me').expect(303)
    expect((await byForm(appFor(town), 'cedar', '/', next)).answer.headers.location).toBe('/panel')
  })

  it('a second one beside the first is refused', async () => {
    const who = await withPassword(town, 'clerk', 'cherry')
    const { seed } = await enrol(who)
    await nextStep(town.db, who)
    expect((await who.post('/me/second-factor', { password: PASSWORD, code: codeOf(seed) })).text).toContain(
      'Remove it first',
    )
  })
})
