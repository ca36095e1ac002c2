import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountView, transactionsOf } from '../accounts/service.ts'
import { rows } from '../db/db.ts'
import { deferredCharge } from '../db/tables/auto-payment.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { reverseTransaction } from '../payments/service.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { words } from '../testing/form.ts'
import { setupTown } from '../testing/setup-town.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { agreeDeposit, dropAgreement } from './agreement.ts'
import { applyDeposit, refundDeposit, transferDeposit } from './release.ts'
import { depositNamed, takeDeposit } from './service.ts'

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

const transfer = (deposit: string, to: string, key?: string) =>
  transferDeposit(who(), '1.01', { deposit, to, amount: money('5.00'), reason: 'Moved', date: today }, key)

describe('Transferring deposits at once', () => {
  it('each taker gets a deposit of its own, and so does who agrees on one at the same moment', async () => {
    const [first, second] = [await held('20.00'), await held('20.00')]
    const agreed = { service: 'SE', amount: money('9.00'), installments: 1, description: '', agreedOn: today }
    const made = await Promise.all([
      transfer(first.deposit, '2.01'),
      transfer(second.deposit, '3.01'),
      agreeDeposit(who(), '2.01', agreed),
      agreeDeposit(who(), '3.01', agreed),
    ])
    const numbers = made.map((each) => (typeof each === 'string' ? each : each.deposit))
    expect(new Set(numbers).size).toBe(4)
    const owned = await rows(
      town.db,
      sql`select d.number, a.number as account, (-b.balance)::text as held from ledger.deposit d join account a on a.id = d.account_id
        join ledger.deposit_balance b on b.deposit_id = d.id where a.number <> '1.01' order by a.number`,
    )
    expect(owned).toEqual([
      { number: numbers[0], account: '2.01', held: '5.00' },
      { number: numbers[1], account: '3.01', held: '5.00' },
    ])
    for (const deposit of [first.deposit, second.deposit]) {
      await refundDeposit(who(), '1.01', { deposit, reason: 'Cleared', date: today })
    }
  })

  it('the same request again gets the first answer', async () => {
    const { deposit } = await held('20.00')
    const made = await transfer(deposit, '2.01', 'once')
    expect(await transfer(deposit, '2.01', 'once')).toEqual(made)
    await refundDeposit(who(), '1.01', { deposit, reason: 'Cleared', date: today })
  })

  it('the ledger takes no money for a deposit of another account, and its proof finds such postings', async () => {
    const { deposit } = await held('20.00')
    const owner = postgres(town.url, { max: 1 })
    const own = (account: string) =>
      owner`update ledger.deposit set account_id = (select id from account where number = ${account}) where number = ${deposit}`
    await own('2.01')
    const faults = (await checkLedger(town.db)).filter((check) => check.faults > 0)
    expect(faults).toEqual([{ name: 'deposit_accounts', title: expect.any(String), faults: 1, accounts: ['1.01'] }])
    await own('1.01')
    expect((await checkLedger(town.db)).filter((check) => check.faults > 0)).toEqual([])
    await own('2.01')
    await expect(refundDeposit(who(), '1.01', { deposit, reason: 'x', date: today })).rejects.toThrow(
      'deposit of another account',
    )
    await own('1.01')
    await owner.end()
    await refundDeposit(who(), '1.01', { deposit, reason: 'Cleared', date: today })
  })
})

describe('Taking a deposit', () => {
  const agree = (amount: string) => {
    const agreed = { service: 'WA', amount: money(amount), installments: 1, description: '', agreedOn: today }
    return agreeDeposit(who(), '1.01', agreed)
  }
  const take = (...lines: [deposit: string, amount: string][]) =>
    takeDeposit(who(), '1.01', {
      ...{ lines: lines.map(([deposit, amount]) => ({ deposit, amount: money(amount) })), date: today, method: 'cash' },
    })

  it('refuses one deposit listed twice', async () => {
    const deposit = await agree('50.00')
    const twice = take([deposit, '50.00'], [deposit, '50.00'])
    await expect(twice).rejects.toMatchObject({ code: 'listed_twice', detail: { lines: expect.any(String) } })
    const [row] = await depositNamed(town.app, deposit)
    expect(row).toMatchObject({ received: '0.00', held: '0.00' })
  })

  it('after a refused take nothing was posted, and the agreement is deleted', async () => {
    const [small, great] = [await agree('10.00'), await agree('20.00')]
    await expect(take([small, '10.00'], [great, '20.01'])).rejects.toMatchObject({ code: 'above_agreed' })
    const none = await rows(town.db, sql`select 1 from ledger.deposit where number in (${small}, ${great})`)
    expect(none).toHaveLength(0)
    // refused later, by the ledger itself
    await town.db.execute(sql`select ledger.close_period('2026-04-30'::date, 0)`)
    await expect(take([small, '10.00'])).rejects.toMatchObject({ code: 'period_closed' })
    await town.db.execute(sql`select ledger.reopen_period('2026-04-30'::date, 0, 'test')`)
    for (const deposit of [small, great]) await dropAgreement(who(), deposit, 1)
    expect(await depositNamed(town.app, small)).toEqual([])
  })

  it('refuses a number under which another account holds a deposit, in words', async () => {
    const deposit = await agree('10.00')
    await town.db.execute(
      sql`insert into ledger.deposit (number, account_id) select ${deposit}, id from account where number = '2.01'`,
    )
    await expect(take([deposit, '10.00'])).rejects.toMatchObject({
      detail: { [`take-${deposit}`]: expect.stringContaining('another account') },
    })
  })
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
