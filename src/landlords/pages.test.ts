import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectWaiting } from '../accounts/waiting.ts'
import { one } from '../db/db.ts'
import { reverse } from '../ledger/reverse.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { owingTown } from '../testing/setup-town.ts'

let town: TestTown
let supervisor: Browser
let viewer: Browser
let clerk: Browser

beforeAll(async () => {
  town = await owingTown()
  const app = appFor(town, { today: '2026-04-20' })
  supervisor = await signedIn(town, 'supervisor', app)
  viewer = await signedIn(town, 'viewer', app)
  clerk = await signedIn(town, 'clerk', app)
  const agreed = {
    account: '1.01',
    service: 'WA',
    amount: '100.00',
    installments: '1',
    agreedOn: '04/20/2026',
    description: '',
  }
  await supervisor.post('/deposits', agreed)
  const form = formOf((await supervisor.get('/accounts/1.01/deposits/take')).text, 'take')
  await supervisor.post('/accounts/1.01/deposits', { ...form, method: 'cash' })
})
afterAll(() => town.drop())

const state = (account: string) =>
  one<{ status: string; until: string | null; services: string[]; held: string; owed: string }>(
    town.db,
    sql`select a.activity_status as status, a.disconnect_date::text as until,
      (select json_agg(s.code || ' ' || coalesce(x.disconnect_date::text, 'on') order by s.sort) from account_service x join service s on s.id = x.service_id where x.account_id = a.id) as services,
      (select coalesce(-sum(balance), 0)::numeric(14,2)::text from ledger.deposit_balance b where b.account_id = a.id) as held,
      (select coalesce(sum(unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = a.id) as owed
    from account a where a.number = ${account}`,
  )

const save = async (location: string, typed: Record<string, string | undefined>) => {
  const form = { ...formOf((await supervisor.get(`/landlords/${location}`)).text, 'property'), ...typed }
  return supervisor.post(
    `/landlords/${location}`,
    Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined)) as Record<string, string>,
  )
}

