import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_DAY } from '../demo/periods.ts'
import { axeFaults, demoTown, noBrowser, sideways, startWalk, type Walk } from '../testing/browser-walk.ts'
import type { TestTown } from '../testing/database.ts'
import { HUGE_BALANCE, longValues } from '../testing/long-values.ts'
import { PANEL } from './tabs.ts'

const ACCOUNT = '1002.01'
const OUTER = PANEL.tabs.filter(({ inside }) => inside === undefined)

let town: TestTown
let walk: Walk

beforeAll(async () => {
  town = await demoTown()
  await longValues(town, ACCOUNT, DEMO_DAY)
  walk = await startWalk(town, { today: DEMO_DAY })
})
afterAll(async () => {
  await walk?.close()
  await town?.drop()
})

/**
 * Elements outside what scrolls by itself whose text is wider than they are: hidden text without a title to tell it, and
 * text that sticks out. An input scrolls its own text.
 */
const CUT = `[...document.querySelectorAll('#account *')].filter((el) => el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0
  && getComputedStyle(el).display !== 'inline' && !el.matches('input, select, textarea, .sr, svg, svg *')
  && !el.closest('.scroll, dialog, [popover], [title], .sr')).map((el) => el.outerHTML.slice(0, 140))`

/** Amounts, dates and telephone-like cells that stand on two lines: a figure is read in one piece. */
const BROKEN = `[...document.querySelectorAll('#account :is(.amt, .sum, .bal .num, dd.num)')].filter((el) => {
  const range = document.createRange()
  range.selectNodeContents(el)
  const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ bottom }) => Math.round(bottom / 12)))
  return /^-?[\\d,.]+$/.test(el.textContent.trim()) && lines.size > 1
}).map((el) => el.textContent.trim())`

describe.skipIf(noBrowser)('the longest names and ten-digit amounts', () => {
  it('there are twelve tabs', () => expect(OUTER).toHaveLength(12))

  it.each(OUTER.map(({ path }) => path))(
    '%s: nothing scrolls sideways, is cut or breaks an amount; axe finds nothing',
    async (path) => {
      const { page, base } = walk
      await page.goto(`${base}/panel/${ACCOUNT}/${path}`)
      await page.keyboard.press('Escape')
      expect(await page.locator('.cards').textContent()).toContain(HUGE_BALANCE)
      for (const width of [683, 1024, 1366]) {
        expect(await sideways(page, width), `${width}`).toBeLessThanOrEqual(0)
        expect(await page.evaluate(CUT), `cut at ${width}`).toEqual([])
        expect(await page.evaluate(BROKEN), `broken at ${width}`).toEqual([])
      }
      expect(await axeFaults(page)).toEqual([])
      expect(walk.takeFaults()).toEqual([])
    },
  )

  it('has one primary button at most', async () => {
    const { page, base } = walk
    await page.goto(`${base}/panel/${ACCOUNT}/customer`)
    expect(await page.locator('.head .btn.pri').allTextContents()).toEqual(['Save Ctrl+S'])
  })
})
