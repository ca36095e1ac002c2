import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults, noBrowser, sideways, startWalk, type Walk, wordsOf } from '../testing/browser-walk.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { type Keyboard, keyboardOf } from '../testing/keyboard.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown
let walk: Walk
let hands: Keyboard
let account: string

describe.skipIf(noBrowser)('the History tab with the keyboard alone', () => {
  beforeAll(async () => {
    made = await movementTown()
    account = await made.owing({ WA: '40.00', SE: '20.00' }, '2011-01-31')
    await made.pay(account, '60.00', { date: '2011-02-10' })
    await aCharge(made.town.db, account, '2011-02-28', { WA: '45.00' })
    walk = await startWalk(made.town, { today: MOVEMENT_DAY, role: 'supervisor' })
    hands = keyboardOf(walk.page)
  }, 120_000)
  afterAll(async () => {
    await walk?.close()
    await made?.town.drop()
  })

  const selected = () => wordsOf(walk.page.locator('tr[aria-selected=true]'))
  const loaded = async (action: () => Promise<void>) => {
    const left = walk.page.waitForEvent('framenavigated')
    await action()
    await left
    await walk.page.waitForLoadState('load')
  }

  it('001-370: arrows go from line to line, Enter selects, and the line keeps the focus', async () => {
    await walk.page.goto(`${walk.base}/panel/${account}/history`)
    await hands.tabTo('02/28/2011')
    expect(await selected()).toContain('Bill')
    await hands.press('ArrowDown')
    await loaded(() => hands.press('Enter'))
    expect(await selected()).toMatch(/^02\/10\/2011 Pmt Check 1187/)
    expect(await walk.page.evaluate('document.activeElement.textContent')).toBe('02/10/2011')
    expect(await hands.main()).toContain('SE Sewer -20.00')
  })

  it('a letter does nothing from another line or from a field, so nothing is done to a line that is not looked at', async () => {
    const at = walk.page.url()
    await hands.press('ArrowUp')
    await hands.press('v')
    await hands.tabTo(/^View$/)
    await hands.press('v')
    expect(walk.page.url()).toBe(at)
    await walk.page.goto(at)
  })

  it('001-373 001-388: the letter on the button opens its form; CTRL+G posts, and the tab comes back', async () => {
    // the script puts the focus back on the selected line when the page has come
    await walk.page.waitForFunction("document.activeElement?.closest('tr[aria-selected=true]')")
    await loaded(() => hands.press('v'))
    expect(await hands.main()).toContain('What will be posted')
    await hands.tabTo(/^Reason/)
    await hands.type('Wrong amount')
    await hands.go('ControlOrMeta+g')
    expect(walk.page.url()).toContain(`/panel/${account}/history`)
    expect(await hands.main()).toMatch(/Rev Reversal of Check 1187/)
    expect(await made.balance(account)).toBe('105.00')
  })

  it("a line's menu opens beside its button and leads to the same forms", async () => {
    await hands.tabTo(/^Actions of Bill 02\/28\/2011/)
    await hands.press('Enter')
    const menu = walk.page.locator('ul:popover-open')
    expect(await wordsOf(menu)).toMatch(/^Adjust Bill Adjust Reverse Statement/)
    await hands.press('Tab')
    await loaded(() => hands.press('Enter'))
    expect(await hands.main()).toContain('Bill of 02/28/2011')
  })

  it('passes axe, fits 683 pixels, and writes no error', async () => {
    await walk.page.goto(`${walk.base}/panel/${account}/history`)
    expect(await axeFaults(walk.page)).toEqual([])
    for (const width of [1366, 1024, 683]) expect(await sideways(walk.page, width)).toBe(0)
    expect(walk.takeFaults()).toEqual([])
  })

  it('works with scripts off', async () => {
    const plain = await startWalk(made.town, {
      today: MOVEMENT_DAY,
      role: 'supervisor',
      name: 'q.birch',
      javaScript: false,
    })
    try {
      await plain.page.goto(`${plain.base}/panel/${account}/history?view=charges`)
      await plain.page.getByRole('link', { name: '01/31/2011' }).click()
      expect(await wordsOf(plain.page.locator('#detail'))).toContain('Bill 01/31/2011')
      await plain.page.getByRole('link', { name: /^Adjust A$/ }).click()
      await plain.page.fill('[name=change-WA]', '-4.00')
      await plain.page.fill('[name=reason]', 'Leak')
      await plain.page.getByRole('button', { name: /Post adjustment/ }).click()
      await plain.page.waitForURL(`**/panel/${account}/history`)
      expect(await made.balance(account)).toBe('101.00')
    } finally {
      await plain.close()
    }
  })
})
