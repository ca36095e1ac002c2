import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLedger, isClean } from '../ledger/check.ts'
import { appFor } from '../testing/browser.ts'
import { type Caller, caller } from '../testing/caller.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { finalOne, setupTown } from '../testing/setup-town.ts'

let town: TestTown
let supervisor: Caller
let viewer: Caller

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  await finalOne(town.db)
  const app = appFor(town, { today: '2026-04-20' })
  ;[supervisor, viewer] = await Promise.all([caller(town, 'supervisor', app), caller(town, 'viewer', app)])
})
afterAll(async () => {
  const checks = await checkLedger(town.db)
  await town.drop()
  expect(isClean(checks)).toBe(true)
})

const CUSTOMER = { name: 'Rosalind Ibarra', customerType: 'R', city: 'Ashford' }
const KEY = '7d4b1a54-5a0e-4d6f-9b0e-0d6f3a1c2b11'

describe('Setup New Customers by the API', () => {
  it('copies from the last occupant, once for a key; refuses in words', async () => {
    const body = {
      customer: CUSTOMER,
      copyFrom: '1.01',
      connectDate: '2026-04-16',
      deposits: [{ service: 'WA', amount: '75.00' }],
    }
    await viewer.post('/customers-setup', body).expect(403)
    const wrong = await supervisor.post('/customers-setup', { ...body, copyFrom: '2.01' }).expect(422)
    expect(wrong.text).toContain('Customer 2, account 2.01, is Current at this location')
    const made = await supervisor.post('/customers-setup', body, KEY).expect(201)
    expect(made.body).toEqual({ customer: '1001', account: '1001.01', location: '1' })
    const again = await supervisor.post('/customers-setup', body, KEY).expect(201)
    expect(again.body).toEqual(made.body)
    const account = await supervisor.get('/accounts/1001.01').expect(200)
    expect(account.body).toMatchObject({
      customerName: 'Rosalind Ibarra',
      activityStatus: 'Current',
      locationNumber: '1',
    })
    const taken = await supervisor
      .post('/customers-setup', { ...body, customer: { ...CUSTOMER, number: '2' } })
      .expect(422)
    expect(taken.text).toContain('This customer number is taken.')
  })

  it('sets up a new location and a landlord without an account', async () => {
    const place = { number: '77', serviceAddress: '7 Quay St' }
    const made = await supervisor
      .post('/customers-setup', { customer: CUSTOMER, newLocation: place, connectDate: '2026-05-01' })
      .expect(201)
    expect(made.body).toMatchObject({ location: '77' })
    const owner = await supervisor
      .post('/customers-setup', {
        customer: { name: 'Ferry Rentals', kind: 'profit' },
        landlordOf: '77',
        connectDate: '2026-04-20',
      })
      .expect(201)
    expect(owner.body).toMatchObject({ account: null })
  })
})

describe('deposits and final bill by the API', () => {
  it('takes, applies, refunds and moves', async () => {
    const pay = { lines: [{ deposit: '1001', amount: '75.00' }], date: '2026-04-20', method: 'cash' }
    await supervisor.post('/accounts/1001.01/deposits', pay, KEY).expect(201)
    await supervisor.post('/accounts/1001.01/deposits', pay, KEY).expect(201)
    const listed = await viewer.get('/deposits?query=1001').expect(200)
    expect(listed.body).toMatchObject([{ number: '1001', account: '1001.01', held: '75.00', received: '75.00' }])
    const terms = { reason: 'test', date: '2026-04-20' }
    await supervisor.post('/accounts/1001.01/deposits/application', terms).expect(422)
    const moved = await supervisor
      .post('/accounts/1001.01/deposits/transfer', { ...terms, deposit: '1001', to: '3.01', amount: '25.00' }, KEY)
      .expect(201)
    expect(moved.body).toMatchObject({ deposit: '1002' })
    await supervisor.post('/accounts/1001.01/deposits/refund', terms).expect(201)
    const held = await viewer.get('/deposits').expect(200)
    expect(held.body).toMatchObject([{ number: '1002', account: '3.01', held: '25.00' }])
    const agreed = { service: 'SE', amount: '45.00', agreedOn: '2026-04-20' }
    expect((await supervisor.post('/accounts/3.01/deposit-agreements', agreed).expect(201)).body).toEqual({
      deposit: '1003',
    })
  })

  it('final bills, undoes, and goes back to the landlord', async () => {
    const order = {
      date: '2026-04-18',
      reads: [{ meter: '48213419', reading: '1260' }],
      requestId: KEY,
      statement: true,
    }
    const done = await supervisor.post('/accounts/1001.01/final-bill', order).expect(200)
    expect(done.body).toMatchObject({ activityStatus: 'Final', disconnectDate: '2026-04-18' })
    await supervisor.post('/accounts/1001.01/final-bill', order).expect(200)
    const other = { ...order, date: '2026-04-17', requestId: KEY.replace('7', '9') }
    const refused = await supervisor.post('/accounts/1001.01/final-bill', other).expect(409)
    expect(refused.body.detail).toContain('its last day of service is 04/18/2026, meter 48213419 was read at 1260')
    expect((await supervisor.post('/accounts/1001.01/final-bill/undo').expect(200)).body).toEqual({
      activityStatus: 'Current',
    })
    await supervisor.post('/accounts/1001.01/final-bill', { ...order, requestId: KEY.replace('7', '8') }).expect(200)
    const rented = { rental: true, landlord: '3', autoConnect: true, noticeCopies: false }
    await supervisor.put('/landlords/1', rented).expect(200)
    expect((await supervisor.post('/landlords/1/reconnect').expect(201)).body).toEqual({ account: '3.02' })
    await supervisor.put('/landlords/1', { ...rented, rental: false, landlord: '3' }).expect(200)
    const { body } = await supervisor.post('/landlords/1/reconnect').expect(422)
    expect([body.detail, body.errors]).toEqual(['This location has no landlord to go back to.', undefined])
  })
})
