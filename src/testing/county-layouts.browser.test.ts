import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults, goldenTown, noBrowser, sideways, startWalk, type Walk, wordsOf } from './browser-walk.ts'
import { create } from './certifying.ts'
import type { TestTown } from './database.ts'
import { keyboardOf } from './keyboard.ts'

let town: TestTown
let walk: Walk
let page: Page
const PATH = '/tax-certification/layouts'
const PATIENCE = { timeout: 15_000 }
const field = (name: string) => page.locator(`[name="${name}"]`)

/** What is wrong with the page as it stands, in both schemes and at each width. */
async function wrong(): Promise<string[]> {
  const found = [...(await axeFaults(page)), ...walk.takeFaults()]
  for (const width of [1366, 1024, 683])
    if ((await sideways(page, width)) > 0) found.push(`scrolls sideways at ${width}`)
  await page.setViewportSize({ width: 1366, height: 768 })
  await page.emulateMedia({ colorScheme: 'dark' })
  found.push(...(await axeFaults(page)))
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

describe.skipIf(noBrowser)('County Layouts in a browser', () => {
  beforeAll(async () => {
    town = await goldenTown()
    await create(town.db)
    walk = await startWalk(town, { today: '2011-04-30' })
    page = walk.page
  })
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('shows a preset with its sample, and copies it', async () => {
    await page.goto(`${walk.base}${PATH}/san-mateo`)
    expect(await page.locator('#sample pre').textContent()).toContain('617·07114001200022955')
    expect(await wrong()).toEqual([])
    await page.getByRole('link', { name: 'Copy this layout' }).click()
    await page.waitForURL('**/new?copy=san-mateo')
    expect(await wrong()).toEqual([])
  })

  it('the sample and the places follow what is typed; errors stand beside the fields', async () => {
    await field('line-2-width').fill('10')
    await expect
      .poll(() => page.locator('#sample').textContent(), PATIENCE)
      .toContain('The widths of the line come to 81')
    expect(await page.locator('#p-line-3').textContent()).toBe('15-22')
    await field('line-4-width').fill('58')
    await expect.poll(() => page.locator('#sample pre').textContent(), PATIENCE).toContain('617·007114001200022955')
    await field('code').fill('two words')
    await field('line-1-name').fill('')
    await page.keyboard.press('Control+s')
    await page.waitForSelector('#errors')
    expect(walk.takeFaults()).toEqual([expect.stringContaining('422')])
    expect(await wordsOf(page.locator('#errors'))).toContain('Each line, Field 2: Give the field a name.')
    expect(await page.locator('#f-line-1-name-e').textContent()).toBe('Give the field a name.')
    expect(await wrong()).toEqual([])
    await field('code').fill('ours')
    await field('line-1-name').fill('Charge code')
  })

  it('goes by the keyboard alone: a field is added, named, moved up and kept', async () => {
    const clerk = keyboardOf(page)
    await page.locator('#f-trailer').focus()
    await clerk.press('Enter')
    await page.waitForSelector('[name="trailer-0-name"]')
    await expect.poll(() => page.evaluate('document.activeElement.name'), PATIENCE).toBe('trailer-0-name')
    await clerk.type('Sum')
    await clerk.fill(/^Shows: /, 'Sum of certified and fees')
    await clerk.fill(/^Width: /, '80')
    await page.locator('#do-up-line-4').focus()
    await clerk.press('Enter')
    await expect.poll(() => field('line-3-name').inputValue(), PATIENCE).toBe('Blank')
    await expect.poll(() => page.evaluate('document.activeElement.id'), PATIENCE).toBe('do-up-line-3')
    await clerk.go('Control+s')
    expect(new URL(page.url()).pathname).toBe(`${PATH}/ours`)
    expect(await page.locator('#sample pre').textContent()).toMatch(/^·+229\.55$/m)
    expect(await wrong()).toEqual([])
  })

  it('a CSV layout has no widths; the list and Delete are clean', async () => {
    await page.locator('[name=kind]').selectOption('csv')
    await page.waitForSelector('[name=columnNames]')
    expect(await field('line-0-width').count()).toBe(0)
    expect(await wrong()).toEqual([])
    for (const address of [PATH, `${PATH}/csv`, `${PATH}/ours/delete`]) {
      await page.goto(`${walk.base}${address}`)
      expect(await wrong()).toEqual([])
    }
  })

  it('with scripts off: copied, shown, saved and used for a county file', async () => {
    const plain = await startWalk(town, { today: '2011-04-30', javaScript: false, name: 'q.alder' })
    const { page: bare } = plain
    const press = (name: string | RegExp) => bare.locator('main').getByRole('button', { name }).first().click()
    await bare.goto(`${plain.base}${PATH}/new?copy=csv`)
    await bare.locator('[name=code]').fill('list')
    await bare.locator('[name=line-0-name]').fill('PIN')
    await press('Show')
    expect(await bare.locator('#sample pre').textContent()).toContain('PIN,Owner,Service Address')
    await press('Add a field to: Each line')
    await bare.locator('[name=line-6-name]').fill('Year')
    await bare.locator('[name=line-6-source]').selectOption('tax_year')
    await press(/^Save/)
    await bare.waitForURL(`**${PATH}/list`)
    await bare.goto(`${plain.base}/tax-certification/county-file`)
    await bare.locator('[name=layout]').selectOption('list')
    await press(/^Preview/)
    await bare.waitForURL(/[?&]run=/)
    await press(/^GO/)
    await bare.waitForURL('**/runs/*')
    expect(await wordsOf(bare.locator('main'))).toContain('county-2011-list.csv')
    await plain.close()
  })
})
