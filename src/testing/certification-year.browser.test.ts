import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { goldenTown, noBrowser, startWalk, type Walk, wordsOf } from './browser-walk.ts'
import { faults, standing } from './certifying.ts'
import type { TestTown } from './database.ts'
import { type Keyboard, keyboardOf } from './keyboard.ts'

const CREATE = 'Create Tax Certification Records'
const UPDATE = 'Update Customer Balances'

let town: TestTown
let walk: Walk
let page: Page
let clerk: Keyboard
let updateRun = ''

const path = () => new URL(page.url()).pathname
const transactionCount = async () =>
  (await one<{ n: number }>(town.db, sql`select count(*)::int as n from ledger.transaction`))?.n

async function account(): Promise<void> {
  await clerk.lookUp('100.01')
  expect(path()).toBe('/accounts/100.01')
}

// No test here uses the mouse: only page.keyboard.
describe.skipIf(noBrowser)('a certification year by keyboard', () => {
  beforeAll(async () => {
    town = await goldenTown()
    walk = await startWalk(town, { today: '2011-04-30', name: 'm.clerk' })
    page = walk.page
    clerk = keyboardOf(page)
    await page.goto(walk.base)
  })
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('000-038 000-042 000-043: looks the account up and reads 273.43 under History', async () => {
    await account()
    expect(await clerk.main()).toContain('273.43')
    await clerk.shortcut('History')
    const shown = await clerk.main()
    for (const row of [
      '04/30/2011 0.00',
      '03/31/2011 68.88',
      '02/28/2011 65.77',
      '01/31/2011 70.51',
      '12/31/2010 68.27',
      'Balance 273.43',
    ])
      expect(shown).toContain(row)
    expect(shown).toContain('Current period 04/30/2011')
  })

  it('000-057: sets a collection code up', async () => {
    await clerk.lookUp('Collection Codes')
    await clerk.shortcut('New')
    await clerk.fill('Code', 'TAX')
    await clerk.fill('Name', 'Certified to taxes')
    await clerk.go('ControlOrMeta+s')
    expect(path()).toMatch(/^\/organization\/collection-codes\/\d+$/)
  })

  it('000-054 000-056 000-063 000-066: certifies 204.55 and a fee of 25.00; GO is the second CTRL+G', async () => {
    await clerk.lookUp(CREATE)
    expect(path()).toBe('/tax-certification/create-records')
    await clerk.fill(/^Date/, '04/30/2011')
    await clerk.tabTo(/^Assign Collection Code/)
    await clerk.type('TAX')
    await clerk.fill(/^Add Alert Message/, 'Certified to taxes 2011')
    await clerk.go('ControlOrMeta+g')
    const shown = await clerk.main()
    expect(shown).toMatch(/100\.01.*204\.55.*25\.00/)
    await clerk.go('ControlOrMeta+g')
    expect(path()).toMatch(/^\/runs\/\d+$/)
    expect(await clerk.main()).toContain('Posted: 1 account, 204.55 and fees of 25.00.')
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '273.43', certified: [], claims: 3 })
  })

  it('000-003 000-067: Customer Inquiry opens with the alert and shows what is certified, the balance as it was', async () => {
    await account()
    expect(await wordsOf(page.locator('dialog:modal'))).toContain('Certified to taxes 2011')
    await clerk.press('Enter')
    expect(await page.locator('dialog:modal').count()).toBe(0)
    const shown = await clerk.main()
    expect(shown).toMatch(/Balance( Explain)? 273\.43/)
    expect(shown).toMatch(/Certified 2011 not yet updated 204\.55/)
  })

  it('000-014: prints the notice', async () => {
    await clerk.lookUp('Print Certification Notices')
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toContain('100.01')
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toMatch(/notice[\w-]*\.pdf/i)
  })

  it('000-032: CTRL+G held, or pressed twice within a second, posts nothing', async () => {
    await clerk.lookUp(UPDATE)
    await page.waitForTimeout(1100)
    const before = await transactionCount()
    await page.keyboard.down('ControlOrMeta')
    for (let times = 0; times < 25; times += 1) {
      await page.keyboard.down('g')
      await page.waitForTimeout(100)
    }
    await page.keyboard.up('g')
    await page.keyboard.up('ControlOrMeta')
    expect(path()).toBe('/tax-certification/update-customer-balances')
    expect(await clerk.main()).toContain('nothing is posted yet')
    await clerk.lookUp(UPDATE)
    await clerk.go('ControlOrMeta+g')
    for (let times = 0; times < 3; times += 1) await clerk.press('ControlOrMeta+g')
    await page.waitForTimeout(500)
    expect(path()).toBe('/tax-certification/update-customer-balances')
    expect(await transactionCount()).toBe(before)
  })

  it('000-001 000-010 000-011 000-012 000-031: updates the balance: 273.43 becomes 68.88, the fee stands apart', async () => {
    await clerk.lookUp(UPDATE)
    expect(await wordsOf(page.locator('h1'))).toBe(UPDATE)
    expect(await wordsOf(page.locator('.crumbs'))).toContain('Tax Certification')
    const options = await clerk.main()
    for (const label of [
      'Transaction Options',
      'Certifications to Include',
      'Selection Criteria',
      'Update Customer Accounts',
    ])
      expect(options).toContain(label)
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toMatch(/273\.43 -204\.55 68\.88 25\.00/)
    await clerk.go('ControlOrMeta+g')
    expect(path()).toMatch(/^\/runs\/\d+$/)
    updateRun = path()
    expect(await page.locator('a[href$="register.pdf"]').count()).toBe(1)
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '68.88', certified: ['2011 229.55'] })
  })

  it('000-034 000-074: a second update has nothing to post, and a reload posts nothing', async () => {
    const before = await transactionCount()
    await page.reload()
    expect(path()).toBe(updateRun)
    await clerk.lookUp(UPDATE)
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toContain('Nothing to post')
    await page.waitForTimeout(1100)
    await clerk.press('ControlOrMeta+g')
    await page.waitForTimeout(800)
    expect(await transactionCount()).toBe(before)
  })

  it('000-008 000-009 000-035 000-036: Transactions shows PAdj and Fee; PAdj opens into its services', async () => {
    await account()
    await clerk.press('Enter')
    expect(await clerk.main()).toMatch(
      /PAdj Tax Certification 2011 certification 2011 204\.55 -204\.55 -204\.55 68\.88/,
    )
    expect(await clerk.main()).toMatch(/Fee Tax Certification 2011 certification 2011 25\.00 0\.00/)
    await clerk.tabTo(/Adjustments/)
    await clerk.press('Space')
    await page.waitForSelector('tr.sub')
    expect(await wordsOf(page.locator('tr.sub'))).toMatch(/PAdj\s+Water\s+-204\.55/)
  })

  it('makes the county file', async () => {
    await clerk.lookUp('County file')
    await clerk.tabTo(/^Layout/)
    await clerk.press('ArrowDown')
    await clerk.go('ControlOrMeta+g')
    await clerk.go('ControlOrMeta+g')
    expect(path()).toMatch(/^\/runs\/\d+$/)
    expect(await clerk.main()).toMatch(/county-2011\S*\.txt/)
    expect(await clerk.main()).toMatch(/204\.55 25\.00/)
  })

  it('000-047: enters the county payment of 114.78; 114.77 is left', async () => {
    await clerk.lookUp('Enter Certification Payments')
    await clerk.fill(/^Account/, '100.01')
    await clerk.go('Enter')
    await clerk.fill(/^Amount/, '114.78')
    await clerk.go('ControlOrMeta+s')
    expect(await clerk.main()).toContain('Certification balance 2011 is now 114.77')
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '68.88', certified: ['2011 114.77'] })
  })

  it('000-048 000-052: enters an adjustment, warned of the date, and posts it with the second CTRL+G', async () => {
    await clerk.lookUp('Enter Certification Adjustments')
    await clerk.fill(/^Account/, '100.01')
    await clerk.go('Enter')
    await clerk.fill(/^Amount/, '10.00')
    await clerk.go('ControlOrMeta+g')
    const shown = await clerk.main()
    expect(shown).toContain('This account has certifications dated 04/30/2011')
    expect(shown).toMatch(/114\.77 104\.77.*68\.88 78\.88/)
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toContain('Certification balance 2011 is now 104.77')
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '78.88', certified: ['2011 104.77'] })
  })

  it('reverses both, then the update itself: 273.43 is back', async () => {
    for (const type of ['CertAdj', 'CertPmt']) {
      await account()
      await clerk.press('Enter')
      const row = page.locator('#transactions tr', { hasText: type }).filter({ hasNotText: 'Reverses' }).first()
      const href = await row.locator('a', { hasText: /^Reverse$/ }).getAttribute('href')
      await clerk.tabToLink(href ?? '')
      await clerk.go('Enter')
      await clerk.fill(/^Reason/, 'entered wrongly')
      await clerk.go('ControlOrMeta+g')
    }
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '68.88', certified: ['2011 229.55'] })
    await clerk.lookUp('Runs')
    await clerk.tabToLink(updateRun)
    await clerk.go('Enter')
    await clerk.tabTo('Reverse')
    await clerk.press('Enter')
    await clerk.fill(/^Reason/, 'the county said no')
    await clerk.tabTo(/^Reverse run/)
    await clerk.go('Enter')
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '273.43', certified: [], claims: 3 })
  })

  it('and updates again: the ledger holds', async () => {
    await clerk.lookUp(UPDATE)
    await clerk.go('ControlOrMeta+g')
    await clerk.go('ControlOrMeta+g')
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '68.88', certified: ['2011 229.55'] })
    expect(await faults(town.db)).toEqual([])
    expect(walk.takeFaults()).toEqual([])
  })
})
