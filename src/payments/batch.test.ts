import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { one, rows } from '../db/db.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { reverseRun } from '../runs/reverse.ts'
import { goRun, prepareAgain, prepareRun } from '../runs/service.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { caller } from '../testing/caller.ts'
import { formOf } from '../testing/form.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { addAdjustment, addPayment, removeUnposted } from './unposted.ts'

let made: MovementTown
let clerk: Browser
let supervisor: Browser

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const history = async (account: string, browser = supervisor) =>
  words((await browser.get(`/panel/${account}/history`)).text)
const enter = (account: string, amount: string, more: object = {}, key?: string) =>
  addPayment(made.who(), account, { amount: money(amount), date: MOVEMENT_DAY, method: 'cash', ...more }, key)
const prepared = async (runId: number) => {
  const run = await prepareRun(made.town.db, RUN_KINDS, runId, MOVEMENT_DAY)
  return run
}
const go = async (runId: number) => {
  const { previewHash } = await prepared(runId)
  return goRun(made.town.db, runId, previewHash ?? '', 0)
}

beforeAll(async () => {
  made = await movementTown()
  await made.put('counter_posting', 'batch')
  const app = appFor(made.town, { today: MOVEMENT_DAY })
  clerk = await signedIn(made.town, 'clerk', app)
  supervisor = await signedIn(made.town, 'supervisor', app)
})
afterAll(async () => {
  expect((await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)).toEqual([])
  await made.town.drop()
})

describe('a payment batch', () => {
  it('takes rows one by one: unposted, marked U, with their receipt and the balance after posting', async () => {
    const account = await made.owing({ WA: '40.00' })
    const first = await enter(account, '25.00', {}, 'k1')
    expect(await enter(account, '25.00', {}, 'k1')).toMatchObject({ entryId: first.entryId })
    await enter(account, '10.00')
    expect(await made.balance(account)).toBe('40.00')
    const page = await history(account)
    expect(page).toContain('Unposted 2 Balance after posting 5.00')
    expect(page).toMatch(/Pmt Cash Receipt \d+ U -10\.00 5\.00 .*Pmt Cash Receipt \d+ U -25\.00 15\.00/)
    expect(words((await clerk.get(`/receipts/${first.receiptNumber}`)).text)).toContain('Unposted: waits in its batch')
    const posted = await go(first.runId)
    expect(posted).toMatchObject({ state: 'posted', count: 1, total: '-35.00' })
    expect(await made.balance(account)).toBe('5.00')
    const receipts = await rows<{ receipt: string }>(
      made.town.db,
      sql`select receipt from ledger.transaction where run_id = ${first.runId} order by id`,
    )
    expect(receipts[0]?.receipt).toBe(first.receiptNumber)
    expect(await history(account)).not.toContain('Balance after posting')
  })

  it('decides each row on the ledger and on the rows before it', async () => {
    const account = await made.owing({ WA: '30.00', SE: '10.00' })
    const { runId } = await enter(account, '40.00')
    await enter(account, '7.00')
    await go(runId)
    expect(await made.balance(account)).toBe('-7.00')
    const [second] = await transactionsOf(made.town.db, account)
    expect(second?.lines).toEqual([expect.objectContaining({ service: 'WA', amount: '-7.00' })])
  })

  it('001-383 001-384: Delete Unposted Payment asks, leaves the receipt void, and is in the audit trail', async () => {
    const account = await made.owing({ WA: '40.00' })
    const { entryId, receiptNumber, runId } = await enter(account, '25.00')
    const path = `/accounts/${account}/unposted/${entryId}/delete`
    const page = (await clerk.get(path)).text
    expect(words(page)).toContain(`Receipt ${receiptNumber} keeps its number and shows as void.`)
    const sent = await clerk.post(path, { reason: 'Typed twice' })
    expect([sent.status, sent.headers.location]).toEqual([303, `/panel/${account}/history`])
    expect(await history(account)).not.toContain('Balance after posting')
    expect(words((await clerk.get(`/receipts/${receiptNumber}`)).text)).toContain(
      'Void: taken out before it was posted',
    )
    const audit = await one(
      made.town.db,
      sql`select action, reason from audit where subject = 'batch_entry' and subject_key = ${String(entryId)} order by id desc limit 1`,
    )
    expect(audit).toEqual({ action: 'delete', reason: 'Typed twice' })
    expect((await clerk.get(path)).status).toBe(404)
    const next = await enter(account, '1.00', { runId })
    expect(Number(next.receiptNumber)).toBe(Number(receiptNumber) + 1)
    await removeUnposted(made.who(), next.entryId, '')
  })

  it('posts nothing where an account changed, and what was added while it was prepared is not left behind', async () => {
    const account = await made.owing({ WA: '40.00' })
    const { runId } = await enter(account, '5.00')
    const { previewHash } = await prepared(runId)
    await made.pay(account, '1.00')
    await expect(goRun(made.town.db, runId, previewHash ?? '', 0)).rejects.toThrow('Changed since the preview')
    await prepareAgain(made.town.db, runId)
    const again = await prepared(runId)
    const owner = postgres(made.town.url, { max: 1 })
    await owner`insert into ledger.batch_entry (run_id, account_id, type, date, amount, description, method, input, entered_by)
      select ${runId}, id, 'Pmt', ${MOVEMENT_DAY}, -2, 'Cash', 'cash', '{}', 0 from account where number = ${account}`
    await owner.end()
    await expect(goRun(made.town.db, runId, again.previewHash ?? '', 0)).rejects.toThrow('not the preview')
    await prepareAgain(made.town.db, runId)
    expect((await go(runId)).total).toBe('-7.00')
  })

  it('a row that cannot be posted stops the batch and is named', async () => {
    const account = await made.owing({ WA: '40.00' })
    const { runId, entryId } = await enter(account, '40.00', {
      allocations: [{ service: 'WA', amount: money('40.00') }],
    })
    await made.pay(account, '10.00')
    await expect(prepared(runId)).rejects.toThrow('WA owes 30.00')
    await removeUnposted(made.who(), entryId, 'entered again')
  })

  it('reversed as a whole, with what was moved on from it', async () => {
    const account = await made.owing({ WA: '40.00' })
    const { runId } = await enter(account, '15.00')
    await go(runId)
    await reverseRun(made.town.db, RUN_KINDS, {
      runId,
      reason: 'Wrong day',
      withDependents: true,
      actor: 0,
      today: MOVEMENT_DAY,
    })
    expect(await made.balance(account)).toBe('40.00')
  })
})

