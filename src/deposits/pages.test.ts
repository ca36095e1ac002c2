import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { owingTown } from '../testing/setup-town.ts'

let town: TestTown
let clerk: Browser
let supervisor: Browser

beforeAll(async () => {
  town = await owingTown()
  const app = appFor(town, { today: '2026-04-20' })
  clerk = await signedIn(town, 'clerk', app)
  supervisor = await signedIn(town, 'supervisor', app)
})
afterAll(() => town.drop())

const NEW = {
  account: '1.01',
  service: 'WA',
  amount: '100.00',
  installments: '2',
  agreedOn: '04/20/2026',
  description: '',
}

async function taken(by: Browser, account: string, fields: Record<string, string>) {
  const form = formOf((await by.get(`/accounts/${account}/deposits/take`)).text, 'take')
  return by.post(`/accounts/${account}/deposits`, { ...form, ...fields })
}

const books = () =>
  one<{ held: string; owed: string; cash: string }>(
    town.db,
    sql`select (select coalesce(-sum(balance), 0)::numeric(14,2)::text from ledger.deposit_balance) as held,
      (select coalesce(sum(unpaid), 0)::numeric(14,2)::text from ledger.open_item) as owed,
      (select coalesce(sum(debit - credit), 0)::numeric(14,2)::text from ledger.journal j join gl_account g on g.id = j.gl_account_id where g.number = '1010') as cash`,
  )

const act = async (deposit: string, action: string, fields: Record<string, string>) => {
  const url = `/deposits/${deposit}/${action}`
  const form = formOf((await supervisor.get(url)).text, 'release')
  return supervisor.post(url, { ...form, reason: 'test', ...fields })
}

