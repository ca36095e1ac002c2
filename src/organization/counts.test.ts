import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { money } from '../ledger/money.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, smallTown, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown, millbrook } from '../testing/towns.ts'
import { touchedAccounts } from './counts.ts'
import { type Settings, settings } from './settings.ts'

let town: TestTown
const bill = async (account: string, date: string, service: string, amount: string) =>
  posted(town.db, account, [
    await transaction(town.db, { account, date }, [
      [service, date.slice(0, 8) + (date.includes('-02-') ? '28' : date.includes('-04-') ? '30' : '31'), amount],
    ]),
  ])

const counted = async (changes: Partial<Settings>) =>
  touchedAccounts(town.db, { ...(await settings(town.db)), ...changes })

describe('accounts that a minimum balance touches', () => {
  beforeAll(async () => {
    town = await freshTown()
    await smallTown(town.db)
    // Current period April. 1.01 owes 24.99 of March and 80.00 of February, 2.01 only 60.00 of April, 3.01 nothing.
    await bill('1.01', '2026-02-10', 'WA', '80.00')
    await bill('1.01', '2026-03-10', 'SE', '24.99')
    await bill('2.01', '2026-04-10', 'WA', '60.00')
  })
  afterAll(() => town.drop())

  test('002-009 002-012 002-013 002-016 count what is that many periods back or more, equal included', async () => {
    const at = async (periods: number, minimum: string) =>
      (await counted({ delinquentPeriods: periods, delinquentMinimumBalance: money(minimum) })).delinquent
    expect(await at(1, '104.99')).toEqual({ accounts: 1, amount: '104.99' })
    expect(await at(1, '105.00')).toEqual({ accounts: 0, amount: '0.00' })
    expect(await at(2, '80.00')).toEqual({ accounts: 1, amount: '80.00' })
    expect((await at(0, '0.00')).accounts).toBe(2)
    expect((await counted({ shutoffPeriods: 2, shutoffMinimumBalance: money('80.01') })).shutoff.accounts).toBe(0)
  })

  test('002-002 the penalty minimum counts the past due of services subject to penalty', async () => {
    const at = async (minimum: string) => (await counted({ penaltyMinimumBalance: money(minimum) })).penalty.accounts
    expect([await at('104.99'), await at('105.00')]).toEqual([1, 0])
    await town.db.execute(sql`update service set subject_to_penalty = false where code = 'WA'`)
    expect([await at('24.99'), await at('25.00')]).toEqual([1, 0])
  })

  test('002-017 the utility bill minimum counts balances, current charges included', async () => {
    const at = async (minimum: string) =>
      (await counted({ utilityBillMinimumBalance: money(minimum) })).utilityBill.accounts
    expect([await at('60.00'), await at('60.01'), await at('0.00')]).toEqual([2, 1, 3])
  })

  test('certifiable follows the five minimum checks', async () => {
    const at = async (certificationMinimumCheck: Settings['certificationMinimumCheck'], minimum: string) =>
      (await counted({ certificationMinimumCheck, certificationMinimumBalance: money(minimum) })).certifiable.accounts
    expect([await at('ignore', '900.00'), await at('delinquent', '80.00'), await at('delinquent', '80.01')]).toEqual([
      1, 1, 0,
    ])
    expect([await at('service', '80.00'), await at('service', '80.01')]).toEqual([1, 0])
    expect([await at('current', '104.99'), await at('current', '105.00')]).toEqual([1, 0])
    expect([await at('prior', '104.99'), await at('prior', '105.00')]).toEqual([1, 0])
    await town.db.execute(sql`update customer set bankrupt = true where number = '1'`)
    expect((await counted({ certifyBankrupt: false })).certifiable.accounts).toBe(0)
  })

  test('a private account counts only for those who see it', async () => {
    await town.db.execute(sql`update customer set public = false where number = '1'`)
    const stored = { ...(await settings(town.db)), delinquentMinimumBalance: money('1.00') }
    expect((await touchedAccounts(town.db, stored)).delinquent.accounts).toBe(1)
    expect((await touchedAccounts(town.app, stored)).delinquent.accounts).toBe(0)
  })
})

test('002-012 the golden town: 204.55 two periods back passes 200.00 and not 205.00', async () => {
  const golden = await freshTown()
  await loadTown(golden.db, GOLDEN)
  const stored = await settings(golden.db)
  const shutoff = async (minimum: string) =>
    (await touchedAccounts(golden.db, { ...stored, shutoffMinimumBalance: money(minimum) })).shutoff
  expect(await shutoff('200.00')).toEqual({ accounts: 1, amount: '204.55' })
  expect((await shutoff('205.00')).accounts).toBe(0)
  expect((await touchedAccounts(golden.db, stored)).certifiable).toEqual({ accounts: 1, amount: '204.55' })
  await golden.drop()
})

const large = millbrook()

test.skipIf(!large)(
  'millbrook: 157 delinquent, 87 for shutoff, 101 to certify (skipped where the town is not beside the repository)',
  async () => {
    const big = await freshTown()
    await loadTown(big.db, large?.folder ?? '')
    const counts = await touchedAccounts(big.db, await settings(big.db))
    expect(counts).toMatchObject({ accounts: 900, delinquent: { accounts: 157 }, shutoff: { accounts: 87 } })
    expect(counts.certifiable).toEqual({
      accounts: large?.expected.certify.accounts,
      amount: large?.expected.certify.amount,
    })
    await big.drop()
  },
)
