import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountView, transactionsOf } from '../accounts/service.ts'
import { one } from '../db/db.ts'
import { adjust } from '../payments/adjust.ts'
import { transferPayment } from '../payments/transfer.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { money } from './money.ts'
import { reverse } from './reverse.ts'

let made: MovementTown

beforeAll(async () => {
  made = await movementTown()
})
afterAll(() => made.town.drop())

/** Past due on each day, once as an account's page says it, once as the runs select by it. */
async function pastDue(account: string, days: string[]): Promise<[string, string][]> {
  const ask = async (day: string): Promise<[string, string]> => {
    const { pastDue: shown } = await accountView(made.town.db, account, { today: day })
    const row = await one<{ selected: string }>(
      made.town.db,
      sql`select coalesce(sum(b.unpaid) filter (where b.due_date < ${day}::date), 0)::numeric(14,2)::text as selected
        from ledger.open_bucket b join account a on a.id = b.account_id where a.number = ${account}`,
    )
    return [shown, row?.selected ?? '']
  }
  return Promise.all(days.map(ask))
}
const same = (...amounts: string[]) => amounts.map((amount): [string, string] => [amount, amount])

describe('when a charge falls due: runs select by what the page says', () => {
  it('a Bill after the due days, a late charge on its date, and what was reversed not at all', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-03-10')
    expect(await pastDue(account, ['2011-03-30', '2011-03-31'])).toEqual(same('0.00', '40.00'))
    const wrong = await aCharge(made.town.db, account, '2011-03-20', { WA: '5.00' })
    expect(await pastDue(account, ['2011-03-31', '2011-04-10'])).toEqual(same('0.00', '45.00'))
    await reverse(made.town.db, { number: wrong, kind: 'Rev', reason: 'wrong', actor: 0, today: MOVEMENT_DAY })
    expect(await pastDue(account, ['2011-03-31'])).toEqual(same('40.00'))
  })

  it('a payment moved away or returned makes nothing due later', async () => {
    const [account, other] = [await made.owing({ WA: '40.00' }, '2011-03-01'), await made.owing({})]
    const { transactionId } = await made.pay(account, '40.00', { date: '2011-03-02' })
    await transferPayment(made.who(), transactionId, { to: other, reason: 'wrong account', date: '2011-03-28' })
    expect(await pastDue(account, ['2011-03-21', '2011-03-25'])).toEqual(same('0.00', '40.00'))
    const again = await made.pay(account, '40.00', { date: '2011-03-13' })
    await reverse(made.town.db, {
      ...{ number: again.transactionId, kind: 'NSF', reason: 'No funds', actor: 0, today: '2011-03-29' },
    })
    expect(await pastDue(account, ['2011-03-25'])).toEqual(same('40.00'))
  })

  it('an adjustment upwards is due on its date; a charge on credit in its own period', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-02-10')
    const [bill] = await transactionsOf(made.town.db, account)
    const changes = [{ service: 'WA', change: money('3.00') }]
    await adjust(made.who(), bill?.id ?? '', { changes, reason: 'Misread', date: MOVEMENT_DAY })
    expect(await pastDue(account, [MOVEMENT_DAY, '2011-04-21'])).toEqual(same('40.00', '43.00'))
    const credit = await made.owing({ WA: '10.00' }, '2011-02-10')
    await made.pay(credit, '30.00', { date: '2011-02-12' })
    await aCharge(made.town.db, credit, '2011-04-15', { WA: '20.00' })
    await aCharge(made.town.db, credit, '2011-04-02', { WA: '7.00' }, { type: 'Misc' })
    expect(await pastDue(credit, ['2011-05-05', '2011-05-06'])).toEqual(same('0.00', '7.00'))
  })
})