describe('Deposits', () => {
  it('says where to allow deposits while no service takes one, and shows no form', async () => {
    const taking = await rows<{ id: number }>(town.db, sql`select id from service where deposit_allowed`)
    await town.db.execute(sql`update service set deposit_allowed = false`)
    const page = await clerk.get('/deposits/new')
    await town.db.execute(
      sql`update service set deposit_allowed = true where id = any(${sql.param(taking.map(({ id }) => id))}::int[])`,
    )
    expect(words(page.text)).toMatch(
      /No service takes a deposit\. Tick Deposit allowed under Organization (>|&gt;) Services ?\./,
    )
    expect(page.text).not.toContain('id="deposit"')
    expect((await clerk.get('/deposits/new')).text).toContain('id="deposit"')
  })

  it('003-056: a service deposit is agreed, in at most so many instalments, for a service that takes one', async () => {
    const wrong = await clerk.post('/deposits', { ...NEW, service: 'GA' })
    expect(wrong.status).toBe(422)
    const many = await clerk.post('/deposits', { ...NEW, installments: '9' })
    expect(words(many.text)).toContain('At most 4 instalments')
    const odd = await clerk.post('/deposits', { ...NEW, amount: '1.234' })
    expect(odd.text).toMatch(/<a href="#f-amount">Amount: Write an amount like 42.50.<\/a>/)
    expect(odd.text).toMatch(/id="f-amount-e">Write an amount like 42.50.</)
    const small = await clerk.post('/deposits', { ...NEW, amount: '0.02', installments: '3' })
    expect(words(small.text)).toContain('0.02 in 3 instalments: one would be less than 0.01.')
    const made = await clerk.post('/deposits', NEW)
    expect(made.headers.location).toBe('/deposits/1001')
    expect(words((await clerk.get('/deposits?show=collect')).text)).toContain('100.00 0.00 100.00 0.00')
  })

  it('is taken by a Dep with its receipt, the first instalment filled in, once for a request, not above what was agreed', async () => {
    const form = formOf((await clerk.get('/accounts/1.01/deposits/take')).text, 'take')
    expect(form).toMatchObject({ 'take-1001': '50.00' })
    const answer = await clerk.post('/accounts/1.01/deposits', { ...form, method: 'cash' })
    expect(answer.headers.location).toMatch(/^\/receipts\//)
    await clerk.post('/accounts/1.01/deposits', { ...form, method: 'cash' })
    expect(await books()).toEqual({ held: '50.00', owed: '62.15', cash: '50.00' })
    expect(words((await clerk.get(answer.headers.location as string)).text)).toContain('Deposit 1001 for Water')
    const above = await taken(clerk, '1.01', { 'take-1001': '60.00', method: 'cash' })
    expect(words(above.text)).toContain('50.00 is to be collected; no more can be taken.')
    expect((await taken(clerk, '1.01', { 'take-1001': '50.00', method: 'cash' })).status).toBe(303)
    expect(await books()).toMatchObject({ held: '100.00' })
  })

  it('max holding 150.00: 100.00 held and 60.00 more is refused', async () => {
    await town.db.execute(sql`insert into setting (name, value) values ('maximum_deposit_holding', '150.00')`)
    await clerk.post('/deposits', { ...NEW, service: 'SE', amount: '60.00', installments: '1' })
    const refused = await taken(clerk, '1.01', { 'take-1002': '60.00', method: 'cash' })
    expect(words(refused.text)).toContain('A customer may hold 150.00 in deposits; 100.00 is held already')
    expect(await books()).toMatchObject({ held: '100.00' })
  })

  it('is applied to what is owed, refunded, and both are reversed; deposits are a liability', async () => {
    expect((await clerk.get('/deposits/1001/refund')).status).toBe(403)
    expect(words((await act('1001', 'apply', { amount: '70.00' })).text)).toContain(
      '62.15 is owed; no more can be applied.',
    )
    expect((await act('1001', 'apply', { amount: '62.15' })).status).toBe(303)
    expect(await books()).toEqual({ held: '37.85', owed: '0.00', cash: '100.00' })
    await act('1001', 'refund', { amount: '37.85' })
    expect(await books()).toEqual({ held: '0.00', owed: '0.00', cash: '62.15' })
    expect(words((await supervisor.get('/payments/refunds')).text)).toContain('37.85')
    const page = await supervisor.get('/deposits/1001')
    expect(words(page.text)).toContain('Deposit 1001 applied')
    for (const type of ['DepRef', 'DepApp']) {
      const row = await one<{ id: string }>(town.db, sql`select id::text from ledger.transaction where type = ${type}`)
      const url = `/accounts/1.01/transactions/${row?.id}/reverse`
      const text = (await supervisor.get(url)).text
      const id = /name="requestId" value="([^"]+)"/.exec(text)?.[1] ?? ''
      expect((await supervisor.post(url, { requestId: id, reason: 'wrong', date: '' })).status).toBe(303)
    }
    expect(await books()).toEqual({ held: '100.00', owed: '62.15', cash: '100.00' })
  })

  it('is moved to another account; what is held together and cash stay', async () => {
    expect(words((await act('1001', 'transfer', { to: '9.99', amount: '40.00' })).text)).toContain(
      'There is no account 9.99.',
    )
    const moved = await act('1001', 'transfer', { to: '2.01', amount: '40.00' })
    expect(moved.status).toBe(303)
    expect(await books()).toEqual({ held: '100.00', owed: '62.15', cash: '100.00' })
    const list = words((await clerk.get('/deposits?q=2.01')).text)
    expect(list).toContain('1003 2.01 Customer 2')
    expect(list).toContain('40.00')
    expect(await town.db.execute(sql`select * from ledger.check_ledger() where faults > 0`)).toHaveLength(0)
    expect((await clerk.get('/deposit-list.csv')).text).toContain('1003,2.01,Customer 2')
  })

  it('an agreement is changed, not below what came, and deleted while nothing was posted', async () => {
    const form = formOf((await clerk.get('/deposits/1001')).text, 'agreement')
    expect(words((await clerk.post('/deposits/1001', { ...form, amount: '10.00' })).text)).toContain(
      'was received already',
    )
    expect((await clerk.post('/deposits/1001', { ...form, amount: '120.00' })).status).toBe(303)
    expect((await clerk.post('/deposits/1001', { ...form, amount: '120.00' })).status).toBe(409)
    await clerk.post('/deposits/1002/delete', {})
    expect((await clerk.get('/deposits/1002')).status).toBe(404)
  })

  it('lists a page at a time; what stands below, and the file, are of all', async () => {
    await town.db.execute(sql`insert into deposit_agreement (number, account_id, service_id, amount, agreed_on)
      select 'L' || x, a.id, s.id, 10, '2026-04-20' from generate_series(1, 2010) x, account a, service s where a.number = '2.01' and s.code = 'WA'`)
    const first = await clerk.get('/deposits?show=collect&q=2.01')
    expect(first.text.match(/href="\/deposits\/L\d+"/g)).toHaveLength(100)
    expect(words(first.text)).toContain('Together 20,100.00')
    expect(words(first.text)).toContain('Page 1 of 21')
    const last = await clerk.get('/deposits?show=collect&q=2.01&page=21')
    expect(last.text.match(/href="\/deposits\/L\d+"/g)).toHaveLength(10)
    const file = (await clerk.get('/deposit-list.csv?show=collect&q=2.01')).text
    expect(file.match(/^L\d+,/gm)).toHaveLength(2010)
  })
})
