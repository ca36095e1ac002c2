import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { axeFaults, noBrowser, sideways, startWalk, type Walk } from '../testing/browser-walk.ts'
import type { TestTown } from '../testing/database.ts'
import { METERED, METERING_DAY, meteringTown } from '../testing/metering-town.ts'

const AT = `/panel/${METERED}`

describe.skipIf(noBrowser)('reading meters by keyboard', () => {
  let town: TestTown
  let walk: Walk
  beforeAll(async () => {
    town = await meteringTown()
    walk = await startWalk(town, { today: METERING_DAY })
  }, 120_000)
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('types a read, is warned, accepts it and saves, without a mouse', async () => {
    const { page } = walk
    await page.goto(`${walk.base}${AT}/reads`)
    await page.keyboard.type('390')
    await page.keyboard.press('Control+s')
    await page.waitForSelector('[id^=f-accept]')
    await page.focus('[id^=f-accept]')
    await page.keyboard.press('Space')
    await page.keyboard.press('Control+s')
    await page.waitForURL((url) => url.pathname === `${AT}/reads`)
    await page.waitForSelector('text=1 read is saved.')
    walk.takeFaults()
    const read = await one<{ reading: string }>(
      town.db,
      sql`select trim_scale(reading)::text as reading from reading where read_date = ${METERING_DAY}`,
    )
    expect(read).toEqual({ reading: '390' })
  }, 60_000)

  it.each(['usage', 'usage?months=25', 'reads', 'installations', 'installations/new'])(
    '%s passes axe and does not scroll sideways',
    async (name) => {
      await walk.page.goto(`${walk.base}${AT}/${name}`)
      expect(await axeFaults(walk.page)).toEqual([])
      for (const width of [1366, 1024, 683]) expect([width, await sideways(walk.page, width)]).toEqual([width, 0])
      await walk.page.setViewportSize({ width: 1366, height: 768 })
      expect(walk.takeFaults()).toEqual([])
    },
    60_000,
  )
})
