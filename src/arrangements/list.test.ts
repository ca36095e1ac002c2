import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { money } from '../ledger/money.ts'
import { ARRANGED_ON, type ArrangementTown, arrangementTown } from '../testing/arrangement-town.ts'
import type { Browser } from '../testing/browser.ts'
import { words } from '../testing/form.ts'
import { plansIn } from './list.ts'
import { makeArrangement } from './service.ts'

let t: ArrangementTown
let later: Browser
const LATER = '2026-12-20'

const make = async (number: string, startDate: string) => {
  await t.owing(number)
  const who = { db: t.town.db, actor: { id: t.supervisor.user.id }, today: ARRANGED_ON }
  const order = { description: 'Plan', services: ['WA'], amount: money('100.00'), payments: 2, regular: false }
  return makeArrangement(who, number, { ...order, frequency: 'monthly', startDate })
}
const listed = async (query: string, browser = later) => {
  const page = (await browser.get(`/arrangements${query}`)).text
  const numbers = [...page.matchAll(/\?plan=(\d+)"/g)].map(([, number]) => number)
  return { numbers, count: /(\d+) arrangements?</.exec(page)?.[1], says: words(page) }
}

beforeAll(async () => {
  t = await arrangementTown()
  // of these numbers: 1001 missed a payment by now, 1002 is paid, 1003 is to come, 1004 was ended broken
  await make('100.01', '2026-12-01')
  await make('200.01', '2026-12-01')
  await t.pay('200.01', '100.00')
  await make('300.01', '2027-01-31')
  await make('400.01', '2026-12-01')
  await t.town.db.execute(
    sql`update arrangement set ended_on = '2026-12-07', ended_as = 'broken', ended_reason = 'Seen by the job' where number = '1004'`,
  )
  // and these were cancelled long ago
  await t.town.db.execute(sql`insert into arrangement (number, account_id, made_on, description, account_balance, amount, regular_billing, grace_days,
      payment_order, ended_on, ended_as, ended_reason)
    select (2000 + n)::text, a.id, '2026-01-01', 'Old', 10, 10, true, 5, 'instalment', '2026-02-01', 'cancelled', 'Moved'
    from account a, generate_series(1, 45) n where a.number = '100.01' order by n`)
  later = await t.on(LATER)
})
afterAll(() => t.town.drop())

describe('Collections > Arrangements', () => {
  it('lists by state, whether somebody ended the plan or only its payments say so, newest first', async () => {
    expect(await listed('')).toMatchObject({ numbers: ['1003'], count: '1' })
    expect(await listed('?state=completed')).toMatchObject({ numbers: ['1002'], count: '1' })
    const broken = await listed('?state=broken')
    expect(broken).toMatchObject({ numbers: ['1004', '1001'], count: '2' })
    expect(broken.says).toContain('Seen by the job')
    expect(broken.says).toContain('Payment 1 of 50.00, due 12/01/2026, was not paid by 12/06/2026.')
  })

  it('forty to a page, with how many there are in all; a page beyond the last shows the last', async () => {
    const first = await listed('?state=cancelled')
    expect([first.numbers.length, first.numbers[0], first.count]).toEqual([40, '2045', '45'])
    expect((await listed('?state=cancelled&page=2')).numbers).toEqual(['2005', '2004', '2003', '2002', '2001'])
    expect((await listed('?state=cancelled&page=9')).numbers).toHaveLength(5)
    const all = await listed('?state=all&page=2')
    expect([all.numbers.length, all.numbers.at(-1), all.count]).toEqual([9, '1001', '49'])
  })

  it('reads no more plans than it shows where their state is stored', async () => {
    const read = await plansIn(t.town.db, 'cancelled', LATER, 2)
    expect([read.plans.length, read.total]).toEqual([5, 45])
  })

  it('of a private account it lists and counts nothing', async () => {
    const asClerk = async () => {
      const { numbers, count } = await listed('', t.clerk)
      return [numbers, count]
    }
    expect(await asClerk()).toEqual([['1003', '1001'], '2'])
    await t.town.db.execute(sql`update customer set public = false where number = '300'`)
    expect(await asClerk()).toEqual([['1001'], '1'])
  })
})
