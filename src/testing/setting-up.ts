import { sql } from 'drizzle-orm'
import type { Walk } from './browser-walk.ts'
import type { TestTown } from './database.ts'

/**
 * Sets a new customer up in the browser, takes half the deposit, and leaves a draft: gives the addresses of pages that only
 * these lead to.
 */
export async function settingUp(town: TestTown, { page, base }: Pick<Walk, 'page' | 'base'>): Promise<string[]> {
  await town.db.execute(sql`update service set deposit_allowed = true, default_deposit = 75
    where id = (select min(id) from service where id <> 0 and kind in ('metered', 'flat') and active)`)
  const next = () => page.click('button[value=next]')
  await page.goto(`${base}/setup-new-customers`)
  await page.fill('[name=name]', 'Left, Halfway')
  await page.click('button[value=save]')
  await page.waitForURL('**/customer')
  const draft = new URL(page.url()).pathname
  await page.goto(`${base}/setup-new-customers`)
  await page.fill('[name=name]', 'Rosalind T. Ibarra')
  await page.selectOption('[name=customerTypeId]', 'none')
  await next()
  await page.waitForURL('**/location')
  await page.fill('[name=serviceAddress]', '611 Cutbank Ln')
  for (const step of ['services', 'deposits', 'meters', 'review']) {
    await next()
    await page.waitForURL(`**/${step}`)
  }
  await page.click('button[value=create]')
  await page.waitForURL('**/done')
  const done = new URL(page.url()).pathname
  await page.click('a[href$="/deposits/take"]')
  await page.waitForURL('**/deposits/take')
  const take = new URL(page.url()).pathname
  await page.fill('[name^=take-]', '50.00')
  await page.selectOption('[name=method]', 'cash')
  await page.click('button[form=take]')
  await page.waitForURL('**/receipts/*')
  return [draft, done, take, '/deposits']
}
