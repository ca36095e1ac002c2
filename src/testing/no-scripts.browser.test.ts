import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenTown, noBrowser, startWalk, type Walk, wordsOf } from './browser-walk.ts'
import type { TestTown } from './database.ts'

let town: TestTown
let walk: Walk
let page: Page
const press = (name: string | RegExp) => page.locator('main').getByRole('button', { name }).first().click()
const main = () => wordsOf(page.locator('main'))

describe.skipIf(noBrowser)('with scripts off', () => {
  beforeAll(async () => {
    town = await goldenTown()
    walk = await startWalk(town, { today: '2011-04-30', javaScript: false })
    page = walk.page
  })
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('finds an account from the bar and on Customer Inquiry', async () => {
    await page.goto(walk.base)
    await page.locator('.goto input').fill('Canal')
    await page.locator('.goto input').press('Enter')
    await page.waitForURL('**/accounts/100.01')
    await page.goto(`${walk.base}/customers/inquiry`)
    await page.getByLabel('Look for').fill('holt')
    await press('Find')
    expect(await main()).toContain('100.01 Mary Holt')
  })

  it('saves a row of a set-up table, and says what is wrong first', async () => {
    await page.goto(`${walk.base}/organization/collection-codes/new`)
    await page.getByLabel('Name', { exact: true }).fill('Certified to taxes')
    await press('Save')
    expect((await page.locator('#errors').count()) + (await page.locator(':invalid').count())).toBeGreaterThan(0)
    await page.getByLabel('Code', { exact: true }).fill('TAX')
    await press('Save')
    await page.waitForURL(/collection-codes\/\d+$/)
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Certified to taxes')
  })

  it('runs a routine: preview, then GO', async () => {
    await page.goto(`${walk.base}/tax-certification/create-records`)
    await press('Preview')
    await page.waitForURL(/[?&]run=/)
    expect(await main()).toContain('204.55')
    await press(/^GO/)
    await page.waitForURL('**/runs/*')
    expect(await main()).toContain('Posted: 1 account,')
  })

  it('takes a payment: shows where it goes, then posts that', async () => {
    await page.goto(`${walk.base}/accounts/100.01/payments/new`)
    await page.getByLabel('Amount').fill('20.00')
    await press('Preview')
    expect(await main()).toMatch(/Water 273\.43 20\.00 253\.43/)
    await press('Take payment')
    await page.waitForURL('**/receipts/*')
    await page.goto(`${walk.base}/accounts/100.01`)
    expect(await main()).toContain('253.43')
  })
})
