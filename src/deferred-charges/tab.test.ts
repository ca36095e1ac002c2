import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { deferredCharge } from '../db/tables/auto-payment.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser
let viewer: Browser
let administrator: Browser

const at = '/organization/deferred-charges'
const page = '/panel/100.01/customer/deferred-charges'

beforeAll(async () => {
  town = await freshTown()
  const settings = { deferred_charges: 'yes' }
  await clerkTown(town.db, { settings, services: ['WA', 'SE', 'GA'].map((code) => ({ code })) })
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt', services: ['WA', 'SE'] })
  await anAccount(town.db, { number: '500.01', name: 'Hidden Person', customer: { public: false } })
  await aCharge(town.db, '100.01', '2026-11-05', { WA: '42.00' })
  await town.db.insert(deferredCharge).values([
    {
      code: 'ROUND',
      name: 'Round-up donation',
      signup: 'opt_out',
      trigger: 'overpayment',
      useFixed: true,
      fixed: '2.00',
      sort: 1,
    },
    { code: 'TREES', name: 'Trees', signup: 'opt_in', trigger: 'payment', useFixed: true, fixed: '1.00', sort: 2 },
    { code: 'OLD', name: 'Out of use', active: false, useFixed: true, fixed: '1.00', sort: 3 },
  ])
  const app = appFor(town, { today: '2026-11-20' })
  clerk = await signedIn(town, 'clerk', app)
  viewer = await signedIn(town, 'viewer', app)
  administrator = await signedIn(town, 'administrator', app)
})
afterAll(() => town.drop())

const ticked = (html: string) =>
  [...html.matchAll(/<input type="checkbox" id="f-c(\d+)"[^>]*checked/g)].map(([, id]) => id)

