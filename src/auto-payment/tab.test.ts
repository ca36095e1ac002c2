import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { PASSWORD, withPassword } from '../testing/signing-in.ts'
import { autoPaymentMark, autoPaymentMethod } from './mark.ts'

let town: TestTown
let clerk: Browser
let viewer: Browser
let supervisor: Browser

const page = '/panel/100.01/customer/auto-payment'
const DRAFT = {
  type: 'draft',
  accountType: 'checking',
  routing: '091000019',
  bankAccount: '12-345 6789',
  special: 'maximum',
  maximum: '75.00',
}

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-11-30' })
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt', services: ['WA'] })
  await anAccount(town.db, { number: '200.01', name: 'Ben Ames', services: ['WA'] })
  await anAccount(town.db, { number: '500.01', name: 'Hidden Person', customer: { public: false } })
  await aCharge(town.db, '100.01', '2026-11-05', { WA: '96.40' })
  await town.db.execute(sql`insert into bank_code (code, name) values ('091000019', 'Norbank')`)
  const app = appFor(town, { today: '2026-11-20' })
  clerk = await signedIn(town, 'clerk', app)
  viewer = await signedIn(town, 'viewer', app)
  supervisor = await withPassword(town, 'supervisor', 's.birch', app)
})
afterAll(() => town.drop())

const form = async (changes: Record<string, string> = {}, url = page) => ({
  ...formOf((await clerk.get(url)).text, 'auto-payment'),
  ...changes,
})
const stored = () =>
  one<Record<string, unknown>>(
    town.db,
    sql`select p.*, b.code as bank, p.state_since::text as since from auto_payment p left join bank_code b on b.id = p.bank_code_id
      join customer c on c.id = p.customer_id where c.number = '100'`,
  )
const settle = (name: string, value: string) =>
  town.db.execute(
    sql`insert into setting (name, value) values (${name}, ${value}) on conflict (name) do update set value = excluded.value`,
  )

