import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { PASSWORD, withPassword } from '../testing/signing-in.ts'

let town: TestTown
let clerk: Browser
let supervisor: Browser
let viewer: Browser

const TODAY = '2026-03-15'
const page = '/panel/100.01/customer/personal-info'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  await anAccount(town.db, { number: '100.01', name: 'Dale Whitcomb', location: { rental: true } })
  await anAccount(town.db, { number: '300.01', name: 'Hidden Person', customer: { public: false } })
  const app = appFor(town, { today: TODAY })
  clerk = await signedIn(town, 'clerk', app)
  viewer = await signedIn(town, 'viewer', app)
  supervisor = await withPassword(town, 'supervisor', 's.birch', app)
})
afterAll(() => town.drop())

const form = async (changes: Record<string, string> = {}, url = page) => ({
  ...formOf((await clerk.get(url)).text, 'personal'),
  ...changes,
})
const stored = () =>
  one<Record<string, string | null>>(
    town.db,
    sql`select licence_sealed, licence_last4, licence_state, ssn_sealed, ssn_last4, birth_date::text from customer where number = '100'`,
  )

describe('Personal Info', () => {
  it('001-126 001-127: is there for those who may, with license, number and date of birth', async () => {
    const html = (await clerk.get(page)).text
    for (const label of ["Driver's License No.", 'State', 'Social Security No.', 'Date of Birth'])
      expect(words(html)).toContain(label)
    expect(html).toMatch(/<a href="\/panel\/100.01\/customer\/personal-info" aria-current="page">Personal Info/)
    expect((await viewer.get(page)).status).toBe(403)
    expect((await viewer.get('/panel/100.01')).text).not.toContain('personal-info')
    expect((await viewer.post(page, {})).status).toBe(403)
  })

  it('001-128 001-129 001-130 001-132 001-137 001-138: what is typed is masked, sealed, and kept; everything may stay empty', async () => {
    const html = (await clerk.get(page)).text
    for (const name of ['licence', 'ssn']) expect(html).toMatch(new RegExp(`<input type="password" id="f-${name}"`))
    expect(words(html)).toContain('Idaho')
    expect((await clerk.post(page, await form())).status).toBe(303)
    expect(await stored()).toMatchObject({ ssn_sealed: null, birth_date: null })
    const typed = { licence: 'WH 123-4567', licenceState: 'ID', ssn: '123456789', birthDate: '02/29/1952' }
    expect((await clerk.post(page, await form(typed))).headers.location).toBe(page)
    const kept = await stored()
    expect(kept).toMatchObject({
      licence_last4: '4567',
      licence_state: 'ID',
      ssn_last4: '6789',
      birth_date: '1952-02-29',
    })
    expect(kept?.ssn_sealed).toMatch(/^v1\|/)
    expect(JSON.stringify(kept)).not.toContain('123456789')
  })

  it('001-133 001-137: refuses what is no number and no date, beside the field, and does not send it back', async () => {
    const refused = await clerk.post(page, await form({ ssn: '12-34', birthDate: '02/30/1952' }))
    expect(refused.status).toBe(422)
    expect(words(refused.text)).toContain('Write nine digits, with or without hyphens.')
    expect(refused.text).not.toContain('12-34')
    expect(words((await clerk.post(page, await form({ birthDate: '03/16/2026' }))).text)).toContain(
      'Nobody is born on that day',
    )
    expect((await clerk.post(page, await form({ ssn: '123-45-6780' }))).status).toBe(303)
    expect(await stored()).toMatchObject({ ssn_last4: '6780' })
  })

  it('001-129: a license number needs its state, and a state that was given stays while the number does', async () => {
    const before = await stored()
    for (const changes of [{ licence: 'WH 765-4321', licenceState: '' }, { licenceState: '' }]) {
      const refused = await clerk.post(page, await form(changes))
      expect([refused.status, refused.text]).toEqual([
        422,
        expect.stringMatching(/id="f-licenceState-e">Choose the state/),
      ])
    }
    expect(await stored()).toEqual(before)
  })

  it('001-134: shows the last four, and saving a masked field leaves the stored value', async () => {
    const html = (await clerk.get(page)).text
    expect(words(html)).toContain('•••-••-6780')
    expect(words(html)).toContain('•••••4567')
    expect(html).not.toContain('_sealed')
    const before = await stored()
    await clerk.post(page, await form({ licenceState: 'MT' }))
    expect(await stored()).toEqual({ ...before, licence_state: 'MT' })
    await clerk.post(page, await form({ ssn: '•••-••-6780' }))
    expect(await stored()).toEqual({ ...before, licence_state: 'MT' })
  })

  it('001-131 001-135 001-136: Show asks for the password again and writes down who looks before it shows', async () => {
    expect((await clerk.get(page)).text).not.toContain('Show with password')
    expect((await clerk.get(`${page}/ssn/show`)).status).toBe(403)
    expect((await supervisor.get(page)).text).toContain(`href="${page}/ssn/show"`)
    expect(words((await supervisor.get(`${page}/ssn/show`)).text)).toContain('Show Social Security No.')
    const wrong = await supervisor.post(`${page}/ssn/show`, { password: 'not this one', reason: 'to know' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).not.toContain('123-45-6780')
    const looked = () =>
      rows(
        town.db,
        sql`select actor, subject_key, new->>'field' as field, reason, customer_id is not null as private from audit where action = 'show'`,
      )
    expect(await looked()).toEqual([])
    const shown = await supervisor.post(`${page}/ssn/show`, { password: PASSWORD, reason: 'Asked by the customer' })
    expect(shown.status).toBe(200)
    expect(words(shown.text)).toContain('123-45-6780')
    expect(shown.headers['cache-control']).toContain('no-store')
    expect(await looked()).toEqual([
      { actor: supervisor.user.id, subject_key: '100', field: 'ssn', reason: 'Asked by the customer', private: true },
    ])
    expect(words((await supervisor.post(`${page}/licence/show`, { password: PASSWORD, reason: 'x' })).text)).toContain(
      'WH 123-4567',
    )
    expect(await looked()).toHaveLength(2)
  })

  it('a customer who gets another number keeps readable numbers, and a hyphen takes a number away', async () => {
    const record = formOf((await clerk.get('/customers/100')).text, 'record')
    expect((await clerk.post('/customers/100', { ...record, number: '1000' })).status).toBe(303)
    const shown = await supervisor.post(`${page}/ssn/show`, { password: PASSWORD, reason: 'x' })
    expect(words(shown.text)).toContain('123-45-6780')
    const back = formOf((await clerk.get('/customers/1000')).text, 'record')
    await clerk.post('/customers/1000', { ...back, number: '100' })
    expect((await clerk.post(page, await form({ ssn: '-' }))).status).toBe(303)
    expect(await stored()).toMatchObject({ ssn_sealed: null, ssn_last4: null, licence_last4: '4567' })
    expect((await supervisor.get(`${page}/ssn/show`)).status).toBe(404)
  })

  it('the audit trail names the change and never holds the number; a private customer is not there', async () => {
    const trail = await rows<{ old: object; new: object }>(
      town.db,
      sql`select old, new from audit where subject = 'customer'`,
    )
    expect(JSON.stringify(trail)).not.toMatch(/v1\||123-45-6780|sealed/)
    expect((await supervisor.get('/panel/300.01/customer/personal-info')).status).toBe(404)
    expect((await supervisor.get('/panel/300.01/customer/personal-info/ssn/show')).status).toBe(404)
  })

  it('Customer ID stands above it and is saved from here; the owner has the same tab', async () => {
    const html = (await clerk.get(page)).text
    const saved = await clerk.post('/panel/100.01/customer', { ...formOf(html, 'person'), spouse: 'Marge' })
    expect(saved.headers.location).toBe(page)
    const wrong = await clerk.post('/panel/100.01/customer', {
      ...formOf((await clerk.get(page)).text, 'person'),
      name: '',
    })
    expect([wrong.status, words(wrong.text)]).toEqual([422, expect.stringContaining('Name is needed.')])
    expect(wrong.text).toContain('id="f-ssn"')
    expect((await clerk.get('/panel/100.01/owner/personal-info')).status).toBe(404)
    await town.db.execute(sql`update location set owner_customer_id = (select id from customer where number = '100')`)
    expect((await clerk.get('/panel/100.01/owner/personal-info')).status).toBe(200)
    expect((await supervisor.get('/panel/100.01/owner/personal-info/licence/show')).status).toBe(200)
  })

  it('two clerks: the second is told what changed', async () => {
    const late = await form()
    await clerk.post(page, await form({ licenceState: 'WY' }))
    const told = await clerk.post(page, { ...late, licenceState: 'UT' })
    expect(told.status).toBe(409)
    expect(words(told.text)).toContain('State was Montana and is now Wyoming; you typed Utah.')
  })
})
