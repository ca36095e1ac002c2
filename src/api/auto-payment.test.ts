import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deferredCharge } from '../db/tables/auto-payment.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let clerk: Caller
let viewer: Caller

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { settings: { deferred_charges: 'yes' } })
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt' })
  await anAccount(town.db, { number: '500.01', name: 'Hidden', customer: { public: false } })
  await aCharge(town.db, '100.01', '2011-04-05', { WA: '42.00' })
  await town.db.execute(sql`insert into bank_code (code, name) values ('091000019', 'Norbank')`)
  await town.db
    .insert(deferredCharge)
    .values([{ code: 'TREES', name: 'Trees', trigger: 'payment', useFixed: true, fixed: '1.00', sort: 1 }])
  const app = apiApp(town)
  clerk = await caller(town, 'clerk', app)
  viewer = await caller(town, 'viewer', app)
})
afterAll(() => town.drop())

describe('automatic payments and deferred charges', () => {
  it('are set up, masked, and say what would be drafted', async () => {
    const at = '/accounts/100.01/auto-payment'
    expect((await clerk.get(at)).body).toMatchObject({ type: 'none', draft: { amount: '0.00' } })
    const sent = {
      type: 'draft',
      accountType: 'savings',
      routing: '091000019',
      bankAccount: '123456789',
      special: 'balance',
    }
    expect((await clerk.put(at, { ...sent, routing: '091000018' })).status).toBe(422)
    const saved = await clerk.put(at, sent)
    expect(saved.status).toBe(200)
    expect(saved.body).toMatchObject({ type: 'draft', status: 'pending', bank: 'Norbank', accountNo: '•••••6789' })
    expect((await clerk.put(at, { notifyInAdvance: true })).body).toMatchObject({
      notifyInAdvance: true,
      status: 'pending',
    })
    expect((await viewer.get(at)).body).toMatchObject({ accountType: 'savings', draft: { amount: '42.00' } })
    expect((await viewer.put(at, sent)).status).toBe(403)
    expect((await clerk.get('/accounts/500.01/auto-payment')).status).toBe(404)
  })

  it('001-214: participation, and what a payment would bring', async () => {
    const at = '/accounts/100.01/deferred-charges'
    expect((await viewer.get(at)).body.deferredCharges).toEqual([
      { code: 'TREES', name: 'Trees', signup: 'opt_in', trigger: 'payment', takesPart: false },
    ])
    const preview = () => clerk.post('/accounts/100.01/payments/preview', { amount: '42.00', date: '2011-04-20' })
    expect((await preview()).body).not.toHaveProperty('deferredCharges')
    expect((await clerk.put(at, { takesPart: { TREES: true } })).body.deferredCharges[0].takesPart).toBe(true)
    expect((await clerk.put(at, { takesPart: { NONE: true } })).status).toBe(422)
    expect((await preview()).body).toMatchObject({
      deferredCharges: [{ code: 'TREES', name: 'Trees', service: 'WA', amount: '1.00' }],
      balanceAfter: '1.00',
    })
  })
})
