import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiWith } from '../api/calls.ts'
import { one } from '../db/db.ts'
import { money } from '../ledger/money.ts'
import { reverse } from '../ledger/reverse.ts'
import { transferPayment } from '../payments/transfer.ts'
import { makeRegistry } from '../runs/registry.ts'
import { ARRANGED_ON, type ArrangementTown, arrangementTown } from '../testing/arrangement-town.ts'
import { appFor } from '../testing/browser.ts'
import { type Caller, caller } from '../testing/caller.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { words } from '../testing/form.ts'
import { arrangementFor, arrangementsOn } from './plans.ts'
import { makeArrangement, markBroken } from './service.ts'

let t: ArrangementTown
let api: Caller
let clerkApi: Caller
const tabOf = (number: string) => `/panel/${number}/arrangements`

beforeAll(async () => {
  t = await arrangementTown()
  for (const number of ['100.01', '200.01', '300.01', '400.01']) await t.owing(number)
  await t.owing('500.01', { name: 'Hidden Person', customer: { public: false } })
  const app = appFor(t.town, { today: ARRANGED_ON, features: [apiWith(makeRegistry([]))] })
  api = await caller(t.town, 'supervisor', app)
  clerkApi = await caller(t.town, 'clerk', app)
})
afterAll(() => t.town.drop())

const who = () => ({ db: t.town.db, actor: { id: t.supervisor.user.id }, today: ARRANGED_ON })
const make = (number: string, changed: object = {}) =>
  makeArrangement(who(), number, {
    description: 'Winter plan',
    services: ['WA', 'SE'],
    amount: money('250.00'),
    payments: 3,
    regular: false,
    frequency: 'monthly',
    startDate: '2026-12-01',
    ...changed,
  })
const idOf = async (number: string) =>
  (await one<{ id: number }>(t.town.db, sql`select id from account where number = ${number}`))?.id ?? 0

