import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { axeFaults, noBrowser, sideways, startWalk, type Walk, wordsOf } from '../testing/browser-walk.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let walk: Walk

describe.skipIf(noBrowser)('the Customer and Owner tabs by keyboard', () => {
  beforeAll(async () => {
    town = await freshTown()
    await clerkTown(town.db, { currentPeriod: '2026-03-31' })
    const customer = {
      ...{ firstName: 'Dale', middleName: 'R.', lastName: 'Whitcomb', title: 'Mr.', spouse: 'Marjorie Whitcomb' },
      ...{ addressLine1: 'PO Box 214', city: 'Marlow Ferry', state: 'ID', zip: '83000', phone: '208-555-0142' },
      ...{ email: 'dale.whitcomb@example.com', emailNotices: true, disallowedPayMethods: ['check'] },
    }
    const location = { number: '2.1045', serviceAddress: '318 N Tamarack St', rental: true }
    await anAccount(town.db, { number: '100.01', name: 'Dale R. Whitcomb', customer, location })
    await anAccount(town.db, {
      number: '200.01',
      name: 'Harlow Rentals LLC',
      customer: { kind: 'profit', businessName: 'Harlow Rentals LLC' },
    })
    await aCharge(town.db, '100.01', '2026-02-10', { WA: '177.85' })
    walk = await startWalk(town, { today: '2026-03-15', role: 'clerk' })
  })
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('edits and saves in place with Ctrl+S, and the kind shows its own fields (001-063 to 001-067)', async () => {
    const { page, base } = walk
    await page.goto(`${base}/panel/100.01`)
    expect(await page.isVisible('#f-lastName')).toBe(true)
    expect(await page.isVisible('#f-businessName')).toBe(false)
    await page.focus('#f-kind')
    await page.keyboard.press('n')
    expect(await page.isVisible('#f-spouse')).toBe(false)
    expect(await page.isVisible('#f-businessName')).toBe(true)
    await page.keyboard.press('Home')
    expect(await page.isVisible('#f-spouse')).toBe(true)
    await page.focus('#f-spouse')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Marge')
    await Promise.all([page.waitForURL('**/panel/100.01/customer'), page.keyboard.press('Control+s')])
    expect(await wordsOf(page.locator('[role=status]'))).toContain('Saved. Customer 100.')
    expect(await page.inputValue('#f-spouse')).toBe('Marge')
    expect(await one(town.db, sql`select spouse from customer where number = '100'`)).toEqual({ spouse: 'Marge' })
  })

  it('offers the cities in use when the field is entered (001-107)', async () => {
    const { page } = walk
    await page.focus('#f-city')
    await page.waitForSelector('#f-city-l option', { state: 'attached' })
    expect(await page.getAttribute('#f-city-l option', 'value')).toBe('Marlow Ferry')
  })

  it('asks before unsaved work is left', async () => {
    const { page, base } = walk
    await page.fill('#f-spouse', 'Somebody')
    let asked = ''
    page.once('dialog', (dialog) => {
      asked = dialog.type()
      void dialog.accept()
    })
    await page.goto(`${base}/panel/100.01/owner`)
    expect(asked).toBe('beforeunload')
    expect(await wordsOf(page.locator('.tabbed'))).toContain('This is a rental; its owner is not on file yet.')
  })

  it('asks again for the form that did not go, when the other form of the page kept the clerk here', async () => {
    const { page, base } = walk
    await page.goto(`${base}/panel/100.01/customer/personal-info`)
    await page.fill('#f-spouse', 'Meg')
    await page.fill('#f-birthDate', '02/03/1970')
    let asked = 0
    const stay = (dialog: import('playwright-core').Dialog) => {
      asked += 1
      void dialog.dismiss()
    }
    page.on('dialog', stay)
    await page.keyboard.press('Control+s')
    await expect.poll(() => asked, { timeout: 8000 }).toBe(1)
    await page.click('button.mini[form=person]', { noWaitAfter: true })
    await expect.poll(() => asked, { timeout: 8000 }).toBe(2)
    page.off('dialog', stay)
    page.once('dialog', (dialog) => void dialog.accept())
    await page.goto(`${base}/panel/100.01/customer/auto-payment`)
    await page.fill('#f-altCustomerId', 'KEPT01')
    await page.selectOption('#f-type', 'draft')
    await page.waitForSelector('#f-routing')
    expect(await page.inputValue('#f-altCustomerId')).toBe('KEPT01')
    expect(await page.locator('.need:has(:is(#f-accountType, #f-routing, #f-bankAccount))').count()).toBe(3)
    expect(await page.isVisible('#f-maximum')).toBe(false)
    await page.selectOption('#f-special', 'maximum')
    expect([await page.isVisible('#f-maximum'), await page.isVisible('#f-fixed')]).toEqual([true, false])
    page.once('dialog', (dialog) => void dialog.accept())
    await page.goto(`${base}/panel/100.01/customer`)
  })

  it('offers Email notices once there is an e-mail address (001-118), and a double-click opens a service (001-322)', async () => {
    const { page, base } = walk
    await page.goto(`${base}/panel/100.01/customer`)
    const disabled = () => page.isDisabled('#f-emailNotices')
    await page.fill('#f-email', '')
    expect(await disabled()).toBe(false)
    await page.uncheck('#f-emailNotices')
    expect(await disabled()).toBe(true)
    await page.fill('#f-email', 'dale@example.com')
    expect(await disabled()).toBe(false)
    page.once('dialog', (dialog) => void dialog.accept())
    await page.goto(`${base}/panel/100.01/location`)
    await Promise.all([page.waitForURL('**/services/WA'), page.dblclick('#service-grid tbody td >> nth=0')])
  })

  it('breaks no rule of accessibility and does not scroll sideways', async () => {
    const { page, base } = walk
    const pages = [
      '/panel/100.01',
      '/panel/100.01/owner',
      '/panel/100.01/customer/phones/new',
      '/panel/100.01/customer/addresses/new',
      '/panel/100.01/owner/choose?q=Harlow',
      '/customers/100',
    ]
    for (const url of pages) {
      await page.goto(`${base}${url}`)
      expect([url, await axeFaults(page)]).toEqual([url, []])
      for (const width of [1366, 700, 360]) expect([url, width, await sideways(page, width)]).toEqual([url, width, 0])
      await page.setViewportSize({ width: 1366, height: 768 })
    }
    expect(walk.takeFaults()).toEqual([])
  })
})
