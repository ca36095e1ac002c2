import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { agreeDeposit } from '../deposits/agreement.ts'
import { takeDeposit } from '../deposits/service.ts'
import { money } from '../ledger/money.ts'
import { reverse } from '../ledger/reverse.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { takePayment } from './service.ts'
import { addPayment } from './unposted.ts'

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
const taken = () =>
  rows(
    town.db,
    sql`select 1 from ledger.transaction t join account a on a.id = t.account_id where t.type = 'Pmt' and a.number = '100.01'`,
  )

describe('checks of a customer whose checks came back', () => {
  const check = { amount: money('10.00'), date: '2026-03-15', method: 'check', checkNumber: '7' }
  const back = async (date: string) => {
    const { transactionId } = await takePayment(who(), '200.01', { ...check, date })
    await reverse(town.db, { number: transactionId, kind: 'NSF', reason: 'No funds', actor: 0, today: date })
  }

  it('001-093: are refused everywhere: at once, unposted, for a deposit; what was taken before keeps its answer', async () => {
    await town.db.execute(sql`update service set deposit_allowed = true`)
    await anAccount(town.db, { number: '200.01' })
    await aCharge(town.db, '200.01', '2026-02-10', { WA: '80.00' })
    const agreed = { service: 'WA', amount: money('10.00'), installments: 1, description: '', agreedOn: '2026-03-15' }
    const deposit = await agreeDeposit(who(), '200.01', agreed)
    await back('2025-03-01')
    await back('2026-03-01')
    const first = await takePayment(who(), '200.01', check, 'before')
    await back('2026-03-02')
    const takers = [
      () => takePayment(who(), '200.01', check),
      () => addPayment(who(), '200.01', check),
      () => takeDeposit(who(), '200.01', { ...check, lines: [{ deposit, amount: money('10.00') }] }),
    ]
    for (const take of takers) {
      await expect(take()).rejects.toMatchObject({
        code: 'no_checks',
        detail: { method: 'Checks are not accepted from this customer. Choose cash, card or money order.' },
      })
    }
    expect(await takePayment(who(), '200.01', check, 'before')).toEqual(first)
    await takePayment(who(), '200.01', { ...check, method: 'cash' })
    // as of 03/01 one had come back
    await takePayment(who(), '200.01', { ...check, date: '2026-03-01' })
  })
})

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
