import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { checkLedger, isClean } from '../ledger/check.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { paymentAnswer, previewAnswer } from './schemas.ts'

let town: TestTown
let supervisor: Caller
let clerk: Caller
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  const app = apiApp(town)
  ;[supervisor, clerk] = await Promise.all([caller(town, 'supervisor', app), caller(town, 'clerk', app)])
})
afterAll(async () => {
  const checks = await checkLedger(town.db)
  await town.drop()
  expect(isClean(checks)).toBe(true)
})

const PAY = { amount: '10.00', date: '2011-04-30', method: 'cash' }
const posted = async () =>
  (await one<{ n: number }>(town.db, sql`select count(*)::int as n from ledger.transaction`))?.n ?? 0

describe('payments', () => {
  it('are previewed, and posted as previewed', async () => {
    const asked = { amount: '80.00', date: '2011-04-30' }
    const { body: preview } = await clerk.post('/accounts/100.01/payments/preview', asked).expect(200)
    expect(previewAnswer.strict().parse(preview)).toEqual({
      allocations: [{ service: 'WA', amount: '80.00' }],
      overpayment: [],
      balanceAfter: '193.43',
    })
    const { body } = await clerk
      .post('/accounts/100.01/payments', { ...asked, method: 'check', checkNumber: '77' })
      .expect(201)
    expect(paymentAnswer.strict().parse(body)).toMatchObject(preview)
    await clerk.post(`/transactions/${body.transactionId}/reversal`, { reason: 'returned' }).expect(403)
    const reversal = await supervisor
      .post(`/transactions/${body.transactionId}/reversal`, { reason: 'returned', kind: 'NSF' })
      .expect(201)
    await supervisor.post(`/transactions/${body.transactionId}/reversal`, { reason: 'returned' }).expect(409)
    const { body: list } = await clerk.get('/accounts/100.01/transactions')
    const found = (id: string) => list.transactions.find((each: { id: string }) => each.id === id)
    expect(found(body.transactionId).reversedBy).toBe(reversal.body.transactionId)
    expect(found(reversal.body.transactionId)).toMatchObject({
      type: 'NSF',
      reverses: body.transactionId,
      amount: '80.00',
    })
  })

  it('show credit of the account as service null', async () => {
    const { body } = await clerk
      .post('/accounts/100.01/payments/preview', { amount: '300.00', date: '2010-11-01' })
      .expect(200)
    expect(body.overpayment).toEqual([{ service: null, amount: '26.57' }])
  })

  it.each([
    [{ amount: '0.00' }, 'amount'],
    [{ amount: '0' }, 'amount'],
    [{ amount: '-1.00' }, 'amount'],
    [{ amount: '1.005' }, 'amount'],
    [{ amount: '1e2' }, 'amount'],
    [{ amount: ' 1.00' }, 'amount'],
    [{ amount: '.50' }, 'amount'],
    [{ amount: '10000000.00' }, 'amount'],
    [{ amount: 10 }, 'amount'],
    [{ amount: null }, 'amount'],
    [{ date: '2011-02-30' }, 'date'],
    [{ date: '04/30/2011' }, 'date'],
    [{ method: 'shells' }, 'method'],
    [{ method: undefined }, 'method'],
    [{ tip: '1.00' }, 'tip'],
    [{ allocations: [{ service: 'WA', amount: '11.00' }] }, 'allocations'],
    [{ allocations: [{ service: 'XX', amount: '1.00' }] }, 'allocations'],
    [{ allocations: [{ service: 'WA', amount: '-1.00' }] }, 'allocations.0.amount'],
  ])('refuse %j by field', async (change, field) => {
    const before = await posted()
    const { body, headers } = await clerk.post('/accounts/100.01/payments', { ...PAY, ...change }).expect(422)
    expect(headers['content-type']).toMatch('application/problem+json')
    expect(body).toMatchObject({ title: 'Refused', status: 422, detail: expect.any(String) })
    expect(body).not.toHaveProperty('id')
    expect(Object.keys(body.errors)).toContain(field)
    expect(await posted()).toBe(before)
  })

  it('are 400 when they are not understood', async () => {
    const send = (text: string, type = 'application/json') =>
      clerk.post('/accounts/100.01/payments').set('Content-Type', type).send(text).expect(400)
    const { body } = await send('{"amount":')
    expect(body).toMatchObject({ title: 'Not understood', status: 400 })
    await send('[1]')
    await send('"text"')
    await send('amount=1.00', 'application/x-www-form-urlencoded')
    await clerk.post('/accounts/100.01/payments', PAY, 'two words').expect(400)
    await clerk.post('/accounts/100.01/payments', PAY, 'x'.repeat(256)).expect(400)
  })

  it('post once under a key, twenty at once', async () => {
    const before = await posted()
    const asked = Array.from({ length: 20 }, () => clerk.post('/accounts/100.01/payments', PAY, 'twenty'))
    const answers = await Promise.all(asked)
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect(await posted()).toBe(before + 1)
    await clerk.post('/accounts/100.01/payments', { ...PAY, amount: '10' }, 'twenty').expect(201, answers[0]?.body)
    await clerk.post('/accounts/100.01/payments', { ...PAY, amount: '11.00' }, 'twenty').expect(409)
    await supervisor.post('/accounts/100.01/payments', PAY, 'twenty').expect(201)
    expect(await posted()).toBe(before + 2)
  })

  it('a reversal is answered once under its key as well', async () => {
    const { body } = await clerk.post('/accounts/100.01/payments', PAY).expect(201)
    const reverse = () => supervisor.post(`/transactions/${body.transactionId}/reversal`, { reason: 'x' }, 'once')
    const first = await reverse().expect(201)
    await reverse().expect(201, first.body)
    await supervisor.post(`/transactions/${body.transactionId}/reversal`, { reason: '' }).expect(409)
    await supervisor.post('/transactions/none/reversal', { reason: 'x' }).expect(404)
  })

  it('a reversal is dated between its original and today, both inclusive', async () => {
    const { body } = await clerk.post('/accounts/100.01/payments', PAY).expect(201)
    const on = (date: string) => supervisor.post(`/transactions/${body.transactionId}/reversal`, { reason: 'x', date })
    for (const date of ['2011-04-01', '2011-05-25']) {
      const refused = await on(date).expect(422)
      expect(refused.body.errors).toEqual({ date: expect.stringContaining('choose') })
    }
    await on(PAY.date).expect(201)
  })

  it('by check are refused once too many checks came back', async () => {
    const check = { ...PAY, method: 'check', checkNumber: '78' }
    const { body } = await clerk.post('/accounts/100.01/payments', check).expect(201)
    await supervisor
      .post(`/transactions/${body.transactionId}/reversal`, { reason: 'returned', kind: 'NSF' })
      .expect(201)
    const refused = await clerk.post('/accounts/100.01/payments', check).expect(422)
    expect(refused.body.errors).toEqual({ method: expect.stringContaining('Checks are not accepted') })
    await clerk.post('/accounts/100.01/payments', PAY).expect(201)
  })
})
