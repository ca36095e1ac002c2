import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeArrangement } from '../arrangements/service.ts'
import { rows } from '../db/db.ts'
import { money } from '../ledger/money.ts'
import { touchedAccounts } from '../organization/counts.ts'
import { settings } from '../organization/settings.ts'
import { create } from '../testing/certifying.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { candidatesOf } from './candidate-list.ts'

let town: TestTown
const TODAY = '2011-04-30'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { lists: { first: ['WA'], overpayment: ['WA'] } })
  for (const number of ['100.01', '200.01', '300.01', '400.01']) {
    await anAccount(town.db, { number, connectDate: '2010-12-01', location: { parcelNumber: `07-${number}` } })
    await aCharge(town.db, number, '2010-12-31', { WA: '68.27' })
  }
  const order = { description: 'Plan', services: ['WA'], amount: money('60.00'), payments: 2, regular: false }
  await makeArrangement({ db: town.db, actor: { id: 0 }, today: TODAY }, '100.01', {
    ...order,
    ...{ frequency: 'monthly', startDate: '2011-05-10' },
  })
  await town.db.execute(
    sql`insert into condition_code (code, name, exempt_certification) values ('VET', 'Veteran', true), ('DOG', 'Dog', false)`,
  )
  await town.db.execute(sql`insert into special_condition (level, customer_id, condition_code_id, effective_date, expiration_date)
    select 'customer', c.id, (select id from condition_code where code = 'VET'), '2011-04-01'::date, '2011-04-30'::date from customer c where c.number = '200'
    union all select 'customer', c.id, (select id from condition_code where code = 'DOG'), '2011-04-01'::date, null from customer c where c.number = '300'`)
})
afterAll(() => town.drop())

const put = (name: string, value: string) =>
  town.db.execute(
    sql`insert into setting (name, value) values (${name}, ${value}) on conflict (name) do update set value = excluded.value`,
  )
const numbers = async (day = TODAY) => (await candidatesOf(town.db, 2011, day)).map((each) => each.accountNumber)

describe('who is left out of certification (K7)', () => {
  it('nobody, as the settings stand at first', async () => {
    expect(await numbers()).toEqual(['100.01', '200.01', '300.01', '400.01'])
  })

  it('accounts in a current arrangement, where the setting leaves them out, until it is broken', async () => {
    await put('certify_with_arrangement', 'no')
    expect(await numbers()).toEqual(['200.01', '300.01', '400.01'])
    expect(await numbers('2011-05-15')).toEqual(['200.01', '300.01', '400.01'])
    expect(await numbers('2011-05-16')).toEqual(['100.01', '200.01', '300.01', '400.01'])
  })

  it('accounts under a condition that exempts from certification, up to its last day', async () => {
    await put('certify_with_condition', 'no')
    expect(await numbers()).toEqual(['300.01', '400.01'])
    expect(await numbers('2011-05-01')).toEqual(['200.01', '300.01', '400.01'])
  })

  it('the counts of delinquent and shutoff stay as they are', async () => {
    await put('delinquent_minimum_balance', '10.00')
    const counts = await touchedAccounts(town.db, await settings(town.db))
    expect(counts.delinquent.accounts).toBe(4)
    expect(counts.shutoff.accounts).toBe(4)
  })

  it('the run lists them as left out, with the reason', async () => {
    const run = await create(town.db)
    const out = await rows<{ number: string; reasons: { test: string; passed: boolean }[] }>(
      town.db,
      sql`select a.number, x.reasons from ledger.staged_exclusion x join account a on a.id = x.account_id where x.run_id = ${run.id} order by a.number`,
    )
    expect(
      out.map(({ number, reasons }) => [number, reasons.filter((each) => !each.passed).map(({ test }) => test)]),
    ).toEqual([
      ['100.01', ['Current arrangement']],
      ['200.01', ['Special condition that exempts from certification']],
    ])
  })
})