describe('Landlords and Final bill', () => {
  it('003-038 003-044: an existing customer becomes landlord of a property, with an agreement', async () => {
    expect(words((await supervisor.get('/landlords')).text)).toContain('No location has a landlord yet')
    expect(words((await save('1', { rental: 'on', landlord: '' })).text)).toContain('A rental has a landlord.')
    expect(words((await save('1', { rental: 'on', landlord: '99' })).text)).toContain('There is no customer 99.')
    expect((await save('1', { rental: 'on', landlord: '3', noticeCopies: 'on', since: '04/01/2026' })).status).toBe(303)
    const list = words((await supervisor.get('/landlords')).text)
    expect(list).toContain('1 Main St 3 Customer 3 1.01 Customer 1 tenant back to the landlord, copies of notices')
    expect((await viewer.get('/landlords/1')).text).not.toContain('Save')
    expect((await viewer.post('/landlords/1', {})).status).toBe(403)
  })

  it('003-039 003-040: the tenant moves out: last read, every service disconnected, deposit applied, statement, Final', async () => {
    const page = await supervisor.get('/final-bill/1.01')
    const form = formOf(page.text, 'leave')
    expect(form).toMatchObject({ 'read-1': '1245', applyDeposit: 'on', statement: 'on' })
    const early = await supervisor.post('/final-bill/1.01', { ...form, date: '04/21/2026' })
    expect(words(early.text)).toContain('The last day of service is not after today.')
    const back = await supervisor.post('/final-bill/1.01', { ...form, date: '04/09/2026', 'read-1': '1300' })
    expect(words(back.text)).toContain('The last read is 1245 on 04/10/2026')
    expect(await state('1.01')).toMatchObject({ status: 'Current' })
    await supervisor.post('/final-bill/1.01', { ...form, date: '04/15/2026', 'read-1': '1260' })
    await supervisor.post('/final-bill/1.01', { ...form, date: '04/15/2026', 'read-1': '1260' })
    expect(await state('1.01')).toEqual({
      status: 'Final',
      until: '2026-04-15',
      services: ['WA 2026-04-15', 'SE 2026-04-15', 'GA 2026-04-15'],
      held: '37.85',
      owed: '0.00',
    })
    const done = words((await supervisor.get('/final-bill/1.01')).text)
    expect(done).toContain('37.85 of the deposit is left')
    expect(done).toMatch(/Final statement \d+ Copy for the landlord Customer 3, by mail/)
  })

  it('is undone while nothing was posted since: connected again, the deposit back, the read out', async () => {
    expect((await supervisor.post('/final-bill/1.01/undo', {})).status).toBe(303)
    expect(await state('1.01')).toMatchObject({
      status: 'Current',
      until: null,
      services: ['WA on', 'SE on', 'GA on'],
      held: '100.00',
      owed: '62.15',
    })
    const last = await one<{ read: string }>(
      town.db,
      sql`select trim_scale(reading)::text as read from reading order by read_date desc limit 1`,
    )
    expect(last?.read).toBe('1245')
    const form = formOf((await supervisor.get('/final-bill/1.01')).text, 'leave')
    await supervisor.post('/final-bill/1.01', { ...form, date: '04/15/2026', 'read-1': '1260' })
    expect(await state('1.01')).toMatchObject({ status: 'Final', held: '37.85' })
  })

  it('is undone too where its deposit was reversed by hand before', async () => {
    const { application } = (await one<{ application: string }>(town.db, sql`select application from move_out`)) ?? {}
    await reverse(town.db, { number: application ?? '', kind: 'Rev', reason: 'by hand', actor: 0, today: '2026-04-20' })
    expect((await supervisor.post('/final-bill/1.01/undo', {})).status).toBe(303)
    expect(await state('1.01')).toMatchObject({ status: 'Current', held: '100.00' })
    const form = formOf((await supervisor.get('/final-bill/1.01')).text, 'leave')
    await supervisor.post('/final-bill/1.01', { ...form, date: '04/15/2026', 'read-1': '1260' })
    expect(await state('1.01')).toMatchObject({ status: 'Final', held: '37.85' })
  })

  it('is undone only by somebody who may reverse the deposit that it applied', async () => {
    const page = await clerk.get('/final-bill/1.01')
    expect(page.text).not.toContain('Undo the final bill')
    expect(words(page.text)).toContain('that is for somebody who may reverse payments')
    expect((await clerk.post('/final-bill/1.01/undo', {})).status).toBe(303)
    expect(await state('1.01')).toMatchObject({ status: 'Final', held: '37.85' })
  })

  it('is not undone while somebody who was connected since begins with its read', async () => {
    await town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status, connect_date)
      select '2.09', (select id from customer where number = '2'), location_id, account_status_id, 'Final', '2026-04-16' from account where number = '1.01'`)
    await town.db.execute(sql`insert into beginning_read (account_id, meter_id, read_date, reading)
      select a.id, m.id, '2026-04-15', 1260 from account a, meter m where a.number = '2.09'`)
    expect(words((await supervisor.get('/final-bill/1.01')).text)).not.toContain('Undo')
    const refused = await supervisor.post('/final-bill/1.01/undo', {})
    expect(words((await supervisor.get(refused.headers.location ?? '')).text)).toContain(
      'Another account begins with the read',
    )
    expect(await state('1.01')).toMatchObject({ status: 'Final' })
    await town.db.execute(
      sql`delete from beginning_read where account_id = (select id from account where number = '2.09')`,
    )
    await town.db.execute(sql`delete from account where number = '2.09'`)
  })

  it('is not undone while an account is Current there that is not shown', async () => {
    await town.db.execute(sql`insert into customer (number, name, public) values ('90', 'Hidden', false)`)
    await town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status)
      select '90.01', (select id from customer where number = '90'), location_id, account_status_id, 'Current' from account where number = '1.01'`)
    const refused = await supervisor.post('/final-bill/1.01/undo', {})
    expect(words((await supervisor.get(refused.headers.location ?? '')).text)).toContain('Somebody else is Current')
    expect(await state('1.01')).toMatchObject({ status: 'Final' })
    await town.db.execute(sql`delete from account where number = '90.01'`)
    await supervisor.post('/final-bill/1.01/undo', {})
    const form = formOf((await supervisor.get('/final-bill/1.01')).text, 'leave')
    await supervisor.post('/final-bill/1.01', { ...form, date: '04/15/2026', 'read-1': '1260' })
    expect(await state('1.01')).toMatchObject({ status: 'Final', held: '37.85' })
  })

  it('003-041: with a new tenant: Setup New Customers opens with the copy filled in', async () => {
    const page = await supervisor.get('/final-bill/1.01')
    const href = /href="(\/setup-new-customers\?[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const setup = formOf((await supervisor.get(href)).text, 'setup')
    expect(setup).toMatchObject({ copy: 'on', previous: '1.01' })
  })

  it('003-042: without one: back to the landlord in one step, with the services, at the last read', async () => {
    const main = async () => /class="btn pri"[^>]*>([^<]*)</.exec((await supervisor.get('/final-bill/1.01')).text)?.[1]
    expect(await main()).toBe('Reconnect service to the landlord')
    expect(words((await supervisor.get('/final-bill/1.01')).text)).toContain(
      'As agreed, service at this address goes back to Customer 3, the landlord: a new account with the same services from 04/16/2026',
    )
    await save('1', { autoConnect: undefined })
    expect(await main()).not.toBe('Reconnect service to the landlord')
    expect(words((await supervisor.get('/final-bill/1.01')).text)).toContain(
      'No new tenant? Service at this address can go back to Customer 3, the landlord, from 04/16/2026.',
    )
    const answer = await supervisor.post('/landlords/1/reconnect', {})
    expect(answer.headers.location).toBe('/panel/3.02')
    const found = await one<{ connect: string; services: string[]; read: string }>(
      town.db,
      sql`select a.connect_date::text as connect, (select json_agg(s.code || ' ' || coalesce(x.rate, '') order by s.sort) from account_service x join service s on s.id = x.service_id where x.account_id = a.id) as services,
        (select trim_scale(b.reading)::text from beginning_read b where b.account_id = a.id) as read from account a where a.number = '3.02'`,
    )
    expect(found).toEqual({ connect: '2026-04-16', services: ['WA W-5/8', 'SE ', 'GA '], read: '1260' })
    await supervisor.post('/landlords/1/reconnect', {})
    expect(words((await supervisor.get('/landlords/1')).text)).toContain('Connected to 3.02 Customer 3, the landlord')
    await supervisor.post('/final-bill/1.01/undo', {})
    expect(await state('1.01')).toMatchObject({ status: 'Final' })
  })

  it('003-043: a new customer is set up as landlord, without an account', async () => {
    const start = '/setup-new-customers?landlord=2'
    const page = await supervisor.get(start)
    const next = await supervisor.post(start, {
      ...formOf(page.text, 'setup'),
      name: 'Ferry Rentals',
      kind: 'profit',
      customerTypeId: 'none',
      do: 'next',
    })
    const location = next.headers.location as string
    const second = formOf((await supervisor.get(location)).text, 'setup')
    expect(second).toMatchObject({ kind: 'none', landlordOf: '2' })
    const review = (await supervisor.post(location, { ...second, do: 'next' })).headers.location as string
    const done = (await supervisor.post(review, { do: 'create' })).headers.location as string
    expect(words((await supervisor.get(done)).text)).toContain('Ferry Rentals is set up')
    expect(words((await supervisor.get('/landlords')).text)).toContain('Ferry Rentals 2.01 Customer 2 tenant')
  })

  it('left today: the landlord waits for tomorrow, once, and is not offered again', async () => {
    const form = formOf((await supervisor.get('/final-bill/2.01')).text, 'leave')
    await supervisor.post('/final-bill/2.01', { ...form, date: '04/20/2026' })
    const both = await Promise.all([1, 2].map(() => supervisor.post('/landlords/2/reconnect', {})))
    expect(both.map(({ headers }) => headers.location).sort()).toEqual([
      '/landlords/2',
      expect.stringMatching(/^\/panel\//),
    ])
    const made = await one(
      town.db,
      sql`select a.activity_status as status, a.connect_date::text as connect, count(*) over ()::int as accounts
        from account a join customer c on c.id = a.customer_id where c.name = 'Ferry Rentals'`,
    )
    expect(made).toEqual({ status: 'Waiting', connect: '2026-04-21', accounts: 1 })
    for (const page of ['/landlords/2', '/final-bill/2.01']) {
      const { text } = await supervisor.get(page)
      expect(text).not.toContain('/landlords/2/reconnect"')
      expect(words(text)).toMatch(/Ferry Rentals, account \S+ , waits to be connected on 04\/21\/2026/)
    }
    expect(await connectWaiting(town.db, '2026-04-21')).toBe(1)
    expect(words((await supervisor.get('/landlords/2')).text)).toContain('Ferry Rentals, the landlord')
  })

  it('the property is sold, and returned to non-rental; the landlord and the agreement are kept for when it is rented again', async () => {
    expect((await save('1', { landlord: '2', noticeCopies: 'on' })).status).toBe(303)
    const kept = () =>
      one(
        town.db,
        sql`select n.rental, c.number as owner, g.notice_copies as copies from location n left join customer c on c.id = n.owner_customer_id
          left join landlord_agreement g on g.location_id = n.id where n.number = '1'`,
      )
    expect((await save('1', { rental: undefined })).status).toBe(303)
    expect(await kept()).toEqual({ rental: false, owner: '2', copies: true })
    expect(words((await supervisor.get('/landlords/1')).text)).toContain('No rental: the resident is the owner.')
    expect((await save('1', { rental: 'on' })).status).toBe(303)
    expect(await kept()).toEqual({ rental: true, owner: '2', copies: true })
  })
})
