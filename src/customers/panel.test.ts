import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser
let second: Browser
let administrator: Browser
let viewer: Browser

const TODAY = '2026-03-15'
const page = '/panel/100.01/customer'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  const customer = {
    ...{
      kind: 'individual',
      firstName: 'Dale',
      middleName: 'R.',
      lastName: 'Whitcomb',
      title: 'Mr.',
      spouse: 'Marjorie',
    },
    ...{ addressLine1: 'PO Box 214', city: 'Marlow Ferry', state: 'ID', zip: '83000', altCustomerId: 'WHITC01' },
  }
  await anAccount(town.db, { number: '100.01', name: 'Dale R. Whitcomb', customer })
  await anAccount(town.db, { number: '100.02', name: 'Dale R. Whitcomb', account: { activityStatus: 'Final' } })
  await anAccount(town.db, {
    number: '200.01',
    name: 'Harlow Rentals LLC',
    customer: { kind: 'profit', businessName: 'Harlow Rentals LLC' },
  })
  await anAccount(town.db, { number: '300.01', name: 'Hidden Person', customer: { public: false } })
  await town.db.execute(sql`insert into account_status (code, name) values ('N10', '10-day notice')`)
  const app = appFor(town, { today: TODAY })
  clerk = await signedIn(town, 'clerk', app)
  second = await signedIn(town, 'clerk', app)
  administrator = await signedIn(town, 'administrator', app)
  viewer = await signedIn(town, 'viewer', app)
})
afterAll(() => town.drop())

/** The form as it opened, with changes. */
async function form(changes: Record<string, string | string[] | undefined> = {}, url = page, who = clerk) {
  return { ...formOf((await who.get(url)).text, 'person'), ...changes }
}
const id = async (table: string, code: string) =>
  String((await one<{ id: number }>(town.db, sql`select id from ${sql.raw(table)} where code = ${code}`))?.id)

