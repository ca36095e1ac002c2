import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../db/db.ts'
import { text } from '../ledger/money.ts'
import type { Browser } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { formOf, plain } from '../testing/form.ts'
import { office } from '../testing/office.ts'
import { settings } from './settings.ts'

const GENERAL = '/organization/organization'
const CERTIFICATION = `${GENERAL}/certification`

let town: TestTown
let supervisor: Browser
let clerk: Browser

beforeAll(async () => {
  ;({ town, supervisor, clerk } = await office({ WA: '30.00', SE: '15.00', GA: '10.00' }))
})
afterAll(() => town.drop())

describe('Organization > Organization > General', () => {
  test('002-003 002-004 stands in the menu as Organization > Organization, with the minimum balances on tab General', async () => {
    const page = (await clerk.get(GENERAL)).text
    expect(page).toContain('<li><a href="/organization/organization">Organization</a></li>')
    expect(page).toMatch(/<a href="\/organization\/organization" aria-current="page"[^>]*>General/)
    expect(page).toContain('Minimum balances')
  })

  test.each([
    ['002-005', 'Penalty Minimum Balance', 'penaltyMinimumBalance'],
    ['002-010', 'Shutoff Minimum Balance', 'shutoffMinimumBalance'],
    ['002-011', 'Shutoff Periods', 'shutoffPeriods'],
    ['002-014', 'Delinquent Minimum Balance', 'delinquentMinimumBalance'],
    ['002-015', 'Delinquent Periods', 'delinquentPeriods'],
    ['002-018', 'Utility Bill Minimum Balance', 'utilityBillMinimumBalance'],
  ])('%s has the field %s', async (_id, label, name) => {
    const page = (await clerk.get(GENERAL)).text
    expect(page).toMatch(new RegExp(`<label for="f-${name}"[^>]*>${label}</label>`))
    expect(page).toMatch(new RegExp(`<input id="f-${name}" name="${name}"`))
  })

  test('002-001 the help says that a minimum balance is a threshold and not an amount to keep', async () => {
    const page = plain((await clerk.get(GENERAL)).text)
    expect(page).toContain(
      'A minimum balance is a threshold on what is past due or due; nobody has to keep that much on an account.',
    )
    expect(page).toContain('Smallest past-due amount that can be billed a penalty.')
  })

  test('002-006 002-007 002-008 Save (Ctrl+S) stores minimums and periods together, says so and shows them', async () => {
    const page = (await supervisor.get(GENERAL)).text
    expect(page).toMatch(/<button type="submit" class="btn pri" form="general" aria-keyshortcuts="Control\+S">Save/)
    const form = formOf(page, 'general')
    const saved = await supervisor.post(GENERAL, {
      ...form,
      penaltyMinimumBalance: '25.00',
      shutoffMinimumBalance: '200',
      shutoffPeriods: '2',
      delinquentMinimumBalance: '50.00',
      delinquentPeriods: '1',
      utilityBillMinimumBalance: '5.00',
    })
    expect(saved.status, saved.text).toBe(303)
    const after = plain((await supervisor.get(saved.headers.location as string)).text)
    expect(after).toContain('Saved. Penalty Minimum Balance is now 25.00. Shutoff Minimum Balance is now 200.00.')
    expect(formOf(after, 'general')).toMatchObject({
      shutoffMinimumBalance: '200.00',
      shutoffPeriods: '2',
      utilityBillMinimumBalance: '5.00',
    })
    expect(text((await settings(town.db)).shutoffMinimumBalance)).toBe('200.00')
    const audit = await rows(
      town.db,
      sql`select distinct actor, subject from audit where subject = 'setting' and actor <> 0`,
    )
    expect(audit).toEqual([{ actor: supervisor.user.id, subject: 'setting' }])
  })

  test('counts how many accounts each minimum touches, also while somebody types', async () => {
    const page = (await clerk.get(GENERAL)).text
    expect(page).toContain('<span id="n-delinquent">1</span>')
    expect(page).toContain('<span id="m-delinquent">55.00</span>')
    const typed = (minimum: string) =>
      clerk.get(
        `${GENERAL}/counts?penaltyMinimumBalance=1&shutoffMinimumBalance=1&shutoffPeriods=2&delinquentMinimumBalance=${minimum}&delinquentPeriods=1&utilityBillMinimumBalance=1`,
        { 'HX-Request': 'true' },
      )
    expect((await typed('55.00')).text).toContain('<span id="n-delinquent" hx-swap-oob="true">1</span>')
    expect((await typed('55.01')).text).toContain('<span id="n-delinquent" hx-swap-oob="true">0</span>')
    expect((await typed('55.')).status).toBe(204)
  })

  test('answers what cannot be stored with the form, what was typed and why', async () => {
    const form = formOf((await supervisor.get(GENERAL)).text, 'general')
    const refused = await supervisor.post(GENERAL, {
      ...form,
      delinquentPeriods: '0',
      shutoffMinimumBalance: '-5',
      openCreditGl: '1010',
    })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Delinquent Periods: At least 1.')
    expect(refused.text).toContain('The amount may not be negative.')
    const role = await supervisor.post(GENERAL, { ...form, openCreditGl: '1010' })
    expect(role.status).toBe(422)
    expect(role.text).toContain('GL account 1010 cannot serve as two different things.')
    expect((await clerk.post(GENERAL, form)).status).toBe(403)
  })

  test('tells the second of two clerks what the first changed, and keeps what each typed', async () => {
    const form = formOf((await supervisor.get(GENERAL)).text, 'general')
    await supervisor.post(GENERAL, { ...form, dueDays: '25' })
    const second = await supervisor.post(GENERAL, { ...form, noChecksAfter: '3' })
    expect(second.status).toBe(409)
    expect(second.text).toContain('Days until due was 20 and is now 25.')
    expect(formOf(second.text, 'general')).toMatchObject({ dueDays: '25', noChecksAfter: '3' })
    expect((await supervisor.post(GENERAL, formOf(second.text, 'general'))).status).toBe(303)
    expect(await settings(town.db)).toMatchObject({ dueDays: 25, noChecksAfter: 3 })
  })
})

describe('Organization > Organization > Certification', () => {
  test('stores the ID Number, the minimum with its check, the fee in per cent as a fraction, and the dates', async () => {
    const form = formOf((await supervisor.get(CERTIFICATION)).text, 'certification')
    expect(form).toMatchObject({ certificationFeeRate: '0', certifyBankrupt: 'on' })
    const saved = await supervisor.post(CERTIFICATION, {
      ...form,
      certificationIdNumber: '55-0417',
      certificationMinimumBalance: '50.00',
      certificationMinimumCheck: 'service',
      certificationFeeAmount: '25.00',
      certificationFeeRate: '2.5',
      certifyBankrupt: undefined,
      certificationHearingDate: '11/21/2026',
    })
    expect(saved.status, saved.text).toBe(303)
    const stored = await settings(town.db)
    expect(stored).toMatchObject({
      certificationIdNumber: '55-0417',
      certificationMinimumCheck: 'service',
      certifyBankrupt: false,
      certificationHearingDate: '2026-11-21',
    })
    expect(stored.certificationFeeRate.toFixed()).toBe('0.025')
    const page = (await supervisor.get(CERTIFICATION)).text
    expect(formOf(page, 'certification')).toMatchObject({
      certificationFeeRate: '2.5',
      certificationHearingDate: '11/21/2026',
    })
    expect(page).toContain('Would be certified today: 0 accounts')
    expect((await supervisor.post(CERTIFICATION, { ...form, certificationFeeRate: '101' })).status).toBe(422)
  })
})
