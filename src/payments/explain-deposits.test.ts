import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agreeDeposit } from '../deposits/agreement.ts'
import { applyDeposit, transferDeposit } from '../deposits/release.ts'
import { takeDeposit } from '../deposits/service.ts'
import { money } from '../ledger/money.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { words } from '../testing/form.ts'
import { setupTown } from '../testing/setup-town.ts'
import { posted, transaction } from '../testing/small-town.ts'

const today = '2026-04-20'
let town: TestTown
let clerk: Browser

const who = () => ({
  db: town.db,
  actor: { id: 0, name: 'system', role: 'supervisor' as const, seesPrivate: true },
  today,
  may: () => true,
})

async function held(amount: string): Promise<string> {
  const agreed = { service: 'WA', amount: money(amount), installments: 1, description: '', agreedOn: today }
  const deposit = await agreeDeposit(who(), '1.01', agreed)
  await takeDeposit(who(), '1.01', { lines: [{ deposit, amount: money(amount) }], date: today, method: 'cash' })
  return deposit
}
const page = async (account: string, id = '') =>
  words((await clerk.get(`/accounts/${account}/transactions/${id}`)).text)

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  await posted(town.db, '1.01', [
    await transaction(town.db, { account: '1.01', date: '2026-03-10' }, [['WA', '2026-03-31', '62.15']]),
  ])
  clerk = await signedIn(town, 'clerk', appFor(town, { today }))
})
afterAll(() => town.drop())

describe('what is done with a deposit explains itself', () => {
  it('applied: out of which one, and why', async () => {
    const deposit = await held('10.00')
    const id = await applyDeposit(who(), '1.01', { deposit, reason: 'Moved out', date: today })
    const shown = await page('1.01', id)
    expect(shown).toContain('What was held pays what is owed. Reason: Moved out')
    expect(shown).toContain(`Deposit ${deposit}: 10.00`)
  })

  it('moved to another account: on both sides, each naming the other where it is shown', async () => {
    const deposit = await held('40.00')
    const input = { deposit, to: '2.01', reason: 'The same person', date: today }
    const { transactionIds } = await transferDeposit(who(), '1.01', input)
    const [from, to] = transactionIds
    expect(await page('1.01', from)).toContain('40.00 that was held here is held for 2.01 now.')
    expect(await page('2.01', to)).toContain('40.00 that was held for 1.01 is held here now.')
    expect(await page('2.01', to)).toContain('Reason: The same person')
    await town.db.execute(
      sql`update customer set public = false where id = (select customer_id from account where number = '2.01')`,
    )
    expect(await page('1.01', from)).toContain('40.00 that was held here is held for an account not shown now.')
  })
})