describe('Customer ID', () => {
  it('001-062 001-100: opens the panel, with Customer ID, the personal information tabs and the Message Center', async () => {
    const html = (await clerk.get('/panel/100.01')).text
    expect((await clerk.get(page)).status).toBe(200)
    for (const part of ['Customer ID', 'Address', 'Message Center', 'Notes']) expect(words(html)).toContain(part)
    expect(html).toMatch(/<nav class="tabs"[^>]*><a href="\/panel\/100.01\/customer" aria-current="page"/)
    expect(html).toMatch(/<nav class="subtabs"[^>]*><a href="\/panel\/100.01\/customer" aria-current="page">Address/)
    expect(words(html)).toMatch(/Last changed|Customer 100/)
  })

  it('001-063 to 001-067: Customer Type decides between Title, Name, Spouse and Business Name', async () => {
    const html = (await clerk.get(page)).text
    const text = words(html)
    expect(text).toContain('Customer Type Individual Profit (corporate) Non-Profit Government')
    expect(text).toContain('Title Mr. Mrs. Ms. Dr.')
    for (const name of ['title', 'firstName', 'middleName', 'lastName', 'suffix', 'spouse'])
      expect(html).toMatch(new RegExp(`of-person[\\s\\S]*name="${name}"`))
    expect(html).toMatch(/of-business[\s\S]*name="businessName"/)
    const saved = await clerk.post(page, await form({ firstName: 'Dan' }))
    expect([saved.status, saved.headers.location]).toEqual([303, page])
    expect(await one(town.db, sql`select name, first_name from customer where number = '100'`)).toEqual({
      name: 'Dan R. Whitcomb',
      first_name: 'Dan',
    })
    await clerk.post('/panel/200.01/customer', await form({ businessName: 'Harlow Homes' }, '/panel/200.01/customer'))
    expect(await one(town.db, sql`select name from customer where number = '200'`)).toEqual({ name: 'Harlow Homes' })
  })

  it('001-064: titles are set up, and one that is not set up any more stays', async () => {
    const added = await administrator.post('/organization/titles/new', { name: 'Rev.' })
    expect(added.status).toBe(303)
    expect(words((await clerk.get(page)).text)).toContain('Dr. Rev.')
    expect((await clerk.post(page, await form({ title: 'Sir' }))).status).toBe(422)
    await town.db.execute(sql`update customer set title = 'Sir' where number = '100'`)
    expect((await clerk.post(page, await form({}))).status).toBe(303)
    expect(await one(town.db, sql`select title from customer where number = '100'`)).toEqual({ title: 'Sir' })
  })

  it('001-068 001-069: Alt Customer ID is optional and finds the customer', async () => {
    expect((await clerk.get('/panel?q=whitc01')).headers.location ?? '').toMatch(/^(\/panel\/100\.0\d)?$/)
    expect((await clerk.get('/panel?q=whitc01&live=yes', { 'HX-Request': 'true' })).text).toContain('/panel/100.01')
    await clerk.post(page, await form({ altCustomerId: '' }))
    expect(await one(town.db, sql`select alt_customer_id from customer where number = '100'`)).toEqual({
      alt_customer_id: null,
    })
  })

  it('001-070 001-071 001-076 001-077: a new Account Status is dated by itself, and only a new one', async () => {
    expect(words((await clerk.get(page)).text)).toContain('Account Status Current 10-day notice Shutoff')
    const notice = await id('account_status', 'N10')
    expect((await clerk.post(page, await form({ accountStatusId: notice }))).status).toBe(303)
    expect(words((await clerk.get(page)).text)).toContain('Date Status Assigned 03/15/2026')
    await town.db.execute(sql`update account set status_since = '2026-01-02' where number = '100.01'`)
    await clerk.post(page, await form({ spouse: 'M.' }))
    expect(
      await rows(
        town.db,
        sql`select status_since::text as since from account where number like '100.%' order by number`,
      ),
    ).toEqual([{ since: '2026-01-02' }, { since: null }])
    expect((await clerk.post(page, await form({ statusSince: '2020-01-01' }))).status).toBe(400)
  })

  it('001-072 to 001-075: the set-up of statuses keeps Current and Shutoff and needs its own permission', async () => {
    const current = await id('account_status', 'CURRENT')
    const url = `/organization/account-status/${current}`
    expect(words((await administrator.get(url)).text)).toContain('Current and Shutoff are fixed')
    expect((await administrator.get(url)).text).not.toContain(`${url}/delete`)
    expect((await clerk.post('/organization/account-status/new', { code: 'X', name: 'X' })).status).toBe(403)
    expect((await administrator.post('/organization/account-status/new', { code: 'X', name: 'X' })).status).toBe(303)
    const added = await id('account_status', 'X')
    expect((await administrator.get(`/organization/account-status/${added}/delete`)).text).toContain('Delete')
  })

  it('001-078 001-079 001-080 001-082: the flags are ticked and cleared in place; Active is ticked on a new customer', async () => {
    const flags = { active: undefined, bankrupt: 'on', badDebt: 'on', sentToCollections: 'on', budgetBilling: 'on' }
    await clerk.post(page, await form(flags))
    expect(
      await one(
        town.db,
        sql`select active, bankrupt, bad_debt, sent_to_collections, budget_billing from customer where number = '100'`,
      ),
    ).toEqual({ active: false, bankrupt: true, bad_debt: true, sent_to_collections: true, budget_billing: true })
    const text = words((await clerk.get(page)).text)
    expect(text).toMatch(/bankruptcy/i)
    expect((await clerk.get('/customers/new')).text).toMatch(/name="active" value="on" checked/)
    await clerk.post(
      page,
      await form({
        active: 'on',
        bankrupt: undefined,
        badDebt: undefined,
        sentToCollections: undefined,
        budgetBilling: undefined,
      }),
    )
  })

  it('001-080 001-081: Public may be cleared by administrators, and then the account is there for them alone', async () => {
    expect((await clerk.get(page)).text).not.toContain('name="public"')
    expect((await clerk.post(page, await form({ public: 'on' }))).status).toBe(400)
    for (const url of ['/panel/300.01', '/panel/300.01/customer', '/customers/300', '/panel/300.01/owner'])
      expect([url, (await clerk.get(url)).status]).toEqual([url, 404])
    expect((await clerk.post('/panel/300.01/customer', {})).status).toBe(404)
    expect((await administrator.get('/panel/300.01')).text).toMatch(/name="public"[^>]* value="on">/)
    const hide = await form({ public: undefined }, '/panel/200.01/customer', administrator)
    expect((await administrator.post('/panel/200.01/customer', hide)).status).toBe(303)
    expect((await clerk.get('/panel/200.01')).status).toBe(404)
    await town.db.execute(sql`update customer set public = true where number = '200'`)
  })

  it('001-084 001-085: Do Not Accept Any Payments refuses every payment and shows on the card', async () => {
    await clerk.post(page, await form({ doNotAcceptPayments: 'on' }))
    expect(words((await clerk.get(page)).text)).toMatch(/no payments/i)
    const pay = await one<{ refused: boolean }>(
      town.db,
      sql`select do_not_accept_payments as refused from customer where number = '100'`,
    )
    expect(pay?.refused).toBe(true)
    await clerk.post(page, await form({ doNotAcceptPayments: undefined }))
  })

  it('001-113: what is needed carries a star, and nothing is saved while it is empty', async () => {
    const html = (await clerk.get(page)).text
    expect(html).toMatch(/<select id="f-kind" name="kind" required/)
    expect(html).toMatch(/<div class="field need of-person">/)
    const empty = { firstName: '', middleName: '', lastName: '', suffix: '', name: '' }
    const refused = await clerk.post(page, await form(empty))
    expect(refused.status).toBe(422)
    expect(words(refused.text)).toContain('Last name is needed.')
    expect((await clerk.get('/panel/100.01/customer/addresses/new')).text).toMatch(/name="addressLine1" required/)
    const address = await clerk.post('/panel/100.01/customer/addresses', { addressTypeId: '', addressLine1: '' })
    expect(words(address.text)).toContain('Address is needed.')
  })

  it('001-113 001-285: a name with a star is not saved empty, whatever the name on bills is', async () => {
    const business = await clerk.post(page, await form({ kind: 'profit', businessName: '' }))
    expect([business.status, words(business.text)]).toEqual([422, expect.stringContaining('Business Name is needed.')])
    expect(business.text).toContain('id="f-businessName-e"')
    const nobody = await clerk.post(page, await form({ firstName: '', middleName: '', lastName: '' }))
    expect(nobody.text).toContain('id="f-lastName-e">Last name is needed.')
  })

  it('two clerks: what changed beside the form is said in a sentence, and Save again works', async () => {
    const opened = await form({ altCustomerId: 'BESIDE' }, page, second)
    const [phone, home] = [`${page}/phones`, await id('phone_type', 'home')]
    expect((await clerk.post(phone, { phoneTypeId: home, number: '208-555-0177' })).status).toBe(303)
    const late = await second.post(page, opened)
    expect([late.status, words(late.text)]).toEqual([
      409,
      expect.stringMatching(/changed this while you had it open What was changed does not stand in this form\./),
    ])
    expect((await second.post(page, formOf(late.text, 'person'))).status).toBe(303)
    const { seen: _, ...without } = opened
    expect(words((await second.post(page, without)).text)).not.toContain('Save again to store it')
    expect(await one(town.db, sql`select alt_customer_id as alt from customer where number = '100'`)).toEqual({
      alt: 'BESIDE',
    })
  })

  it('two clerks: the second is told what changed, field by field, and saves with it', async () => {
    const opened = await form({ spouse: 'Marge' }, page, second)
    const status = await id('account_status', 'SHUTOFF')
    await clerk.post(page, await form({ zip: '83001', spouse: 'Mary', accountStatusId: status }))
    const late = await second.post(page, opened)
    expect(late.status).toBe(409)
    const text = words(late.text)
    expect(text).toContain(`${clerk.user.name} changed this while you had it open`)
    expect(text).toContain('Zip was 83000 and is now 83001.')
    expect(text).toContain('Spouse was M. and is now Mary; you typed Marge.')
    expect(text).toContain('Account Status was 10-day notice and is now Shutoff.')
    const again = formOf(late.text, 'person')
    expect(again).toMatchObject({ zip: '83001', spouse: 'Marge', accountStatusId: status })
    expect((await second.post(page, again)).status).toBe(303)
    expect(await one(town.db, sql`select zip, spouse from customer where number = '100'`)).toEqual({
      zip: '83001',
      spouse: 'Marge',
    })
  })

  it('a viewer sees and does not change; every save is audited', async () => {
    const html = (await viewer.get(page)).text
    expect(html).not.toContain('Ctrl+S')
    expect(html).toMatch(/name="spouse"[^>]* readonly/)
    expect((await viewer.post(page, await form({}, page, viewer))).status).toBe(403)
    const audited = sql`select count(*)::int as n from audit where subject = 'customer' and actor = ${second.user.id} and new->>'spouse' = 'Marge'`
    expect(await one(town.db, audited)).toEqual({ n: 1 })
  })
})
