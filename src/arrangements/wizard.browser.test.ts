import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arranged, arrangeTo, confirmArrangement } from '../testing/arranged.ts'
import { ARRANGED_ON, type ArrangementTown, arrangementTown } from '../testing/arrangement-town.ts'
import { axeFaults, noBrowser, sideways, startWalk, type Walk } from '../testing/browser-walk.ts'

let t: ArrangementTown
let walk: Walk

describe.skipIf(noBrowser)('the wizard in a browser', () => {
  beforeAll(async () => {
    t = await arrangementTown()
    for (const number of ['100.01', '200.01', '300.01', '400.01']) await t.owing(number)
    walk = await startWalk(t.town, { today: ARRANGED_ON, role: 'supervisor' })
  })
  afterAll(async () => {
    await walk?.close()
    await t?.town.drop()
  })

  it('001-485 001-489 001-491: sums follow what is typed; 001-493: the ticked box hides Frequency and Start Date', async () => {
    const { page, base } = walk
    await page.goto(`${base}/panel/100.01/arrangements/new`)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.waitForURL('**/setup')
    expect(await page.textContent('#account-balance')).toBe('250.00')
    await page.uncheck('[name=services][value=SE]')
    await page.locator('#account-balance', { hasText: '180.00' }).waitFor()
    await page.fill('[name=amount]', '100.00')
    await page.fill('[name=payments]', '6')
    await page.press('[name=payments]', 'Tab')
    await page.locator('#payment', { hasText: '16.66' }).waitFor()
    expect(await page.textContent('#remaining')).toBe('80.00')
    expect(await page.isVisible('[name=startDate]')).toBe(true)
    await page.check('[name=regular]')
    expect(await page.isVisible('[name=startDate]')).toBe(false)
    expect(await page.isVisible('[name=frequency]')).toBe(false)
  })

  it('001-504: Next waits for the tick', async () => {
    const { page } = walk
    const at = await arrangeTo(walk, '200.01')
    expect(await page.isVisible('[form=confirmation]')).toBe(false)
    expect(await page.getAttribute(':focus', 'name')).toBe('reviewed')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).pathname).toBe(`${at}/confirmation`)
    await confirmArrangement(walk)
    expect(await page.textContent('main')).toContain('Arrangement No. 1001')
  })

  it('its pages pass axe and do not scroll sideways', async () => {
    const { page, base } = walk
    const faults: string[] = []
    for (const address of await arranged(t.town, walk, ['100.01', '200.01'])) {
      if (address.endsWith('/print')) continue
      expect((await page.goto(base + address))?.status()).toBe(200)
      for (const fault of await axeFaults(page)) faults.push(`${address}: ${fault}`)
      for (const width of [1366, 1024, 683]) {
        const over = await sideways(page, width)
        if (over > 0) faults.push(`${address}: ${over} px at ${width}`)
      }
      await page.setViewportSize({ width: 1366, height: 768 })
    }
    expect(faults).toEqual([])
    expect(walk.takeFaults()).toEqual([])
  })

  it('works with scripts off', async () => {
    const plain = await startWalk(t.town, {
      today: ARRANGED_ON,
      role: 'supervisor',
      name: 'n.script',
      javaScript: false,
    })
    try {
      await arrangeTo(plain, '100.01')
      await confirmArrangement(plain)
      expect(await plain.page.textContent('main')).toContain('The arrangement is saved')
    } finally {
      await plain.close()
    }
  })
})
