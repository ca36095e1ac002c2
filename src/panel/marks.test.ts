import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aCharge } from '../testing/clerk-town.ts'
import { type Dashboard, dashboardTown } from '../testing/dashboard.ts'
import { formOf, words } from '../testing/form.ts'

let d: Dashboard
const run = (text: string) => d.run(text)
const at = (number?: string) => d.at(number)
const card = (id: string, number?: string) => d.card(id, number)

beforeAll(async () => {
  d = await dashboardTown()
})
afterAll(() => d.town.drop())

describe('marks of the cards', () => {
  it('001-016 001-017 001-018 001-033: the balance icon, and the header that says what is coming', async () => {
    expect(await card('c1')).toContain('Balance – Current')
    expect(await card('c1', '100.02')).toContain('Balance – Past Due')
    await aCharge(d.town.db, '100.02', '2026-01-10', { WA: '100.00' })
    expect(await card('c1', '100.02')).toContain('Balance – Shutoff')
    expect(await card('c2', '100.02')).toContain('Scheduled for shutoff, past due 115.00')
  })

  it('001-020 001-021 001-024 001-025 001-026 001-027 001-030: flags of the customer', async () => {
    const flags = {
      bankrupt: 'Bankruptcy',
      bad_debt: 'Bad Debt',
      sent_to_collections: 'Collections',
      budget_billing: 'Budget Billing',
      email_notices: 'Email Bills',
      do_not_accept_payments: 'No Payments',
    }
    for (const [column, icon] of Object.entries(flags)) {
      expect([icon, (await card('c1')).includes(icon)]).toEqual([icon, false])
      await run(`update customer set ${column} = true where number = '100'`)
      expect([icon, (await card('c1')).includes(icon)]).toEqual([icon, true])
    }
    expect(words((await d.administrator.get('/panel/250.01')).text)).toContain('Private')
    await run(`update customer set web_user = true where number = '100'`)
    expect(await card('c1')).not.toContain('Web User')
    await run(
      `insert into setting (name, value) values ('customer_web_access', 'yes') on conflict (name) do update set value = 'yes'`,
    )
    expect(await card('c1')).toContain('Web User')
  })

  it('001-019: On Arrangement while a plan holds', async () => {
    expect(await card('c1', '200.01')).not.toContain('On Arrangement')
    await run(`insert into arrangement (number, account_id, description, made_on, account_balance, amount, payment_order, grace_days, regular_billing)
      select '1', id, 'Plan', '2026-03-01', 50, 50, 'instalment', 5, true from account where number = '200.01'`)
    await run(
      `insert into arrangement_instalment (arrangement_id, position, due_date, amount) select id, 1, '2026-04-01', 50 from arrangement`,
    )
    expect(await card('c1', '200.01')).toContain('On Arrangement')
  })

  it('001-022: No Checks after the returned ones that the town allows', async () => {
    await run(
      `insert into setting (name, value) values ('no_checks_after', '1') on conflict (name) do update set value = '1'`,
    )
    expect(await card('c1', '300.01')).not.toContain('No Checks')
  })

  it('001-023: Automatic Payments with the method', async () => {
    await run(
      `insert into auto_payment (customer_id, type, state, reference, state_since) select id, 'draft', 'active', '1', '2026-01-01' from customer where number = '300'`,
    )
    expect(await card('c1', '300.01')).toContain('Automatic Payments – Draft')
  })

  it('001-028 001-029: the account status', async () => {
    expect(await card('c1')).toContain('Account Status – Current')
    await run(
      `update account set account_status_id = (select id from account_status where code = 'SHUTOFF') where number = '100.01'`,
    )
    expect(await card('c1')).toContain('Account Status – Shutoff')
  })

  it('001-015 001-048: special conditions whose code has an icon, on the card of their level', async () => {
    await run(
      `insert into condition_code (code, name, icon) values ('MED', 'Medical', 'phone'), ('GATE', 'Locked gate', 'warn'), ('PLAIN', 'Plain', null)`,
    )
    await run(`insert into special_condition (level, customer_id, location_id, condition_code_id, effective_date)
      select 'customer', a.customer_id, null, k.id, '2026-01-01' from account a, condition_code k where a.number = '100.01' and k.code in ('MED', 'PLAIN')`)
    await run(`insert into special_condition (level, location_id, condition_code_id, effective_date)
      select 'location', a.location_id, k.id, '2026-01-01' from account a, condition_code k where a.number = '100.01' and k.code = 'GATE'`)
    expect(await card('c1')).toContain('Medical')
    expect(await card('c1')).not.toContain('Plain')
    expect(await card('c3')).toContain('Locked gate')
    expect(await card('c3')).not.toContain('Medical')
    // once, though the customer and the account both have it, and the account twice
    for (const _ of [1, 2])
      await run(`insert into special_condition (level, customer_id, location_id, condition_code_id, effective_date)
        select 'account', a.customer_id, a.location_id, k.id, '2026-01-01' from account a, condition_code k where a.number = '100.01' and k.code = 'MED'`)
    expect((await card('c1')).match(/Medical/g)).toHaveLength(1)
  })

  it('001-042 001-049 001-050: the icons of the location', async () => {
    expect(await card('c3')).not.toContain('Open Service Order')
    await run(
      `insert into service_order_code (code, name, service_order_category_id) select 'LEAK', 'Leak', id from service_order_category where code = 'REPAIR'`,
    )
    await run(`insert into service_order (number, customer_id, location_id, service_order_code_id, description, requested)
      select '1', a.customer_id, a.location_id, k.id, 'Leak', '2026-03-01' from account a, service_order_code k where a.number = '100.01'`)
    await run(`update location set on_lien = true where number = 'L10'`)
    const text = await card('c3')
    expect(text).toContain('Open Service Order')
    expect(text).toContain('On Lien')
  })

  it("001-047: a map of the location on the town's own map site", async () => {
    expect(await at()).toContain('href="https://www.openstreetmap.org/search?query=318%20N%20Tamarack%20St')
    await run(`insert into setting (name, value) values ('map_site', 'https://maps.example/?q={address}')`)
    expect(await at()).toContain('href="https://maps.example/?q=318%20N%20Tamarack%20St')
    await run(`update setting set value = '' where name = 'map_site'`)
    expect(await at()).not.toContain('Map of this location')
  })

  it('001-040: U beside a payment that is not posted yet', async () => {
    await run(
      `insert into setting (name, value) values ('counter_posting', 'batch') on conflict (name) do update set value = 'batch'`,
    )
    await aCharge(d.town.db, '200.01', '2026-03-10', { WA: '5.00' })
    const form = (await d.clerk.get('/accounts/200.01/payments/new')).text
    const shown = /name="shown" value="([^"]*)"/.exec(form)?.[1]?.replaceAll('&quot;', '"') ?? ''
    await d.clerk.post('/accounts/200.01/payments', { ...formOf(form, 'payment'), shown, method: 'cash', step: 'take' })
    expect(await card('c2', '200.01')).toMatch(/Last payment 03\/15\/2026 U 5\.00/)
  })

  it('001-041: G beside the due date while a grace note is in force', async () => {
    await run(`insert into note (level, customer_id, note_type_id, subject, created, grace_date)
      select 'customer', a.customer_id, k.id, 'Promise', '2026-03-01', '2026-03-20' from account a, note_type k where a.number = '100.01' and k.code = 'general'`)
    expect(await card('c2')).toMatch(/Due date 03\/30\/2026 G/)
  })
})