describe('Auto Payment', () => {
  it('001-141 001-142 001-145: a new customer has the type and the two signup buttons, and nothing else', async () => {
    const html = (await clerk.get(page)).text
    for (const label of ['Auto-pay Type', 'None', 'Draft', 'Credit Card', 'Credit Card Signup', 'Bank Draft Signup'])
      expect(words(html)).toContain(label)
    for (const label of ['Bank Routing No.', 'Special Options', 'Payment Token'])
      expect(words(html)).not.toContain(label)
    expect(words(html)).toContain('Automatic Payment None')
    expect((await viewer.get(page)).text).not.toContain('form="auto-payment"')
    expect((await viewer.post(page, {})).status).toBe(403)
    expect((await clerk.get('/panel/500.01/customer/auto-payment')).status).toBe(404)
  })

  it('001-150 001-152 001-153 001-154 001-161 001-164 001-167: Draft shows the bank fields, with or without scripts', async () => {
    const answer = await clerk.post(`${page}/fields`, await form({ type: 'draft' }))
    expect(answer.status).toBe(200)
    const said = words(answer.text)
    for (const label of [
      'Notify in Advance',
      'Checking Account',
      'Savings Account',
      'Bank Routing No.',
      'New Bank Code',
    ])
      expect(said).toContain(label)
    for (const label of [
      'Pay Account Balance',
      'Maximum Amount',
      'Fixed Amount',
      'Required Amount (Statement Balance)',
    ])
      expect(said).toContain(label)
    expect(answer.text).toContain('<option value="091000019">Norbank</option>')
    expect(await stored()).toBeUndefined()
  })

  it('refuses a draft without its data and a routing number that does not check, beside the field', async () => {
    const wrong = await clerk.post(page, await form({ type: 'draft', special: 'maximum', routing: '091000018' }))
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('its nine digits do not fit together')
    const empty = await clerk.post(page, await form({ type: 'draft', special: 'maximum' }))
    expect(empty.status).toBe(422)
    for (const says of [
      'needs the bank routing number',
      'needs the account number',
      'Choose Checking',
      'Write the maximum',
    ])
      expect(empty.text).toContain(says)
  })

  it('001-090 001-143 001-144 001-151 001-157 001-158: once set up it shows the data, masked, and the tab counts it', async () => {
    const saved = await clerk.post(page, await form({ ...DRAFT, notifyInAdvance: 'on' }))
    expect(saved.headers.location).toBe(page)
    const kept = await stored()
    expect(kept).toMatchObject({ type: 'draft', bank: '091000019', bank_account_last4: '6789', maximum: '75.00' })
    expect(kept).toMatchObject({ state: 'pending', since: '2026-11-20', notify_in_advance: true })
    expect(kept?.bank_account_sealed).toMatch(/^v1\|/)
    const html = (await clerk.get(page)).text
    expect(html).toContain('•••••6789')
    expect(html).not.toContain('12-345')
    expect(html).toMatch(/auto-payment"[^>]*>Auto Payment\s*<[^>]+>1</)
    expect(words(html)).toContain('Automatic Payment Draft')
    expect(words(html)).toMatch(
      /100\.01 75\.00 The balance of 96\.40, at most 75\.00\. It is not drafted yet: the prenote is pending/,
    )
    const trail = await rows<{ new: object }>(town.db, sql`select new from audit where subject = 'auto_payment'`)
    expect(JSON.stringify(trail)).not.toContain('v1|')
    expect(trail).toHaveLength(1)
  })

  it('001-159 001-160: Show asks for the password and writes it down before it shows the number', async () => {
    const door = `${page}/account-no/show`
    expect((await clerk.get(door)).status).toBe(403)
    expect((await supervisor.get(door)).status).toBe(200)
    const shown = await supervisor.post(door, { password: PASSWORD, code: '', reason: 'Draft returned' })
    expect(shown.text).toContain('12-345 6789')
    const [row] = await rows<{ new: unknown }>(
      town.db,
      sql`select new from audit where action = 'show' and subject_key = '100'`,
    )
    expect(row?.new).toEqual({ field: 'bank_account' })
  })

  it('001-155 001-156: New Bank Code adds a bank and keeps what was typed; Save adds it too', async () => {
    const typed = await form({ newRouting: '123103729', newBank: 'Valley Bank', fixed: '80.00' })
    const part = await clerk.post(`${page}/bank-code`, typed, { 'HX-Request': 'true' })
    expect(part.text).toContain('value="123103729"')
    expect(part.text).not.toContain('<html')
    const wrong = await clerk.post(`${page}/bank-code`, await form({ newRouting: '123103729', newBank: 'Twice' }))
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('There is already a bank code 123103729')
    const unknown = await clerk.post(page, await form({ routing: '011000015' }))
    expect(unknown.text).toContain('There is no bank code 011000015 yet')
    const both = await clerk.post(page, await form({ routing: '', newRouting: '011000015', newBank: 'Boston Bank' }))
    expect(both.status).toBe(303)
    expect(await stored()).toMatchObject({ bank: '011000015', state: 'pending' })
    expect(words((await clerk.get('/organization/bank-codes')).text)).toContain('011000015 Boston Bank')
  })

  it('changed bank data begin a new prenote; what is left empty stays', async () => {
    await clerk.post(page, await form({ state: 'active' }))
    expect(await stored()).toMatchObject({ state: 'active', bank_account_last4: '6789' })
    expect(
      await one(town.db, sql`select ${autoPaymentMethod(sql`(select id from customer where number = '100')`)} as m`),
    ).toEqual({ m: 'Draft' })
    expect(autoPaymentMark('Draft')).toBe('Automatic Payments – Draft')
    await clerk.post(page, await form({ bankAccount: '99998888' }))
    expect(await stored()).toMatchObject({ state: 'pending', bank_account_last4: '8888' })
  })

  it('001-090: suspended it is marked nowhere', async () => {
    const marked = async (state: string) => {
      await clerk.post(page, await form({ state }))
      const html = (await clerk.get(page)).text
      return [/Automatic Payment (\w+)/.exec(words(html))?.[1], html.includes('Automatic Payments – Draft')]
    }
    expect(await marked('suspended')).toEqual(['None', false])
    expect(await marked('pending')).toEqual(['Draft', true])
  })

  it('two clerks: the second is told what the first changed, and nothing is overwritten', async () => {
    const mine = await form({ maximum: '60.00' })
    await clerk.post(page, await form({ maximum: '70.00' }))
    const told = await clerk.post(page, mine)
    expect(told.status).toBe(409)
    expect(words(told.text)).toContain('Maximum Amount was 75.00 and is now 70.00; you typed 60.00')
    expect(await stored()).toMatchObject({ maximum: '70.00' })
  })

  it('001-169 001-170 001-171 001-173: Required Amount drafts the budget, else the statement with the latest Statement Date', async () => {
    await clerk.post(page, await form({ special: 'required' }))
    expect(words((await clerk.get(page)).text)).toContain('0.00 There was no statement yet')
    await town.db.execute(sql`insert into ledger.statement (number, account_id, date, due_date, format, balance_forward, charges, amount, made_at, made_by, source_key)
      select x.n, id, x.d::date, x.d::date + 15, 'plain', 0, 0, x.a::numeric, now(), 0, x.n from account,
        (values ('S1', '2026-11-06', '84.20'), ('S2', '2026-10-06', '50.00')) x(n, d, a) where number = '100.01'`)
    expect(words((await clerk.get(page)).text)).toContain('84.20 Statement S1 of 11/06/2026 over 84.20')
    await town.db.execute(sql`with c as (insert into demographic_category (code, name, level) values ('BUD', 'Budget', 'account') returning id),
      i as (insert into demographic_item (code, name, demographic_category_id) select 'BUDGET', 'Budget amount', id from c returning id),
      d as (insert into demographic (number, level, customer_id, location_id, demographic_item_id)
        select '1', 'account', a.customer_id, a.location_id, i.id from account a, i where a.number = '100.01' returning id)
      insert into demographic_value (demographic_id, effective_date, value) select id, '2026-01-01', 90 from d`)
    expect(words((await clerk.get(page)).text)).toContain('84.20 Statement S1')
    await settle('budget_demographic_item', 'BUDGET')
    await settle('account_level_budgets', 'yes')
    expect(words((await clerk.get(page)).text)).toContain('90.00 The account level budget of 90.00')
  })

  it('001-146 001-147 001-148 001-149: the signup forms are PDFs, filled with what is known', async () => {
    for (const name of ['bank-draft-signup', 'credit-card-signup']) {
      const { headers, body, status } = await clerk.get(`${page}/${name}.pdf`)
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('application/pdf')
      expect((body as Buffer).subarray(0, 5).toString()).toBe('%PDF-')
    }
  })
})

describe('Credit Card', () => {
  const card = '/panel/200.01/customer/auto-payment'

  it('001-176 001-177 001-178 001-179 001-180 001-181: a token is set up, kept sealed and masked, and deleted', async () => {
    const fields = await clerk.post(`${card}/fields`, await form({ type: 'card' }, card))
    for (const label of [
      'Setup Payment Token',
      'No card provider is set up',
      'Special Options',
      'No card data are stored',
    ])
      expect(words(fields.text)).toContain(label)
    const number = await clerk.post(
      card,
      await form({ type: 'card', special: 'fixed', fixed: '80.00', token: '4111111111111111' }, card),
    )
    expect(number.status).toBe(422)
    expect(number.text).toContain('The number of a card is not stored here')
    const typed = { type: 'card', special: 'fixed', fixed: '80.00', token: 'tok_live_9f3a77' }
    expect((await clerk.post(card, await form(typed, card))).status).toBe(303)
    const html = (await clerk.get(card)).text
    expect(html).toContain('•••••3a77')
    expect(html).not.toContain('tok_live')
    expect(words(html)).toContain('80.00 The fixed amount, whatever is owed')
    expect(words(html)).toContain('Automatic Payment Credit Card')
    await settle('hosted_payment_form', 'https://pay.example.org/form')
    expect((await clerk.get(card)).text).toContain('href="https://pay.example.org/form"')
    expect((await clerk.post(`${card}/token/delete`, await form({}, card))).status).toBe(303)
    const [kept] = await rows(
      town.db,
      sql`select token_sealed, token_last4, state from auto_payment where type = 'card'`,
    )
    expect(kept).toEqual({ token_sealed: null, token_last4: null, state: 'pending' })
    expect((await clerk.post(card, await form({ type: 'none' }, card))).status).toBe(303)
    expect(words((await clerk.get(card)).text)).toContain('Automatic Payment None')
  })
})