describe('unposted adjustments', () => {
  it('001-379 001-380 001-372: Add Unposted Adjustment, Edit Adjustment, then posted with the batch', async () => {
    const account = await made.owing({ WA: '40.00' })
    const [bill] = await transactionsOf(made.town.db, account)
    const path = `/accounts/${account}/transactions/${bill?.id}/adjust`
    const page = (await supervisor.get(path)).text
    expect(words(page)).toContain('Add Unposted Adjustment')
    await supervisor.post(path, { ...formOf(page, 'adjust'), 'change-WA': '-10.00', reason: 'Leak' })
    expect(await made.balance(account)).toBe('40.00')
    const shown = (await supervisor.get(`/panel/${account}/history`)).text
    expect(words(shown)).toMatch(/Adj Water adjusted Batch \d+ U -10\.00 30\.00/)
    const own = /href="(\/accounts\/[^"]*\/unposted\/\d+)"/.exec(shown)?.[1] ?? ''
    const edit = (await supervisor.get(own)).text
    expect(words(edit)).toContain('Edit Adjustment')
    const typed = formOf(edit, 'adjust')
    expect(typed['change-WA']).toBe('-10.00')
    expect((await supervisor.post(own, { ...typed, 'change-WA': '-12.00' })).status).toBe(303)
    expect((await supervisor.post(own, { ...typed, 'change-WA': '-13.00' })).status).toBe(409)
    const late = await supervisor.post(own, { ...typed, 'change-WA': '-13.00', reason: 'A burst pipe' })
    expect(words(late.text)).toContain('Edit Adjustment')
    expect(formOf(late.text, 'adjust')).toMatchObject({ 'change-WA': '-13.00', reason: 'A burst pipe' })
    const runId = Number(/Batch (\d+)/.exec(words(shown))?.[1])
    await go(runId)
    expect(await made.balance(account)).toBe('28.00')
  })

  it('nobody posts, previews or opens for deletion what they may not enter: page and API', async () => {
    const account = await made.owing({ WA: '40.00' })
    const [bill] = await transactionsOf(made.town.db, account)
    const input = { changes: [{ service: 'WA', change: money('-10.00') }], reason: 'x', date: MOVEMENT_DAY }
    const { runId, entryId } = await addAdjustment(made.who(), bill?.id ?? '', input)
    const { previewHash } = await prepared(runId)
    const batch = `/payments/batches/${runId}`
    const page = (await clerk.get(batch)).text
    expect(words(page)).toContain('Somebody who may adjust transactions previews and posts it.')
    expect(page).not.toMatch(/batches\/(go|preview)|unposted\/\d+\/delete/)
    const own = { run: String(runId), hash: previewHash ?? '' }
    expect((await clerk.post('/payments/batches/preview', own)).status).toBe(403)
    expect((await clerk.post('/payments/batches/go', own)).status).toBe(403)
    const program = await caller(made.town, 'clerk', appFor(made.town, { today: MOVEMENT_DAY }))
    await program.post(`/runs/${runId}/go`, { previewHash }).expect(403)
    expect((await clerk.get(`/accounts/${account}/unposted/${entryId}/delete`)).status).toBe(403)
    expect(await made.balance(account)).toBe('40.00')
    expect((await supervisor.get(`/accounts/${account}/unposted/${entryId}/delete`)).status).toBe(200)
    expect((await supervisor.get(batch)).text).toContain('batches/go')
    expect((await supervisor.post('/payments/batches/go', own)).status).toBe(303)
    expect(await made.balance(account)).toBe('30.00')
  })

  it('two of one charge do not take off more than it is', async () => {
    const account = await made.owing({ WA: '40.00' })
    const [bill] = await transactionsOf(made.town.db, account)
    const add = (change: string) =>
      addAdjustment(made.who(), bill?.id ?? '', {
        changes: [{ service: 'WA', change: money(change) }],
        reason: 'x',
        date: MOVEMENT_DAY,
      })
    const { runId } = await add('-30.00')
    const second = await add('-20.00')
    await expect(prepared(runId)).rejects.toThrow('WA is 10.00: no more than that can be taken off it.')
    await removeUnposted(made.who(), second.entryId, '')
    expect((await go(runId)).total).toBe('-30.00')
  })
})

