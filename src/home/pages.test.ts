import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { account, customer, location } from '../db/tables/customers.ts'
import { signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
  const status =
    (await one<{ id: number }>(town.db, sql`select id from account_status where code = 'CURRENT'`))?.id ?? 0
  const add = async (number: string, name: string, isPublic: boolean, more: object = {}) => {
    const [who] = await town.db
      .insert(customer)
      .values({ number, name, public: isPublic, phone: `208-555-0${number.slice(-3)}`, altCustomerId: `OLD${number}` })
      .returning()
    const [where] = await town.db
      .insert(location)
      .values({ number: `L${number}`, serviceAddress: `${number} Tamarack St`, parcelNumber: `RP-${number}`, ...more })
      .returning()
    await town.db
      .insert(account)
      .values({ number: `${number}.01`, customerId: who?.id ?? 0, locationId: where?.id ?? 0, accountStatusId: status })
  }
  await add('1001', 'Avery, Ann', true)
  await add('1002', 'Birch, Bob', true)
  await add('1003', 'Judge, Hidden', false)
})
afterAll(() => town.drop())

describe('account lookup', () => {
  it.each(['1001.01', '1001', 'Avery', '1001 tam', 'RP-1001', 'OLD1001'])(
    'opens the only account found by %s',
    async (typed) => {
      const clerk = await signedIn(town, 'clerk')
      const answer = await clerk.get(`/go?q=${encodeURIComponent(typed)}`).expect(303)
      expect(answer.headers.location).toBe('/accounts/1001.01')
    },
  )
  it('S-35: a private account is found by administrators only, in the box and in its suggestions', async () => {
    const clerk = await signedIn(town, 'clerk')
    const admin = await signedIn(town, 'administrator')
    for (const path of ['/go?q=judge', '/go/suggestions?q=judge', '/go?q=tamarack', '/go?q=1003.01']) {
      expect((await clerk.get(path)).text).not.toContain('Judge, Hidden')
    }
    expect((await admin.get('/go?q=tamarack')).text).toContain('Judge, Hidden')
  })
})

describe('the first page', () => {
  it('opens a screen by its name and lists a menu', async () => {
    const admin = await signedIn(town, 'administrator')
    expect((await admin.get('/go?q=users and roles').expect(303)).headers.location).toBe('/organization/users')
    expect((await admin.get('/menu/organization').expect(200)).text).toContain('Users and roles')
    await admin.get('/menu/nothing').expect(404)
    expect((await admin.get('/go?q=runs').expect(303)).headers.location).toBe('/runs')
    expect((await admin.get('/')).text).toContain('<a class="btn mini" href="/runs">All runs</a>')
    const clerk = await signedIn(town, 'clerk')
    expect((await clerk.get('/go?q=users and roles').expect(200)).text).not.toContain('href="/organization/users"')
  })

  it('proves the ledger for those who may see its figures, in the page and alone', async () => {
    const auditor = await signedIn(town, 'auditor')
    expect((await auditor.get('/')).text).toContain('Prove now')
    const page = await auditor.post('/proof')
    expect(page.text).toContain('Every check is clean')
    const alone = await auditor.post('/proof', {}, { 'HX-Request': 'true' })
    expect(alone.text.trim()).toMatch(/^<section class="sheet" id="proof"/)
    const clerk = await signedIn(town, 'clerk')
    expect((await clerk.get('/')).text).not.toContain('Prove now')
    expect((await clerk.post('/proof')).status).toBe(403)
  })

  it('S-19: nothing personal in the address or the title of a found account', async () => {
    const clerk = await signedIn(town, 'clerk')
    const { text } = await clerk.get('/go?q=tamarack')
    expect(/<title>([^<]*)</.exec(text)?.[1]).not.toMatch(/Avery|Birch/)
  })
})
