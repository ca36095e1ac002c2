import { sql } from 'drizzle-orm'
import type { Dialog } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noBrowser, startWalk, type Walk } from '../testing/browser-walk.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let walk: Walk

/** What the browser asks while something is done; the answer is yes. */
async function askedBy(work: () => Promise<unknown>): Promise<string> {
  let asked = ''
  const answer = (dialog: Dialog) => {
    asked = dialog.type()
    void dialog.accept()
  }
  walk.page.on('dialog', answer)
  await work()
  walk.page.off('dialog', answer)
  return asked
}
const leave = () => walk.page.goto(`${walk.base}/me`)
const pressed = (key: string) =>
  askedBy(() => Promise.all([walk.page.waitForNavigation(), walk.page.keyboard.press(key)]))

const at = (path: string) => walk.page.goto(walk.base + path)

describe.skipIf(noBrowser)('unsaved work', () => {
  beforeAll(async () => {
    town = await freshTown()
    await clerkTown(town.db, { currentPeriod: '2026-03-31' })
    const customer = { firstName: 'Dale', lastName: 'Whitcomb' }
    await anAccount(town.db, { number: '100.01', name: 'Dale Whitcomb', customer })
    await anAccount(town.db, { number: '200.01', name: 'Ann Birch' })
    await town.db.execute(sql`insert into master_contact (number, name) values ('1001', 'A'), ('1002', 'B')`)
    await town.db.execute(
      sql`update customer set master_contact_id = (select id from master_contact where number = case customer.number when '100' then '1001' else '1002' end)
        where number in ('100', '200')`,
    )
    walk = await startWalk(town, { today: '2026-03-15', role: 'clerk' })
  })
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('is asked about when another form takes the page away, and not when its own form is saved', async () => {
    const { page } = walk
    await at('/panel/100.01')
    await page.fill('#f-spouse', 'Marjorie')
    await page.keyboard.press('F9')
    await page.keyboard.type('200')
    expect(await pressed('Enter')).toBe('beforeunload')
    await at('/panel/100.01')
    await page.fill('#f-spouse', 'Marjorie')
    expect(await pressed('Control+s')).toBe('')
    expect(await page.inputValue('#f-spouse')).toBe('Marjorie')
    expect(await askedBy(leave)).toBe('')
  })

  it('is what was refused too', async () => {
    const { page } = walk
    await at('/panel/100.01')
    await page.fill('#f-email', 'nothing')
    await page.evaluate("document.querySelector('#person').noValidate = true")
    expect(await pressed('Control+s')).toBe('')
    expect(await page.evaluate('document.activeElement.id')).toBe('errors')
    await page.keyboard.press('Tab')
    expect(await askedBy(leave)).toBe('beforeunload')
  })

  it('is what stands beside the changes of somebody else', async () => {
    const { page } = walk
    await at('/panel/100.01')
    await town.db.execute(sql`update customer set version = version + 1, spouse = 'Ida' where number = '100'`)
    await page.fill('#f-middleName', 'R.')
    await pressed('Control+s')
    expect(await page.evaluate('document.activeElement.className')).toContain('warn')
    await page.keyboard.press('Tab')
    expect(await askedBy(leave)).toBe('beforeunload')
  })

  it('is a form that is swapped in and says so', async () => {
    const { page } = walk
    await at('/panel/100.01/notes')
    await page.keyboard.press('Tab')
    const draft = '<form data-guard data-unsaved>draft</form>'
    await page.evaluate(`htmx.swap('#main', '${draft}', { swapStyle: 'innerHTML', settleDelay: 0 })`)
    await page.waitForSelector('form:text("draft")')
    expect(await askedBy(leave)).toBe('beforeunload')
  })

  it('leaves the keys of a list alone: up and down stay in their column', async () => {
    const { page } = walk
    await at('/master-contacts')
    const reads = () => page.evaluate('document.activeElement.textContent')
    await page.focus('#masters a:text("Ann Birch")')
    await page.keyboard.press('ArrowUp')
    expect(await reads()).toBe('100 Dale Whitcomb')
    await page.keyboard.press('ArrowDown')
    expect(await reads()).toBe('200 Ann Birch')
    await page.focus('#masters a:text("1001")')
    await page.keyboard.press('ArrowDown')
    expect(await reads()).toBe('1002')
  })
})