describe('Deferred Charges of a customer', () => {
  it('001-207 001-210 001-211 001-212 001-213: lists those in use; opt-out opens ticked, opt-in clear', async () => {
    const html = (await clerk.get(page)).text
    expect(words(html)).toContain('ROUND Round-up donation Opt-Out default an overpayment')
    expect(words(html)).toContain('TREES Trees Opt-In default a payment')
    expect(words(html)).not.toContain('Out of use')
    expect(ticked(html)).toEqual(['1'])
    expect(html).toMatch(/deferred-charges"[^>]*>Deferred Charges\s*<[^>]+>1</)
    expect((await clerk.get('/panel/500.01/customer/deferred-charges')).status).toBe(404)
  })

  it('001-214: participation is changed whatever the default; audited; what stays is not written', async () => {
    const form = formOf((await clerk.get(page)).text, 'deferred')
    const { c1, ...without } = form
    expect(c1).toBe('on')
    expect((await clerk.post(page, { ...without, c2: 'on' })).headers.location).toBe(page)
    expect(ticked((await clerk.get(page)).text)).toEqual(['2'])
    const trail = await rows(town.db, sql`select 1 from audit where subject = 'deferred_participation'`)
    expect(trail).toHaveLength(2)
    expect((await clerk.post(page, formOf((await clerk.get(page)).text, 'deferred'))).status).toBe(303)
    expect(await rows(town.db, sql`select 1 from audit where subject = 'deferred_participation'`)).toHaveLength(2)
    expect((await viewer.post(page, {})).status).toBe(403)
    expect((await viewer.get(page)).text).toMatch(/id="f-c1"[^>]*disabled/)
  })

  it('the payment screen shows what comes with a payment before it is taken, and the receipt explains it', async () => {
    const html = (await clerk.get('/accounts/100.01/payments/new?amount=42.00')).text
    expect(words(html)).toContain('Deferred charge')
    expect(words(html)).toContain('Trees, on WA: 1.00 (Fixed 1.00; no statement yet)')
    const typed = formOf(html, 'payment')
    const taken = await clerk.post('/accounts/100.01/payments', {
      ...typed,
      amount: '42.00',
      method: 'cash',
      step: 'take',
    })
    expect(taken.status).toBe(303)
    expect((await clerk.get(taken.headers.location ?? '')).status).toBe(200)
    const [{ id } = { id: '' }] = await rows<{ id: string }>(
      town.db,
      sql`select coalesce(number, id::text) as id from ledger.transaction where type = 'Misc'`,
    )
    expect(words((await clerk.get(`/accounts/100.01/transactions/${id}`)).text)).toContain(
      'Came with a payment: charged whenever one is made',
    )
  })

  it('001-208: switched off as a whole, the tab is not there', async () => {
    const billing = '/organization/organization/billing'
    const { deferredCharges, ...off } = formOf((await administrator.get(billing)).text, 'billing')
    expect(deferredCharges).toBe('on')
    expect((await administrator.post(billing, off)).status).toBe(303)
    expect((await clerk.get(page)).status).toBe(404)
    expect((await clerk.post(page, {})).status).toBe(404)
    expect((await clerk.get('/panel/100.01')).text).not.toContain('customer/deferred-charges')
    await administrator.post(billing, {
      ...formOf((await administrator.get(billing)).text, 'billing'),
      deferredCharges: 'on',
    })
    expect((await clerk.get(page)).status).toBe(200)
  })
})

describe('Organization > Deferred Charges', () => {
  const NEW = {
    code: 'GIVE 1',
    name: 'Give',
    active: 'on',
    signup: 'opt_in',
    trigger: 'overpayment',
    calculation: 'sum',
  }
  const fresh = async () => formOf((await administrator.get(`${at}/new`)).text, 'row')

  it('001-215 001-217 001-218 001-220 001-221 001-223 001-227: Add asks for everything and refuses what is missing', async () => {
    const html = words((await administrator.get(`${at}/new`)).text)
    for (const label of [
      'Code',
      'Active',
      'Description',
      'Signup Type',
      'Opt-In',
      'Opt-Out',
      'Trigger Type',
      'Fixed',
      'Percentage',
    ])
      expect(html).toContain(label)
    for (const label of [
      'Round-Up',
      'Maximum Of Checked',
      'Minimum Of Checked',
      'Sum Of Checked',
      'Never Let Amount Exceed',
      'GL Code',
    ])
      expect(html).toContain(label)
    const none = await administrator.post(`${at}/new`, { ...(await fresh()), ...NEW })
    expect(none.status).toBe(422)
    expect(none.text).toContain('Tick at least one of Fixed, Percentage and Round-Up')
    const half = await administrator.post(`${at}/new`, {
      ...(await fresh()),
      ...NEW,
      code: 'TOOLONG',
      useRoundUp: 'on',
    })
    expect(half.text).toContain('At most 6 characters')
    const empty = await administrator.post(`${at}/new`, { ...(await fresh()), ...NEW, useRoundUp: 'on', capped: 'on' })
    expect(empty.text).toContain('Round-Up is ticked: write the multiple')
    expect(empty.text).toContain('Never Let Amount Exceed is ticked: write the amount')
  })

  it('the example is calculated from what is typed, with scripts and without; nothing is stored', async () => {
    const typed = {
      ...(await fresh()),
      ...NEW,
      useFixed: 'on',
      fixed: '2.00',
      usePercentage: 'on',
      percentage: '5',
      useRoundUp: 'on',
      roundUp: '5',
    }
    const plain = await administrator.post(`${at}/new/try`, { ...typed, statement: '42.00' })
    expect(plain.status).toBe(200)
    expect(words(plain.text)).toContain('7.10 is charged: Fixed 2.00, Percentage 2.10, Round-Up 3.00')
    expect(formOf(plain.text, 'row')).toMatchObject({ code: 'GIVE 1', fixed: '2.00' })
    const part = await administrator.post(
      `${at}/new/try`,
      { ...typed, calculation: 'maximum', statement: '45.00' },
      { 'HX-Request': 'true' },
    )
    expect(part.text).not.toContain('<html')
    expect(words(part.text)).toContain('2.25 is charged')
    expect(words(part.text)).not.toContain('Description')
    expect(await rows(town.db, sql`select 1 from deferred_charge where code = 'GIVE 1'`)).toEqual([])
  })

  it('001-237 001-238 001-239 001-240: services in their order, with arrows, or the Company Payoff Order', async () => {
    const { companyOrder, ...own } = await fresh()
    expect(companyOrder).toBe('on')
    expect(words((await administrator.get(`${at}/new`)).text)).toContain('not used: the Company Payoff Order is')
    const press = async (order: string, action: string) => {
      const answer = await administrator.post(`${at}/new/try`, { ...own, ...NEW, serviceOrder: order, press: action })
      return formOf(answer.text, 'row').serviceOrder
    }
    expect(await press('', 'in:SE')).toBe('SE')
    expect(await press('SE\r\nWA', 'up:WA')).toBe('WA\nSE')
    expect(await press('SE\r\nWA', 'down:SE')).toBe('WA\nSE')
    expect(await press('SE\r\nWA', 'out:SE')).toBe('WA')
  })

  it('001-222 001-216 001-219: saved, Signup Type stays, arrows move it in the Apply Order; one in use is not deleted', async () => {
    const { companyOrder, ...own } = await fresh()
    expect(companyOrder).toBe('on')
    const typed = { ...own, ...NEW, useFixed: 'on', fixed: '2.00', serviceOrder: 'GA\r\nWA', statement: '42.00' }
    const saved = await administrator.post(`${at}/new`, typed)
    const mine = saved.headers.location ?? ''
    expect(mine).toMatch(/\/\d+$/)
    const [row] = await rows(
      town.db,
      sql`select service_order, company_order, sort from deferred_charge where code = 'GIVE 1'`,
    )
    expect(row).toEqual({ service_order: 'GA\nWA', company_order: false, sort: 4 })
    const again = formOf((await administrator.get(mine)).text, 'row')
    expect(again.signup).toBeUndefined()
    expect((await administrator.post(mine, { ...again, signup: 'opt_out' })).status).toBe(422)
    expect((await administrator.post(mine, { ...again, name: 'Give more' })).status).toBe(303)
    await administrator.post(`${mine}/move`, { to: 'up' })
    const order = await rows<{ code: string }>(town.db, sql`select code from deferred_charge order by sort, code`)
    expect(order.map(({ code }) => code)).toEqual(['ROUND', 'TREES', 'GIVE 1', 'OLD'])
    expect(words((await administrator.get(`${at}/1/delete`)).text)).toContain('ROUND is used by')
    expect((await clerk.post(`${at}/new/try`, {})).status).toBe(403)
  })
})
