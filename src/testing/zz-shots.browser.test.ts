import { it } from 'vitest'
import { DEMO_DAY } from '../demo/history.ts'
import { demoTown, startWalk } from './browser-walk.ts'
it('x', async () => {
  const town = await demoTown()
  const walk = await startWalk(town, { today: DEMO_DAY })
  const { page } = walk
  const shot = async (name: string, path?: string) => { if (path) { await page.goto(walk.base + path); } await page.screenshot({ path: `/tmp/walk/${name}.png` }) }
  const preview = async (path: string) => { await page.goto(walk.base + path); await page.getByRole('button', { name: 'Preview' }).first().click(); await page.waitForURL(/run=/) }
  const go = async () => { await page.getByRole('button', { name: /^GO/ }).first().click(); await page.waitForURL('**/runs/*') }
  try {
    await shot('home0', '/')
    await page.goto(walk.base + '/tax-certification/create-records')
    await page.locator('[name=assignCollectionCode]').selectOption('TAX')
    await page.locator('[name=addAlertMessage]').fill('Certified to taxes 2026')
    await shot('create-form')
    await page.getByRole('button', { name: 'Preview' }).first().click(); await page.waitForURL(/run=/)
    await shot('create'); await go(); await shot('create-run')
    await shot('home', '/')
    await shot('cases', '/tax-certification/cases/2026')
    await preview('/tax-certification/update-customer-balances'); await shot('update'); await page.screenshot({ path: '/tmp/walk/update-full.png', fullPage: true })
    await go(); await shot('update-run')
    const acct = '/accounts/1003.01'
    await shot('inquiry', acct); await shot('history', acct + '/history'); await shot('certification', acct + '/certification')
    await shot('allocation', '/organization/organization/payment-allocation')
    await shot('general', '/organization/organization')
    await shot('certtab', '/organization/organization/certification')
    await shot('payment', '/accounts/1003.01/payments/new')
    await shot('entry', '/payments/entry')
    await shot('register', '/tax-certification/register')
    await shot('runs', '/runs'); await shot('services', '/organization/services/1'); await shot('users','/organization/users')
  } finally { await walk.close(); await town.drop() }
})
