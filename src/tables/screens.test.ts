import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pages as auth } from '../auth/pages.ts'
import { rows } from '../db/db.ts'
import { SETUP_TABLES } from '../set-up-tables.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { tablePages } from './screens.ts'

let town: TestTown
let clerk: Browser
let supervisor: Browser

beforeAll(async () => {
  town = await freshTown()
  const app = appFor(town, { features: [auth, tablePages(SETUP_TABLES)] })
  clerk = await signedIn(town, 'clerk', app)
  supervisor = await signedIn(town, 'supervisor', app)
})
afterAll(() => town.drop())

const LIST = '/organization/collection-codes'

async function added(code: string, name = `Name of ${code}`): Promise<string> {
  const answer = await supervisor.post(`${LIST}/new`, { code, name, sendUtilityBill: 'on' })
  expect(answer.status, answer.text).toBe(303)
  return answer.headers.location as string
}

const seenOf = (html: string): string =>
  (/name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

describe('a set-up table', () => {
  test('stores a new row, shows it, and writes who did it into the audit trail', async () => {
    const url = await added('BKR', 'Bankruptcy')
    const page = await supervisor.get(url)
    expect(page.text).toContain('Saved. Collection code BKR.')
    expect(page.text).toContain('value="Bankruptcy"')
    const [row] = await rows<{ actor: number; new: { code: string } }>(
      town.db,
      sql`select actor, new from audit where subject = 'collection_code' order by id desc limit 1`,
    )
    expect(row).toMatchObject({
      actor: supervisor.user.id,
      new: { code: 'BKR', send_utility_bill: true, display_warning: false },
    })
  })

  test('lists rows with digit runs as numbers, a page at a time, and looks them up', async () => {
    for (const code of ['R10', 'R9', 'R100']) await added(code)
    const list = (await clerk.get(`${LIST}?q=r`)).text
    expect(list.indexOf('>R9<')).toBeLessThan(list.indexOf('>R10<'))
    expect(list.indexOf('>R10<')).toBeLessThan(list.indexOf('>R100<'))
    const found = await clerk.get(`${LIST}?q=NAME of r100`)
    expect(found.text).toContain('1 collection code')
    expect(found.text).not.toContain('>R10<')
    const fragment = await clerk.get(`${LIST}?q=R100`, { 'HX-Request': 'true' })
    expect(fragment.text).toContain('>R100<')
    expect(fragment.text).not.toContain('<html')
  })

  test('says so when there are none, and has the keys F9, Alt+N and Ctrl+S', async () => {
    const list = (await supervisor.get('/organization/revenue-classes')).text
    expect(list).toContain('No revenue classes yet.')
    expect(list).toContain('aria-keyshortcuts="F9"')
    expect(list).toContain('aria-keyshortcuts="Alt+N"')
    expect((await supervisor.get('/organization/revenue-classes/new')).text).toContain('aria-keyshortcuts="Control+S"')
  })

  test('answers a wrong or repeated code with the form, what was typed, and why', async () => {
    await added('TWICE')
    const again = await supervisor.post(`${LIST}/new`, { code: 'TWICE', name: 'Second' })
    expect(again.status).toBe(422)
    expect(again.text).toContain('There is already a collection code TWICE.')
    expect(again.text).toContain('value="Second"')
    const none = await supervisor.post(`${LIST}/new`, { code: '', name: '' })
    expect(none.status).toBe(422)
    expect(none.text).toContain('Code is needed.')
  })

  test('tells the second of two clerks what the first changed, and overwrites nothing', async () => {
    const url = await added('AGY', 'Agency')
    const seen = seenOf((await supervisor.get(url)).text)
    await supervisor.post(url, { code: 'AGY', name: 'Collection agency', seen })
    const second = await supervisor.post(url, { code: 'AGY', name: 'Agency', displayWarning: 'on', seen })
    expect(second.status).toBe(409)
    expect(second.text).toContain('Name was Agency and is now Collection agency.')
    expect(second.text).toContain('value="Collection agency"')
    const stored = await rows<{ name: string; display_warning: boolean }>(
      town.db,
      sql`select name, display_warning from collection_code where code = 'AGY'`,
    )
    expect(stored).toEqual([{ name: 'Collection agency', display_warning: false }])
    const saved = await supervisor.post(url, {
      code: 'AGY',
      name: 'Collection agency',
      displayWarning: 'on',
      seen: seenOf(second.text),
    })
    expect(saved.status).toBe(303)
  })

  test('deletes what nothing uses and refuses the rest with count and user', async () => {
    const url = await added('USED')
    await town.db.execute(sql`insert into customer (number, name, collection_code_id)
      select n::text, 'Customer ' || n, (select id from collection_code where code = 'USED') from generate_series(1, 3) n`)
    const why = 'USED is used by 3 customers, so it stays.'
    expect((await supervisor.get(`${url}/delete`)).text).toContain(why)
    const refused = await supervisor.post(`${url}/delete`, { version: '1' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(why)
    await town.db.execute(sql`update customer set collection_code_id = null`)
    expect((await supervisor.post(`${url}/delete`, { version: '9' })).status).toBe(409)
    expect((await supervisor.post(`${url}/delete`, { version: '1' })).status).toBe(303)
    const [row] = await rows<{ actor: number; old: { code: string } }>(
      town.db,
      sql`select actor, old from audit where subject = 'collection_code' and action = 'delete'`,
    )
    expect(row).toMatchObject({ actor: supervisor.user.id, old: { code: 'USED' } })
    expect((await supervisor.get(url)).status).toBe(404)
  })

  test('a clerk looks and does not change; nobody changes a fixed row', async () => {
    const url = await added('SEE')
    expect((await clerk.get(url)).text).not.toContain('Ctrl+S')
    expect((await clerk.post(url, { code: 'SEE', name: 'x' })).status).toBe(403)
    expect((await clerk.get(`${LIST}/new`)).status).toBe(403)
    const fixed = '/organization/account-status/1'
    expect((await supervisor.get(fixed)).text).toContain('Current and Shutoff are fixed')
    expect((await supervisor.post(fixed, { code: 'CURRENT', name: 'Other' })).status).toBe(422)
    expect((await supervisor.post(`${fixed}/delete`, { version: '1' })).status).toBe(422)
  })

  test('services: every field is stored, codes stay, GL accounts have one role, and rows move', async () => {
    for (const [number, type] of [
      ['1110', 'asset'],
      ['4110', 'revenue'],
    ]) {
      await supervisor.post('/organization/gl-accounts/new', { number, name: `GL ${number}`, type })
    }
    const water = {
      code: 'WA',
      name: 'Water',
      kind: 'metered',
      sort: '',
      active: 'on',
      allowNewBillings: 'on',
      defaultRate: 'RES',
      defaultFrequency: 'monthly',
      defaultMultiplier: '1',
      unitsBase: 'on',
      minimumRate: '5.00',
      maximumRate: '90.00',
      depositAllowed: 'on',
      defaultDeposit: '120.00',
      receivableGl: '1110',
      revenueGl: '4110',
      subjectToCertification: 'on',
      certificationPeriods: '2',
      subjectToPenalty: 'on',
      penaltyPeriods: '1',
      penaltyType: '3',
      billFinalDisconnect: 'on',
    }
    const url = (await supervisor.post('/organization/services/new', water)).headers.location as string
    const [row] = await rows<Record<string, unknown>>(
      town.db,
      sql`select s.*, r.number as receivable from service s
      join gl_account r on r.id = s.receivable_gl where s.code = 'WA'`,
    )
    expect(row).toMatchObject({
      sort: 1,
      receivable: '1110',
      certification_periods: 2,
      penalty_type: 3,
      default_deposit: '120.00',
      units_base: true,
      minimum_rate: '5.00',
      bill_final_disconnect: true,
      default_rate: 'RES',
    })
    const sewer = { ...water, code: 'SE', name: 'Sewer', revenueGl: '1110', receivableGl: '' }
    const twice = await supervisor.post('/organization/services/new', sewer)
    expect(twice.status).toBe(422)
    expect(twice.text).toContain('1110 cannot serve as two different things')
    const second = (await supervisor.post('/organization/services/new', { ...sewer, revenueGl: '' })).headers
      .location as string
    const renamed = await supervisor.post(url, { ...water, code: 'WX' })
    expect(renamed.status).toBe(422)
    expect(renamed.text).toContain('Code stays as it is.')
    expect((await supervisor.post(`${second}/move`, { to: 'up' })).status).toBe(303)
    const list = (await supervisor.get('/organization/services')).text
    expect(list.indexOf('>SE<')).toBeLessThan(list.indexOf('>WA<'))
    expect(list).not.toContain('Open credit of the account')
  })
})
