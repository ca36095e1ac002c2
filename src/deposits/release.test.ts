import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountView, transactionsOf } from '../accounts/service.ts'
import { deferredCharge } from '../db/tables/auto-payment.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { reverseTransaction } from '../payments/service.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { words } from '../testing/form.ts'
import { setupTown } from '../testing/setup-town.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { agreeDeposit } from './agreement.ts'
import { applyDeposit, refundDeposit } from './release.ts'
import { takeDeposit } from './service.ts'

const today = '2026-04-20'
let town: TestTown

const who = () => ({
  db: town.app,
  actor: { id: 0, name: 'system', role: 'supervisor' as const, seesPrivate: false },
  today,
  may: () => true,
})

const held = async (amount: string) => {
  const agreed = { service: 'WA', amount: money(amount), installments: 1, description: '', agreedOn: today }
  const deposit = await agreeDeposit(who(), '1.01', agreed)
  const input = { lines: [{ deposit, amount: money(amount) }], date: today, method: 'cash' }
  return { deposit, taken: (await takeDeposit(who(), '1.01', input)).transactionIds[0] ?? '' }
}
const balance = async () => (await accountView(town.db, '1.01', { today })).balance

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  await posted(town.db, '1.01', [
    await transaction(town.db, { account: '1.01', date: '2026-03-10' }, [['WA', '2026-03-31', '62.15']]),
  ])
})
afterAll(async () => {
  expect((await checkLedger(town.db)).filter(({ faults }) => faults > 0)).toEqual([])
  await town.drop()
})

describe('Releasing a deposit', () => {
  it('brings no deferred charge with it: those come with a payment of the customer', async () => {
    await town.db.execute(sql`insert into setting (name, value) values ('deferred_charges', 'yes')
      on conflict (name) do update set value = excluded.value`)
    const each = { code: 'EACH', name: 'With each payment', useFixed: true, fixed: '4.00', signup: 'opt_out' as const }
    const on = { companyOrder: false, serviceOrder: 'SE', trigger: 'payment' as const, sort: 1 }
    await town.db.insert(deferredCharge).values({ ...each, ...on })
    const { deposit } = await held('10.00')
    await applyDeposit(who(), '1.01', { deposit, reason: 'Moved', date: today })
    expect(await balance()).toBe('52.15')
    await held('60.00')
    await applyDeposit(who(), '1.01', { reason: 'Moved', date: today })
    expect(await balance()).toBe('0.00')
  })

  it('money received for a deposit is not reversed once the deposit was given back; its refund explains itself', async () => {
    const { deposit, taken } = await held('25.00')
    const refunded = await refundDeposit(who(), '1.01', { deposit, reason: 'Good payer', date: today })
    await expect(reverseTransaction(who(), taken, { reason: 'x' })).rejects.toMatchObject({ code: 'overdrawn' })
    const [newest] = await transactionsOf(town.app, '1.01', 1)
    expect(newest).toMatchObject({ id: refunded, type: 'DepRef' })
    const clerk = await signedIn(town, 'clerk', appFor(town, { today }))
    const page = await clerk.get(`/accounts/1.01/transactions/${refunded}`)
    expect([page.status, words(page.text).includes('Reason: Good payer')]).toEqual([200, true])
  })
})