describe('the tab', () => {
  it('001-466 001-467: says when there is none', async () => {
    expect(words((await t.clerk.get(tabOf('100.01'))).text)).toContain(
      'There are no payment arrangements on this account.',
    )
  })

  it('001-467 001-468 001-469 001-482 001-499: a line per plan, below it the payments of the selected one', async () => {
    expect(await make('100.01')).toBe('1001')
    const page = await t.clerk.get(tabOf('100.01'))
    expect(words(page.text)).toContain('1001 Winter plan 11/20/2026')
    expect(words(page.text)).toContain('1 12/01/2026 83.33 0.00 83.33 To come 2 01/01/2027 83.33')
    expect(page.text).not.toMatch(/name="amount"/)
  })

  it('001-019: On Arrangement on the dashboard while it is current', async () => {
    expect(words((await t.clerk.get('/panel/100.01')).text)).toContain('On Arrangement')
    expect(words((await t.clerk.get('/panel/200.01')).text)).not.toContain('On Arrangement')
    expect(words((await t.clerk.get('/accounts/100.01')).text)).toContain('On Arrangement')
  })

  it('001-469: payments posted later count, the oldest first; a reversal undoes them', async () => {
    const paid = await t.pay('100.01', '100.00')
    const page = words((await t.clerk.get(tabOf('100.01'))).text)
    expect(page).toContain('1 12/01/2026 83.33 83.33 0.00 Paid 2 01/01/2027 83.33 16.67 66.66 Part paid')
    await reverse(t.town.db, {
      ...{ number: paid.transactionId, kind: 'Rev', reason: 'wrong account', actor: 0, today: ARRANGED_ON },
    })
    expect(words((await t.clerk.get(tabOf('100.01'))).text)).toContain('1 12/01/2026 83.33 0.00 83.33 To come')
  })

  it('001-469: an older payment moved to another account takes nothing from the plan', async () => {
    await t.owing('700.01')
    await t.owing('800.01')
    await t.put('transfer_gl', '1010')
    const older = await t.pay('700.01', '40.00')
    await make('700.01', { amount: money('200.00') })
    await t.pay('700.01', '30.00')
    await transferPayment({ ...t.who, db: t.town.db }, older.transactionId, { to: '800.01', reason: 'wrong account' })
    const page = words((await t.clerk.get(tabOf('700.01'))).text)
    expect(page).toContain('1 12/01/2026 66.66 30.00 36.66 Part paid')
    const later = await t.pay('700.01', '36.66')
    expect(words((await t.clerk.get(tabOf('700.01'))).text)).toContain('1 12/01/2026 66.66 66.66 0.00 Paid')
    await transferPayment({ ...t.who, db: t.town.db }, later.transactionId, { to: '800.01', reason: 'wrong account' })
    expect(words((await t.clerk.get(tabOf('700.01'))).text)).toContain('1 12/01/2026 66.66 30.00 36.66 Part paid')
  })

  it('001-470 001-471: Print Arrangement and Print History', async () => {
    for (const path of ['plan/1001/print', 'print-history']) {
      const report = await t.clerk.get(`${tabOf('100.01')}/${path}`)
      expect(report.headers['content-type']).toBe('application/pdf')
      expect((report.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-')
    }
    expect((await t.clerk.get(`${tabOf('200.01')}/plan/1001/print`)).status).toBe(404)
  })
})

describe('Delete and Cancel (A8)', () => {
  it('001-473: deleted while nothing was paid; by those who may', async () => {
    const number = await make('200.01')
    const at = `${tabOf('200.01')}/plan/${number}`
    expect((await t.clerk.get(`${at}/delete`)).status).toBe(403)
    expect((await t.clerk.post(`${at}/delete`, { version: '1' })).status).toBe(403)
    expect((await t.supervisor.get(`${at}/delete`)).text).toContain('Nothing was paid')
    expect((await t.supervisor.post(`${at}/delete`, { version: '9' })).status).toBe(409)
    expect((await t.supervisor.post(`${at}/delete`, { version: '1' })).headers.location).toBe(tabOf('200.01'))
    expect((await t.supervisor.get(`${at}/delete`)).status).toBe(404)
    const audit = await one<{ n: number }>(
      t.town.db,
      sql`select count(*)::int as n from audit where subject = 'arrangement' and action = 'delete' and actor = ${t.supervisor.user.id}`,
    )
    expect(audit?.n).toBe(1)
  })

  it('001-473: with a payment it is cancelled, with a reason, and a new one can be made', async () => {
    const number = await make('200.01')
    await t.pay('200.01', '10.00')
    const at = `${tabOf('200.01')}/plan/${number}`
    expect((await t.supervisor.post(`${at}/delete`, { version: '1' })).status).toBe(422)
    expect((await t.supervisor.get(`${at}/delete`)).headers.location).toBe(`${at}/cancel`)
    expect((await t.supervisor.post(`${at}/cancel`, { version: '1', reason: '' })).status).toBe(422)
    await expect(make('200.01')).rejects.toMatchObject({ code: 'unfinished' })
    await t.supervisor.post(`${at}/cancel`, { version: '1', reason: 'Moves away' })
    expect(words((await t.clerk.get(tabOf('200.01'))).text)).toContain('Cancelled')
    expect(words((await t.clerk.get(tabOf('200.01'))).text)).toContain('Moves away')
    expect((await t.supervisor.post(`${at}/cancel`, { version: '2', reason: 'again' })).status).toBe(422)
    expect(await make('200.01', { amount: money('240.00') })).not.toBe(number)
  })
})

describe('breach', () => {
  it('is asked of every day, marked by the job once, and ends the protection', async () => {
    const number = await make('300.01')
    const id = await idOf('300.01')
    expect((await arrangementFor(t.town.db, id, '2026-12-06'))?.number).toBe(number)
    expect(await arrangementFor(t.town.db, id, '2026-12-07')).toBeUndefined()
    expect((await arrangementsOn(t.town.db, '2026-12-06')).has(id)).toBe(true)
    const later = await t.on('2026-12-07')
    expect(words((await later.get(tabOf('300.01'))).text)).toContain('Broken')
    expect(words((await later.get('/panel/300.01')).text)).not.toContain('On Arrangement')
    expect(await markBroken(t.town.db, '2026-12-06')).toBe(0)
    expect(await markBroken(t.town.db, '2026-12-07')).toBeGreaterThan(0)
    expect(await markBroken(t.town.db, '2026-12-08')).toBe(0)
    const log = await one<{ reason: string; actor: number }>(
      t.town.db,
      sql`select new->>'ended_reason' as reason, actor from audit
      where subject = 'arrangement' and action = 'change' and new->>'ended_as' = 'broken' and new->>'number' = ${number}`,
    )
    expect(log).toEqual({ reason: 'Payment 1 of 83.33, due 12/01/2026, was not paid by 12/06/2026.', actor: 0 })
    expect(words((await later.get('/arrangements?state=broken')).text)).toContain(`${number} 300.01`)
  })
})

describe('completion', () => {
  it('001-467 001-475: paid in full it is completed and makes room for a new one', async () => {
    await t.owing('600.01')
    const number = await make('600.01')
    const counted = async () =>
      /Arrangements <b>(\d+)<\/b>/.exec((await t.clerk.get('/panel/600.01')).text)?.[1] ?? 'none'
    expect(await counted()).toBe('1')
    await t.pay('600.01', '250.00')
    expect(await counted()).toBe('none')
    expect(words((await t.clerk.get(tabOf('600.01'))).text)).toContain('250.00 250.00 0.00 Completed 11/20/2026')
    expect(words((await t.clerk.get('/panel/600.01')).text)).not.toContain('On Arrangement')
    await expect(make('600.01')).rejects.toMatchObject({ code: 'no_balance' })
    await aCharge(t.town.db, '600.01', '2026-11-20', { WA: '30.00' })
    await make('600.01', { services: ['WA'], amount: money('30.00') })
    expect(await counted()).toBe('1')
    const kept = await one<{ as: string }>(
      t.town.db,
      sql`select ended_as as "as" from arrangement where number = ${number}`,
    )
    expect(kept?.as).toBe('completed')
  })
})

describe('API and private accounts', () => {
  it('makes, lists and cancels; the clerk only lists', async () => {
    const sent = { services: ['WA'], amount: '100.00', payments: 2, frequency: 'weekly', startDate: '2026-11-27' }
    expect((await clerkApi.post('/accounts/400.01/arrangements', sent)).status).toBe(403)
    expect((await api.post('/accounts/400.01/arrangements', { ...sent, amount: '180.01' })).status).toBe(422)
    const made = await api.post('/accounts/400.01/arrangements', sent, 'key-1')
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      state: 'current',
      amount: '100.00',
      remaining: '80.00',
      payments: [{ due: '2026-11-27', amount: '50.00' }, { due: '2026-12-04' }],
    })
    expect((await api.post('/accounts/400.01/arrangements', sent, 'key-1')).body).toEqual(made.body)
    const listed = await clerkApi.get('/accounts/400.01/arrangements')
    expect(listed.body).toHaveLength(1)
    const path = `/accounts/400.01/arrangements/${(made.body as { number: string }).number}`
    expect((await api.post(`${path}/cancel`, { reason: 'no' })).body).toMatchObject({ state: 'cancelled' })
    expect((await api.delete(path)).status).toBe(200)
  })

  it('of a private account nobody but the administrator knows', async () => {
    await make('500.01')
    expect((await clerkApi.get('/accounts/500.01/arrangements')).status).toBe(404)
    expect((await t.clerk.get(tabOf('500.01'))).status).toBe(404)
    expect(words((await t.supervisor.get('/arrangements')).text)).not.toContain('500.01')
    expect(
      (
        await t.town.app.execute(
          sql`select position from arrangement_instalment i where not exists (select from arrangement r where r.id = i.arrangement_id)`,
        )
      ).length,
    ).toBe(0)
  })
})
