import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { axeFaults, noBrowser, sideways, startWalk, type Walk } from '../testing/browser-walk.ts'
import { contactDesk, type Desk } from '../testing/contact-desk.ts'

let desk: Desk
let walk: Walk

describe.skipIf(noBrowser)('the Contacts tab by keyboard', () => {
  beforeAll(async () => {
    desk = await contactDesk()
    await desk.added({ 'n1-ssn': '123-45-6789' })
    await desk.added({ 'n1-firstName': 'Ove', 'n1-lastName': 'Zander' })
    walk = await startWalk(desk.town, { today: '2026-03-15', role: 'clerk' })
  })
  afterAll(async () => {
    await walk?.close()
    await desk?.town.drop()
  })

  it('001-245 001-251: shows the four tabs of the contact that is selected, under one header', async () => {
    const { page, base } = walk
    await page.goto(`${base}/panel/100.01/contacts`)
    const shown = (name: string) => page.locator(`[name$="-${name}"]:visible`).count()
    expect([await shown('firstName'), await shown('notices'), await shown('city')]).toEqual([1, 3, 0])
    expect(await page.inputValue('[name$="-firstName"]:visible')).toBe('Ida')
    await page.focus('[name=selected]:checked')
    await page.keyboard.press('ArrowDown')
    expect(await page.inputValue('[name$="-firstName"]:visible')).toBe('Ove')
    await page.focus('[name$="-section"]:visible:checked')
    await page.keyboard.press('ArrowRight')
    expect([await shown('firstName'), await shown('notices')]).toEqual([0, 3])
    await page.locator('summary:visible', { hasText: '9 Palm Ave' }).click()
    expect(await shown('city')).toBe(1)
  })

  it('001-250 001-284: Add keeps what was typed, asks before it is left, and Ctrl+S saves it all', async () => {
    const { page } = walk
    await page.fill('[name$="-city"]:visible', 'Marlow')
    const focused = () => page.locator(':focus').getAttribute('name')
    await page.keyboard.press('Alt+n')
    await page.waitForSelector('[name=selected][value=n1]:checked')
    expect(await focused()).toBe('n1-contactTypeId')
    let asked = ''
    page.once('dialog', (dialog) => {
      asked = dialog.type()
      void dialog.dismiss()
    })
    await page.click('nav.tabs a >> nth=0').catch(() => undefined)
    expect(asked).toBe('beforeunload')
    await page.selectOption('[name=n1-contactTypeId]', { label: 'Employer' })
    await page.fill('[name=n1-firstName]', 'Una')
    await page.fill('[name=n1-lastName]', 'Berg')
    await Promise.all([page.waitForURL('**contact=*'), page.keyboard.press('Control+s')])
    expect(await one(desk.town.db, sql`select count(*)::int as n from contact where first_name = 'Una'`)).toEqual({
      n: 1,
    })
    await page.focus('[name$="-section"]:visible:checked')
    await page.keyboard.press('ArrowRight')
    await page.click('.part.address [name=act]:visible')
    await page.waitForSelector('.tile[open]:visible')
    expect(await focused()).toMatch(/-addressTypeId$/)
    expect(await one(desk.town.db, sql`select count(*)::int as n from contact_address where city = 'Marlow'`)).toEqual({
      n: 1,
    })
  })

  it('breaks no rule of accessibility and does not scroll sideways', async () => {
    const { page, base } = walk
    for (const url of ['/panel/100.01/contacts', '/master-contacts', '/panel/100.01/customer/master-contact']) {
      await page.goto(`${base}${url}`)
      expect([url, await axeFaults(page)]).toEqual([url, []])
      for (const width of [1366, 700, 360]) expect([url, width, await sideways(page, width)]).toEqual([url, width, 0])
      await page.setViewportSize({ width: 1366, height: 768 })
    }
  })
})
