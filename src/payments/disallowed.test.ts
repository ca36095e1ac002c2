import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { money } from '../ledger/money.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { takePayment } from './service.ts'

let town: TestTown
let clerk: Browser

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31', lists: { first: ['WA'], overpayment: ['WA'] } })
  await anAccount(town.db, { number: '100.01', customer: { disallowedPayMethods: ['check', 'card'] } })
  await aCharge(town.db, '100.01', '2026-02-10', { WA: '80.00' })
  clerk = await signedIn(town, 'clerk', appFor(town, { today: '2026-03-15' }))
})
afterAll(() => town.drop())

const who = () =>
  ({
    db: town.db,
    actor: { id: 0, name: 'test', role: 'clerk', seesPrivate: true },
    today: '2026-03-15',
    may: () => true,
  }) as const
const pay = (method: string) =>
  takePayment(who(), '100.01', { amount: money('10.00'), date: '2026-03-15', method, checkNumber: '7' })
const taken = () => rows(town.db, sql`select 1 from ledger.transaction where type = 'Pmt'`)

describe('payments that a customer may not make', () => {
  it('001-086: Disallowed Pay Methods are refused at the counter, with a word beside the method, and others are taken', async () => {
    const page = (await clerk.get('/accounts/100.01/payments/new')).text
    expect(words(page)).toContain('Not accepted from this customer: Check, Card.')
    const form = /<form[^>]* id="([^"]+)"[^>]*action="\/accounts\/100.01\/payments"/.exec(page)?.[1] ?? ''
    const refused = await clerk.post('/accounts/100.01/payments', {
      ...formOf(page, form),
      method: 'card',
      step: 'preview',
    })
    expect(refused.status).toBe(422)
    expect(words(refused.text)).toContain('Card is not accepted from this customer (Disallowed Pay Methods).')
    expect(await taken()).toHaveLength(0)
    await pay('cash')
    expect(await taken()).toHaveLength(1)
  })

  it('001-086: so does everything that takes a payment through the service: API, batches, imports', async () => {
    await expect(pay('check')).rejects.toMatchObject({
      code: 'method_disallowed',
      detail: { method: expect.stringContaining('Check is not accepted') },
    })
    await expect(pay('nothing')).rejects.toMatchObject({ code: 'unknown_method' })
    expect(await taken()).toHaveLength(1)
  })

  it('001-084: Do Not Accept Any Payments refuses every method', async () => {
    await town.db.execute(sql`update customer set do_not_accept_payments = true where number = '100'`)
    for (const method of ['cash', 'check']) await expect(pay(method)).rejects.toMatchObject({ code: 'no_payments' })
    expect(await taken()).toHaveLength(1)
  })
})
