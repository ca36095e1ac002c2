import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { money } from '../ledger/money.ts'
import { reverse } from '../ledger/reverse.ts'
import { takePayment } from '../payments/service.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser

const page = '/panel/100.01/customer'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  await anAccount(town.db, { number: '100.01', name: 'Dale R. Whitcomb' })
  await anAccount(town.db, { number: '100.02', name: 'Dale R. Whitcomb', account: { activityStatus: 'Final' } })
  await anAccount(town.db, { number: '200.01', name: 'Harlow Rentals LLC' })
  clerk = await signedIn(town, 'clerk', appFor(town, { today: '2026-03-15' }))
})
afterAll(() => town.drop())

/** The form as it opened, with changes. */
async function form(changes: Record<string, string | string[] | undefined>) {
  return { ...formOf((await clerk.get(page)).text, 'person'), ...changes }
}

describe('Message Center', () => {
  const lines = async (who = clerk, url = page) =>
    words((await who.get(url)).text.split('Message Center</h2>')[1] ?? '')

  it('001-087 001-088 001-091 001-092 001-093: says what other screens decide, and cannot be edited', async () => {
    const html = (await clerk.get(page)).text
    expect(html.split('Message Center</h2>')[1]?.split('</main>')[0]).not.toContain('<input')
    expect(await lines()).toContain('Email Bill No Budget Bill No Accept Checks Yes')
    await clerk.post(page, await form({ email: 'dale@example.com', emailNotices: 'on', budgetBilling: 'on' }))
    expect(await lines()).toContain('Email Bill Yes Budget Bill Yes Accept Checks Yes')
    await clerk.post(page, await form({ disallowedPayMethods: ['check'] }))
    expect(await lines()).toContain('Accept Checks No')
    await clerk.post(page, await form({ disallowedPayMethods: [] }))
  })

  it('001-094 001-095 001-096 001-098 001-099: counts of twelve months, deposits and both balances', async () => {
    await aCharge(town.db, '100.01', '2026-02-10', { WA: '80.00' })
    await aCharge(town.db, '100.01', '2025-03-15', { WA: '1.00' }, { type: 'Pen' })
    await aCharge(town.db, '100.01', '2025-03-16', { WA: '2.00' }, { type: 'Pen' })
    await aCharge(town.db, '100.01', '2026-01-16', { WA: '3.00' }, { type: 'Int' })
    await aCharge(town.db, '100.02', '2026-01-31', { WA: '10.00' })
    expect(await lines()).toContain('NSF (last 12 Months) 0 Late Charges (last 12 Months) 2 Deposits holding 0.00')
    expect(await lines()).toContain('Customer balance, all locations 96.00 Location balance, all residents 86.00')
    expect(words((await clerk.get('/accounts/100.01')).text)).toContain('12 months 0 NSF, 2 late')
    expect(words((await clerk.get('/accounts/100.01?asOf=2026-01-31')).text)).toContain('12 months 0 NSF, 3 late')
    const asOf = await lines(clerk, `${page}?asOf=2026-01-31`)
    expect(asOf).toContain('Late Charges (last 12 Months) 3')
    expect(asOf).toContain('Location balance, all residents 6.00')
  })

  it('001-093 001-094: a returned payment counts here and on the inquiry, and ends checks as the town says', async () => {
    for (const at of ['2026-03-01', '2026-03-02']) {
      const { transactionId } = await takePayment(
        {
          db: town.db,
          actor: { id: 0, name: 'system', role: 'supervisor', seesPrivate: true },
          today: at,
          may: () => true,
        },
        '100.01',
        { amount: money('5.00'), date: at, method: 'check', checkNumber: '1' },
      )
      await reverse(town.db, {
        ...{ number: transactionId, kind: 'NSF', reason: 'No funds', actor: 0, today: at },
      })
    }
    expect(await lines()).toContain('Accept Checks No NSF (last 12 Months) 2')
    expect(words((await clerk.get('/accounts/100.01')).text)).toContain('12 months 2 NSF, 2 late')
    for (const [written, taken] of [
      ['', 'No'],
      ['0', 'Yes'],
      ['3', 'Yes'],
    ] as const) {
      await town.db.execute(sql`insert into setting (name, value) values ('no_checks_after', ${written})
        on conflict (name) do update set value = excluded.value`)
      expect(await lines()).toContain(`Accept Checks ${taken} `)
    }
  })

  it('001-089: an open service order counts once, however many accounts the owner has had at the location', async () => {
    await town.db.execute(sql`update location set rental = true, owner_customer_id = (select customer_id from account where number = '200.01')
      where id = (select location_id from account where number = '100.01')`)
    await town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status)
      select '200.02', customer_id, location_id, account_status_id, 'Final' from account where number = '200.01'`)
    await town.db.execute(
      sql`insert into service_order_code (code, name, service_order_category_id) select 'LEAK', 'Leak', id from service_order_category where code = 'REPAIR'`,
    )
    await town.db.execute(sql`insert into service_order (number, customer_id, location_id, service_order_code_id, description, requested)
      select '1', a.customer_id, a.location_id, k.id, 'Leak', '2026-03-01' from account a, service_order_code k where a.number = '200.01'`)
    expect(await lines(clerk, '/panel/100.01/owner')).toContain('Open Service Orders 1 ')
  })

  it("001-097: a customer's note shows at all its locations, an account's only here, a location's not at all", async () => {
    await town.db.execute(sql`insert into note (level, customer_id, location_id, note_type_id, subject, created, message_center)
      select x.level, case when x.level <> 'location' then a.customer_id end, case when x.level <> 'customer' then a.location_id end,
        (select id from note_type where code = 'general'), x.subject, '2026-03-01', x.shown
      from account a, (values ('customer', 'Of the customer', true), ('account', 'Of this account', true), ('location', 'Of the place', true),
        ('account', 'Not flagged', false)) as x(level, subject, shown) where a.number = '100.01'`)
    expect(await lines()).toMatch(
      /Of this account 03\/01\/2026, account note Of the customer 03\/01\/2026, customer note/,
    )
    const other = await lines(clerk, '/panel/100.02/customer')
    expect(other).toContain('Of the customer')
    for (const not of ['Of this account', 'Of the place', 'Not flagged']) expect(other).not.toContain(not)
    expect(await lines()).not.toContain('Of the place')
    expect(await lines(clerk, '/panel/200.01/customer')).toContain('No notes are marked for the Message Center.')
  })
})
