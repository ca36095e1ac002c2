import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../../db/db.ts'
import { DEMO_DAY } from '../../demo/periods.ts'
import { axeFaults, demoTown, noBrowser, sideways, startWalk, type Walk } from '../../testing/browser-walk.ts'
import type { TestTown } from '../../testing/database.ts'
import { settingUp } from '../../testing/setting-up.ts'

let town: TestTown
let walk: Walk

describe.skipIf(noBrowser)('Setup New Customers, Deposits and Landlords in the browser', () => {
  beforeAll(async () => {
    town = await demoTown()
    walk = await startWalk(town, { today: DEMO_DAY })
  }, 120_000)
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('003-002: a customer is set up from the first page to the receipt of the deposit; every page passes axe and fits', async () => {
    const pages = await settingUp(town, walk)
    const place = await one<{ number: string }>(town.db, sql`select number from location order by id limit 1`)
    const base = (pages[0] ?? '').replace(/\/customer$/, '')
    const steps = ['location', 'services', 'deposits', 'meters', 'review', 'discard'].map((step) => `${base}/${step}`)
    const others = [
      '/setup-new-customers',
      '/landlords?show=all',
      `/landlords/${place?.number}`,
      '/final-bill',
      '/final-bill/1003.01',
    ]
    const faults: string[] = []
    for (const address of [
      ...pages,
      ...steps,
      ...others,
      '/deposits/new',
      '/deposits/1001',
      '/deposits/1001/refund',
      '/batch-services',
    ]) {
      const answer = await walk.page.goto(walk.base + address)
      if (answer?.status() !== 200) faults.push(`${address}: ${answer?.status()}`)
      for (const fault of await axeFaults(walk.page)) faults.push(`${address}: ${fault}`)
      for (const width of [1366, 1024, 683]) {
        const over = await sideways(walk.page, width)
        if (over > 0) faults.push(`${address}: ${over} px at ${width}`)
      }
      await walk.page.setViewportSize({ width: 1366, height: 768 })
      for (const fault of walk.takeFaults()) faults.push(`${address}: ${fault}`)
    }
    expect(faults).toEqual([])
  }, 180_000)

  it('CTRL+G goes on and CTRL+S saves the draft, from a field', async () => {
    await walk.page.goto(`${walk.base}/setup-new-customers`)
    await walk.page.fill('[name=name]', 'By Keys')
    await walk.page.press('[name=name]', 'Control+s')
    await walk.page.waitForURL('**/customer')
    await walk.page.selectOption('[name=customerTypeId]', 'none')
    await walk.page.press('[name=name]', 'Control+g')
    await walk.page.waitForURL('**/location')
    expect(await walk.page.locator('[aria-current=step]').textContent()).toBe('Location')
  })
})
