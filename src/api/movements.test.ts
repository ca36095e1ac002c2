import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { checkLedger } from '../ledger/check.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown
let supervisor: Caller
let clerk: Caller
beforeAll(async () => {
  made = await movementTown()
  const app = apiApp(made.town)
  ;[supervisor, clerk] = await Promise.all([caller(made.town, 'supervisor', app), caller(made.town, 'clerk', app)])
})
afterAll(async () => {
  const faulty = (await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)
  await made.town.drop()
  expect(faulty).toEqual([])
})

const DAY = '2011-04-20'
const bill = async (account: string) =>
  (await transactionsOf(made.town.db, account)).find(({ type }) => type === 'Bill')?.id ?? ''

describe('movements', () => {
  it('NSF with its fee, by right, of the method it was paid by', async () => {
    const account = await made.owing({ WA: '40.00' })
    const { transactionId } = await made.pay(account, '40.00')
    const asked = { method: 'check', reason: 'No funds', date: DAY }
    await clerk.post(`/transactions/${transactionId}/nsf`, asked).expect(403)
    await supervisor.post(`/transactions/${transactionId}/nsf`, { ...asked, method: 'cash' }).expect(422)
    const { body } = await supervisor.post(`/transactions/${transactionId}/nsf`, asked).expect(201)
    expect(Object.keys(body)).toEqual(['transactionId', 'feeTransactionId'])
    await supervisor.post(`/transactions/${transactionId}/nsf`, asked).expect(409)
    expect(await made.balance(account)).toBe('70.00')
  })

  it('a transfer, a refund of what is then credit', async () => {
    const from = await made.owing({ WA: '40.00' })
    const to = await made.owing({ WA: '10.00' })
    const { transactionId } = await made.pay(from, '40.00')
    const asked = { toAccount: to, reason: 'Wrong account' }
    await supervisor.post(`/transactions/${transactionId}/transfer`, { ...asked, toAccount: '9.99' }).expect(422)
    const nowhere = await supervisor
      .post(`/transactions/${transactionId}/transfer`, { ...asked, toAccount: '9.99' })
      .expect(422)
    expect(nowhere.body.errors).toEqual({ toAccount: 'There is no account 9.99.' })
    const { body } = await supervisor.post(`/transactions/${transactionId}/transfer`, asked).expect(201)
    expect(body.transactionIds).toHaveLength(2)
    const back = { amount: '30.00', reason: 'Asked for', date: DAY }
    await supervisor.post(`/accounts/${to}/refunds`, { ...back, amount: '30.01' }).expect(422)
    await supervisor.post(`/accounts/${to}/refunds`, back).expect(201)
    expect([await made.balance(from), await made.balance(to)]).toEqual(['40.00', '0.00'])
  })

  it('adjustments of a charge and of a bill', async () => {
    const account = await made.owing({ WA: '40.00', SE: '32.00' })
    await made.withRates(account)
    const id = await bill(account)
    const lines = [{ service: 'SE', change: '-2.00' }]
    const { body: problem } = await supervisor
      .post(`/transactions/${id}/adjustment`, { lines: [{ service: 'SE', change: 'x' }], reason: 'Leak' })
      .expect(422)
    expect(problem.errors).toHaveProperty(['lines.0.change'])
    await supervisor.post(`/transactions/${id}/adjustment`, { lines, reason: 'Leak', date: DAY }).expect(201)
    const parts = { lines: [{ service: 'WA', amount: '30.00' }], reason: 'Misread', date: DAY }
    await supervisor.post(`/transactions/${id}/bill-adjustment`, parts).expect(201)
    expect(await made.periods(account)).toEqual(['WA 2011-03-31 30.00', 'SE 2011-03-31 22.00'])
  })
})

describe('statements', () => {
  it('are made once for a key, listed, and come as PDF', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02')
    const key = 'statement-1'
    const { body } = await clerk.post(`/accounts/${account}/statements`, { date: DAY }, key).expect(201)
    expect(body).toMatchObject({ date: DAY, balanceForward: '0.00', charges: '40.00', amount: '40.00' })
    const again = await clerk.post(`/accounts/${account}/statements`, { date: DAY }, key).expect(201)
    expect(again.body).toEqual(body)
    const { body: list } = await clerk.get(`/accounts/${account}/statements`).expect(200)
    expect(list.statements).toEqual([body])
    const file = await clerk.get(`/accounts/${account}/statements/${body.statement}/file`).expect(200)
    expect(file.type).toBe('application/pdf')
    await clerk.get('/accounts/9.99/statements').expect(404)
  })
})
