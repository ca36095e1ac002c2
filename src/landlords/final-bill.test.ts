import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectWaiting } from '../accounts/waiting.ts'
import { one } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { owingTown } from '../testing/setup-town.ts'

let town: TestTown
let supervisor: Browser
let other: Browser
const PAGE = '/final-bill/1.01'

beforeAll(async () => {
  town = await owingTown()
  const app = appFor(town, { today: '2026-04-20' })
  supervisor = await signedIn(town, 'supervisor', app)
  other = await signedIn(town, 'supervisor', app)
  const agreed = { account: '1.01', service: 'WA', amount: '20.00', installments: '1', agreedOn: '04/20/2026' }
  await supervisor.post('/deposits', { ...agreed, description: '' })
  const form = formOf((await supervisor.get('/accounts/1.01/deposits/take')).text, 'take')
  await supervisor.post('/accounts/1.01/deposits', { ...form, method: 'cash' })
  await town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status, connect_date)
    select '2.09', (select id from customer where number = '2'), location_id, account_status_id, 'Waiting', '2026-05-01' from account where number = '1.01'`)
  await town.db.execute(sql`insert into beginning_read (account_id, meter_id, read_date, reading)
    select a.id, m.id, '2026-04-10', 1245 from account a, meter m where a.number = '2.09'`)
})
afterAll(() => town.drop())

const form = async () => formOf((await supervisor.get(PAGE)).text, 'leave')

const kept = () =>
  one<{ status: string; until: string | null; reads: number; statements: number; held: string }>(
    town.db,
    sql`select a.activity_status as status, a.disconnect_date::text as until, (select count(*)::int from reading) as reads,
        (select count(*)::int from ledger.statement x where x.account_id = a.id) as statements,
        (select coalesce(-sum(balance), 0)::numeric(14,2)::text from ledger.deposit_balance b where b.account_id = a.id) as held
      from account a where a.number = '1.01'`,
  )

const begins = async (account: string) =>
  (
    await one<{ read: string | null }>(
      town.db,
      sql`select (select b.read_date || ' ' || trim_scale(b.reading) from beginning_read b where b.account_id = a.id) as read
        from account a where a.number = ${account}`,
    )
  )?.read

describe('Final bill', () => {
  it('is made as a whole or not at all: a deposit that cannot be applied leaves the account as it was', async () => {
    await town.db.execute(sql`select ledger.close_period('2026-04-30', 0)`)
    const before = await kept()
    const refused = await supervisor.post(PAGE, { ...(await form()), date: '04/15/2026', 'read-1': '1260' })
    expect([refused.status, words(refused.text).includes('The period ending 04/30/2026 is closed')]).toEqual([
      422,
      true,
    ])
    expect(await kept()).toEqual(before)
    expect(before).toMatchObject({ status: 'Current', until: null, held: '20.00', statements: 0 })
    expect(await begins('2.09')).toBe('2026-04-10 1245')
    expect((await supervisor.get(PAGE)).text).toContain('form="leave"')
    await town.db.execute(sql`select ledger.reopen_period('2026-04-30', 0, 'test')`)
  })

  it('of two, the first counts: the very same again changes nothing, another one is told what was done', async () => {
    const [mine, theirs] = [await form(), formOf((await other.get(PAGE)).text, 'leave')]
    const typed = { ...mine, date: '04/15/2026', 'read-1': '1260' }
    const both = await Promise.all([supervisor.post(PAGE, typed), supervisor.post(PAGE, typed)])
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    const made = await kept()
    expect(made).toMatchObject({ status: 'Final', until: '2026-04-15', held: '0.00', statements: 1 })
    expect((await supervisor.post(PAGE, { ...typed, 'read-1': '1260.0' })).status).toBe(303)
    for (const differs of [
      { date: '04/14/2026' },
      { 'read-1': '1245' },
      { 'read-1': '' },
      { applyDeposit: undefined },
    ]) {
      const sent = { ...theirs, date: '04/15/2026', 'read-1': '1260', ...differs }
      const { status, text } = await other.post(PAGE, JSON.parse(JSON.stringify(sent)) as Record<string, string>)
      expect([differs, status]).toEqual([differs, 409])
      expect(words(text)).toMatch(
        /Account 1.01 was final billed already: its last day of service is 04\/15\/2026, meter 48213419 was read at 1260, the deposit was applied, the final statement is \d+\./,
      )
    }
    expect(await kept()).toEqual(made)
  })

  it('003-059: whoever waits there begins with the final read, and with the one before once it is undone', async () => {
    expect(await begins('2.09')).toBe('2026-04-15 1260')
    expect(words((await supervisor.get('/panel/2.09/usage')).text)).toContain(
      'This account begins at Meter 48213419 00126 0 04/15/2026',
    )
    expect((await supervisor.post(`${PAGE}/undo`, {})).status).toBe(303)
    expect(await kept()).toMatchObject({ status: 'Current', held: '20.00' })
    expect(await begins('2.09')).toBe('2026-04-10 1245')
    await supervisor.post(PAGE, { ...(await form()), date: '04/15/2026', 'read-1': '1260' })
    expect(await begins('2.09')).toBe('2026-04-15 1260')
  })

  it('003-059: a read taken between the two is what the next one begins with, once connected', async () => {
    const take = (day: string, read: number) =>
      town.db.execute(sql`insert into reading (meter_id, read_date, reading) select id, ${day}, ${read} from meter`)
    await take('2026-04-30', 1270)
    await take('2026-05-04', 1275)
    expect(await connectWaiting(town.db, '2026-05-05')).toBe(1)
    expect(await begins('2.09')).toBe('2026-04-30 1270')
    expect(words((await supervisor.get('/panel/2.09/usage')).text)).toContain('This account began at')
    await town.db.execute(sql`delete from reading where read_date > '2026-04-20'`)
  })

  it('an account that nothing was posted to is deleted with the reads it begins with, and the final bill undone', async () => {
    const remove = (account: string) => supervisor.post(`/accounts/${account}/delete`)
    const undone = async () => {
      const { headers } = await supervisor.post(`${PAGE}/undo`, {})
      return words((await supervisor.get(headers.location ?? '')).text)
    }
    expect(await undone()).toContain('take its services off and delete it')
    expect((await remove('2.09')).status).toBe(303)
    await town.db.execute(
      sql`update location set rental = true, owner_customer_id = (select id from customer where number = '3') where number = '1'`,
    )
    expect((await supervisor.post('/landlords/1/reconnect', {})).headers.location).toBe('/panel/3.02')
    expect(await begins('3.02')).toBe('2026-04-15 1260')
    expect(words((await remove('3.02')).text)).toContain('take off its services')
    expect(await begins('3.02')).toBe('2026-04-15 1260')
    for (const service of ['WA', 'SE', 'GA'])
      expect((await supervisor.post(`/panel/3.02/services/${service}/delete`)).status).toBe(303)
    expect((await remove('3.02')).status).toBe(303)
    expect(await undone()).toContain('The final bill of 1.01 is undone: the account is Current again.')
    expect(await kept()).toMatchObject({ status: 'Current', until: null, held: '20.00' })
    const by = await one(
      town.db,
      sql`select h.actor <> 0 as named from audit h where h.subject = 'beginning_read' and h.action = 'delete' order by h.id desc limit 1`,
    )
    expect(by).toEqual({ named: true })
  })
})
