import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { axeFaults, noBrowser, startWalk, type Walk, wordsOf } from '../testing/browser-walk.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { codeOf, PASSWORD } from '../testing/signing-in.ts'
import { hashPassword } from './passwords.ts'

const TODAY = '2026-03-15'
let town: TestTown

async function begin(name: string, javaScript: boolean): Promise<Walk> {
  const walk = await startWalk(town, { today: TODAY, name, javaScript })
  const hash = await hashPassword(PASSWORD)
  await town.db.execute(sql`update app_user set password_hash = ${hash} where name = ${name}`)
  return walk
}

/** Sets up a second factor as a person does; its key. */
async function setUp({ page, base }: Walk): Promise<string> {
  await page.goto(`${base}/me`)
  await page.getByRole('link', { name: 'Set up a second factor' }).click()
  await page.getByLabel('Your password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Begin' }).click()
  const picture = page.getByAltText('QR code with the key below')
  await picture.waitFor()
  await page.waitForFunction('document.querySelector("main img").naturalWidth > 100')
  const key = await wordsOf(page.locator('#key'))
  await page.getByLabel('Code').fill(codeOf(key))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  expect(await page.locator('#recovery-codes li').count()).toBe(10)
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await town.db.execute(sql`update second_factor set last_step = last_step - 10`)
  return key
}

async function fill(page: Page, key: string): Promise<void> {
  await page.locator('#show-password').fill(PASSWORD)
  await page.locator('#show-code').fill(codeOf(key))
  await page.locator('#show-reason').fill('another telephone')
}

describe.skipIf(noBrowser)('S-37: show with password, in a browser', () => {
  let walk: Walk
  beforeAll(async () => {
    town = await freshTown()
  })
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('opens a dialog over the page, shows the value there, and Esc takes it out of the page', async () => {
    walk = await begin('alder', true)
    const { page } = walk
    const key = await setUp(walk)
    await page.getByRole('link', { name: /^Show with password/ }).click()
    const dialog = page.locator('#show-secret dialog')
    await dialog.waitFor()
    expect(await page.evaluate('document.activeElement.name')).toBe('password')
    await page.locator('#show-password').fill('wrong wrong wrong')
    await page.locator('#show-reason').fill('another telephone')
    await page.keyboard.press('Enter')
    await page.getByText('That is not your password now.').first().waitFor()
    await fill(page, key)
    await page.keyboard.press('Enter')
    const value = page.locator('#shown-value')
    await value.waitFor()
    expect(await wordsOf(value)).toBe(key)
    expect(page.url()).toBe(`${walk.base}/me/second-factor`)
    await page.keyboard.press('Escape')
    await value.waitFor({ state: 'detached' })
    expect(await page.content()).not.toContain(key)
    // S-19
    expect(
      await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.length])'),
    ).not.toMatch(/[A-Z2-7]{4} [A-Z2-7]{4}/)
    expect(walk.takeFaults().filter((fault) => !fault.includes('422'))).toEqual([])
    await town.db.execute(sql`update second_factor set last_step = last_step - 10`)
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('link', { name: /^Show with password/ }).click()
    await dialog.waitFor()
    expect(await axeFaults(page)).toEqual([])
    await fill(page, key)
    await page.keyboard.press('Enter')
    await value.waitFor()
    expect(await axeFaults(page)).toEqual([])
    const [who] = await rows<{ id: number }>(town.db, sql`select id from app_user where name = 'alder'`)
    const others = ['/me', '/organization/organization/security', '/me/second-factor/key/show', '/organization/users']
    for (const path of [...others, `/organization/users/${who?.id}/second-factor`]) {
      await page.goto(walk.base + path)
      expect([path, await axeFaults(page)]).toEqual([path, []])
    }
    await walk.close()
  })

  it('without scripts: a page of its own', async () => {
    walk = await begin('birch', false)
    const { page } = walk
    const key = await setUp(walk)
    await page.getByRole('link', { name: /^Show with password/ }).click()
    await fill(page, key)
    await page.getByRole('button', { name: 'Show' }).click()
    expect(await wordsOf(page.locator('#shown-value'))).toBe(key)
    await page.getByRole('link', { name: 'Hide' }).click()
    expect(await page.content()).not.toContain(key)
  })
})
