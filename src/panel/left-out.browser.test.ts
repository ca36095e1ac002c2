import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults, noBrowser, startWalk, type Walk } from '../testing/browser-walk.ts'
import { type PanelTown, panelTown } from '../testing/panel.ts'

let t: PanelTown
let walk: Walk
const PAGE = '/panel/100.01'

beforeAll(async () => {
  t = await panelTown()
  walk = await startWalk(t.town, { today: '2026-11-20', role: 'clerk' })
})
afterAll(async () => {
  await walk?.close()
  await t?.town.drop()
})

const visible = async (...names: string[]): Promise<boolean[]> =>
  Promise.all(names.map((name) => walk.page.isVisible(`[name=${name}]`)))

describe.skipIf(noBrowser)('what a form leaves out', () => {
  it('001-356 001-358: a location note has no boxes, and is saved at the first Save', async () => {
    const { page, base } = walk
    await page.goto(`${base}${PAGE}/notes/new`)
    expect(await visible('messageCenter', 'paymentCenter')).toEqual([true, true])
    await page.selectOption('[name=level]', 'location')
    expect(await visible('messageCenter', 'paymentCenter')).toEqual([false, false])
    await page.fill('[name=text]', 'Gate locked')
    await page.keyboard.press('Control+s')
    await page.waitForURL(`${base}${PAGE}/notes`)
    expect(await page.textContent('#notes')).toContain('Gate locked')
  })

  it('001-363: Expiration Date comes with Note Used For', async () => {
    const { page, base } = walk
    await page.goto(`${base}${PAGE}/notes/new`)
    expect(await visible('expirationDate')).toEqual([false])
    await page.selectOption('[name=usedFor]', 'statement')
    expect(await visible('expirationDate')).toEqual([true])
    expect(await axeFaults(page)).toEqual([])
  })

  it('001-363: a date that was typed before its use was taken away is refused in sight', async () => {
    const { page } = walk
    await page.fill('[name=expirationDate]', '12/31/2026')
    await page.selectOption('[name=usedFor]', '')
    expect(await visible('expirationDate')).toEqual([false])
    await page.fill('[name=text]', 'Print')
    await page.keyboard.press('Control+s')
    await page.locator('#f-expirationDate-e').waitFor()
    expect(await visible('expirationDate')).toEqual([true])
  })

  it('001-531: Expiration Date comes with Has Expiration', async () => {
    const { page, base } = walk
    await page.goto(`${base}${PAGE}/special-conditions/new`)
    expect(await visible('effectiveDate', 'expirationDate')).toEqual([true, false])
    await page.check('[name=hasExpiration]')
    expect(await visible('expirationDate')).toEqual([true])
  })

  it('Delete asks in the window and keeps what is not deleted', async () => {
    const { page, base } = walk
    await page.goto(`${base}${PAGE}/notes`)
    await page.getByRole('link', { name: 'Gate locked' }).click()
    await page.getByRole('link', { name: 'Delete' }).click()
    expect(await page.textContent('main')).toContain('Delete the note Gate locked?')
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('link', { name: 'Keep it' }).click()
    expect(await page.inputValue('[name=text]')).toBe('Gate locked')
  })
})