describe('the screens', () => {
  it('a payment at the counter goes into the batch; the batch is previewed and posted', async () => {
    const account = await made.owing({ WA: '40.00' })
    const form = (await clerk.get(`/accounts/${account}/payments/new`)).text
    const fields = formOf(form, 'payment')
    const shown = /name="shown" value="([^"]*)"/.exec(form)?.[1]?.replaceAll('&quot;', '"') ?? ''
    const sent = await clerk.post(`/accounts/${account}/payments`, { ...fields, shown, method: 'cash', step: 'take' })
    expect(sent.status).toBe(303)
    expect(words((await clerk.get(sent.headers.location ?? '')).text)).toContain('waits unposted in batch')
    expect(words((await clerk.get('/payments/entry')).text)).toMatch(/Cash, 1 40\.00 Taken by you today 40\.00/)
    const list = (await clerk.get('/payments/batches')).text
    const path = /href="(\/payments\/batches\/\d+)"/.exec(list)?.[1] ?? ''
    const batch = (await clerk.get(path)).text
    expect(words(batch)).toMatch(/Cash, 1 40\.00 Change of balances -40\.00/)
    const run = path.split('/').at(-1)
    expect((await clerk.post('/payments/batches/cancel', { run })).status).toBe(422)
    expect((await clerk.post('/payments/batches/preview', { run })).headers.location).toBe(path)
    const previewed = (await clerk.get(path)).text
    expect(words(previewed)).toContain('To be posted 1 account, -40.00')
    const hash = /name="hash" value="([^"]*)"/.exec(previewed)?.[1]
    const posted = await clerk.post('/payments/batches/go', { run, hash })
    expect(posted.headers.location).toBe(`/runs/${run}`)
    expect(await made.balance(account)).toBe('0.00')
    expect((await clerk.get(path)).headers.location).toBe(`/runs/${run}`)
  })
})
