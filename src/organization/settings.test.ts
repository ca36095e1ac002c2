import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rows } from '../db/db.ts'
import { money, text } from '../ledger/money.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { organization, saveOrganization } from './service.ts'
import { readSetting, rowName, SETTING_NAMES, saveSettings, settingNamed, settings } from './settings.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
  await town.db.execute(
    sql`insert into gl_account (number, name, type) values ('1010', 'Cash', 'asset'), ('1110', 'Water', 'asset')`,
  )
  await town.db.execute(
    sql`insert into service (code, name, sort, receivable_gl) values ('WA', 'Water', 1, (select id from gl_account where number = '1110')), ('SE', 'Sewer', 2, null)`,
  )
})
afterAll(() => town.drop())

test('an empty town has every setting of the contract at its initial value', async () => {
  const stored = await settings(town.db)
  expect(stored).toMatchObject({
    dueDays: 20,
    noChecksAfter: 2,
    payPastDueFirst: false,
    certifyBankrupt: true,
    cashGl: null,
  })
  expect([stored.firstPriorityMethod, stored.secondPriorityMethod, stored.thirdPriorityMethod]).toEqual([
    'percentage',
    'listed',
    'listed',
  ])
  expect(stored.currentPeriod).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  expect(SETTING_NAMES.map(rowName)).toEqual(
    expect.arrayContaining(['address_line_1', 'certification_fee_rate', 'open_credit_gl', 'no_checks_after']),
  )
  expect([settingNamed('due_days'), settingNamed('dueDays'), settingNamed('__proto__')]).toEqual([
    'dueDays',
    'dueDays',
    undefined,
  ])
})

test('settings are read back as they were stored, and the audit trail says who and what', async () => {
  await saveSettings(town.db, { shutoffMinimumBalance: money('75'), cashGl: '1010', payPastDueFirst: true }, 0)
  await saveSettings(town.db, { shutoffMinimumBalance: money('80'), cashGl: '1010' }, 0)
  const stored = await settings(town.db)
  expect([text(stored.shutoffMinimumBalance), stored.cashGl, stored.payPastDueFirst]).toEqual(['80.00', '1010', true])
  const audit = await rows(
    town.db,
    sql`select action, subject_key as name, old->>'value' as was, new->>'value' as now
    from audit where subject = 'setting' order by id desc limit 1`,
  )
  expect(audit).toEqual([{ action: 'change', name: 'shutoff_minimum_balance', was: '75.00', now: '80.00' }])
})

test.each([
  ['shutoff_minimum_balance', '-1.00'],
  ['due_days', '1.5'],
  ['certification_fee_rate', '1.1'],
  ['current_period', '2026-02-30'],
  ['timezone', 'America/Nowhere'],
  ['overpayment_method', 'all'],
  ['certify_bankrupt', 'true'],
])('%s cannot be %s', (name, written) => {
  const setting = settingNamed(name)
  expect(setting && readSetting(setting, written).ok).toBe(false)
})

test('GL settings name accounts that exist and have one role', async () => {
  await expect(saveSettings(town.db, { cashGl: '9999' }, 0)).rejects.toMatchObject({
    status: 422,
    detail: { cashGl: 'There is no GL account 9999.' },
  })
  await expect(saveSettings(town.db, { openCreditGl: '1010' }, 0)).rejects.toMatchObject({ status: 422 })
  await expect(saveSettings(town.db, { nsfService: 'XX' }, 0)).rejects.toMatchObject({ status: 422 })
  expect((await settings(town.db)).openCreditGl).toBeNull()
})

test('the organization for the API: settings, services, lists and counts; what is sent back changes nothing', async () => {
  await saveOrganization(
    town.db,
    {
      delinquent_minimum_balance: '25.00',
      certificationFeeRate: '0.1',
      paymentAllocation: { first: ['SE'], overpayment: ['WA'] },
    },
    0,
  )
  const answer = await organization(town.db)
  expect(answer).toMatchObject({
    delinquentMinimumBalance: '25.00',
    certificationFeeRate: '0.10',
    cashGl: '1010',
    nsfService: null,
    services: [
      { code: 'WA', receivableGl: '1110' },
      { code: 'SE', receivableGl: null },
    ],
    paymentAllocation: { first: ['SE'], second: [], third: [], overpayment: ['WA'], exclude: [] },
    counts: { delinquent: 0, shutoff: 0, certifiable: 0 },
  })
  const same = JSON.parse(JSON.stringify({ ...answer, currentPeriod: '2026-04-30' }))
  await saveOrganization(town.db, same, 0)
  const audited = () => rows(town.db, sql`select count(*) from audit where subject <> 'setting' or action = 'change'`)
  const before = await audited()
  await saveOrganization(town.db, same, 0)
  expect(await audited()).toEqual(before)
  expect(await organization(town.db)).toEqual(same)
  await saveOrganization(
    town.db,
    { services: [{ code: 'SE', certificationPeriods: 3, subjectToCertification: true }] },
    0,
  )
  expect((await organization(town.db)).services[1]).toMatchObject({
    code: 'SE',
    certificationPeriods: 3,
    subjectToCertification: true,
    active: true,
  })
  await expect(saveOrganization(town.db, { services: [{ code: 'XX' }] }, 0)).rejects.toMatchObject({ status: 422 })
  await expect(saveOrganization(town.db, { services: [{ code: 'SE', nonsense: 1 }] }, 0)).rejects.toMatchObject({
    status: 422,
  })
  await expect(
    saveOrganization(town.db, { dueDays: 30, services: [{ code: 'SE', penaltyType: 9 }] }, 0),
  ).rejects.toMatchObject({ status: 422 })
  expect((await settings(town.db)).dueDays).toBe(20)
  await expect(saveOrganization(town.db, { nonsense: '1', dueDays: 'x' }, 0)).rejects.toMatchObject({
    status: 422,
    detail: { nonsense: 'There is no such setting.', dueDays: 'Write a whole number from 0 to 365.' },
  })
  await expect(saveOrganization(town.db, { currentPeriod: '2026-04-15' }, 0)).rejects.toMatchObject({ status: 422 })
  await expect(saveOrganization(town.db, { paymentAllocation: { third: ['SE'] } }, 0)).rejects.toMatchObject({
    status: 422,
    detail: {
      third: 'Sewer stands twice in First Priority Services and in Third Priority Services. A service has one place.',
    },
  })
})
