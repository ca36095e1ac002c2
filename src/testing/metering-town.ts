import { sql } from 'drizzle-orm'
import { monthEnd } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import { post } from '../ledger/post.ts'
import { anAccount, clerkTown } from './clerk-town.ts'
import { freshTown, type TestTown } from './database.ts'

export const METERING_DAY = '2026-10-31'
export const METERED = '100.01'

/**
 * A town with account 100.01 whose water meter M-1 (5 dials, hundred gallons) was read each month from 11/2025, the last
 * of 10/27/2026 by estimate, with a bill of October; account 200.01 beside it without a meter, 300.01 private.
 */
export async function meteringTown(): Promise<TestTown> {
  const town = await freshTown()
  await clerkTown(town.db, {
    services: [
      { code: 'WA', name: 'Water', kind: 'metered' },
      { code: 'IR', name: 'Irrigation', kind: 'metered' },
      { code: 'GA', name: 'Garbage' },
    ],
    currentPeriod: '2026-10-31',
  })
  await anAccount(town.db, { number: METERED, services: ['WA', 'GA'], connectDate: '2025-01-01' })
  await anAccount(town.db, { number: '200.01', services: ['WA'], connectDate: '2025-01-01' })
  await anAccount(town.db, { number: '300.01', customer: { public: false }, services: ['WA'] })
  await town.db.execute(
    sql`update account_service set rate = 'W-5/8' where service_id = (select id from service where code = 'WA')`,
  )
  await town.db.execute(sql`insert into rate (code, service_id, name, effective_from, minimum_charge)
    select 'W-5/8', id, 'Water 5/8', '2025-01-01', 16.5 from service where code = 'WA'`)
  await town.db.execute(sql`insert into meter (number, service_id, location_id, dials, multiplier, unit, size, install_date, install_read)
    select 'M-1', s.id, n.id, 5, 100, 'gallon', '5/8', '2025-10-01', 99900 from service s, location n where s.code = 'WA' and n.number = ${`L${METERED}`}`)
  // 30 a month, 50 in July: over the top in the fourth month
  await town.db.execute(sql`insert into reading (meter_id, read_date, reading, kind)
    select m.id, d.day, (99900 + 30 * d.n + case when d.n >= 9 then 20 else 0 end) % 100000, case when d.n = 12 then 'estimated' else 'actual' end
    from meter m, (select n, (date '2025-10-27' + n * interval '1 month')::date as day from generate_series(1, 12) n) d`)
  return town
}

/** A posted bill of the account, with what its facts say about usage. */
export async function aBill(town: TestTown, date: string, amount: string, usage?: object[]): Promise<string> {
  const [of] = await town.db.execute<{
    id: number
    version: string
    receivable: number
    revenue: number
    service: number
  }>(
    sql`select a.id, l.version::text, s.receivable_gl as receivable, s.revenue_gl as revenue, s.id as service from account a
      join ledger.account_ledger l on l.account_id = a.id, service s where a.number = ${METERED} and s.code = 'WA'`,
  )
  if (!of) throw new Error('no account')
  const period = monthEnd(date)
  const posted = await post(town.db, {
    kind: 'test',
    actor: 0,
    accounts: [{ id: of.id, version: of.version }],
    transactions: [
      {
        accountId: of.id,
        type: 'Bill',
        date,
        period,
        description: 'Water',
        sourceKey: 'test/{id}',
        ...(usage ? { facts: { usage } } : {}),
        postings: [
          { gl: of.receivable, book: 'utility', service: of.service, aging: period, amount: money(amount) },
          { gl: of.revenue, book: 'general', amount: money(amount).times('-1') },
        ],
      },
    ],
  })
  return posted.outcome
}
