import { it } from 'vitest'
import { DEMO_DAY } from '../demo/history.ts'
import { demoTown, startWalk } from './browser-walk.ts'

it('x', async () => {
  const town = await demoTown()
  const walk = await startWalk(town, { today: DEMO_DAY })
  const { page } = walk
  const shot = async (name: string, path?: string) => {
    if (path) {
      await page.goto(walk.base + path)
    }
    await page.screenshot({ path: `/tmp/walk/${name}.png` })
  }
  const preview = async (path: string) => {
    await page.goto(walk.base + path)
    await page.getByRole('button', { name: 'Preview' }).first().click()
    await page.waitForURL(/run=/)
  }
  const go = async () => {
    await page.getByRole('button', { name: /^GO/ }).first().click()
    await page.waitForURL('**/runs/*')
  }
  try {
    await page.goto(walk.base + '/tax-certification/create-records')
    await page.locator('[name=addAlertMessage]').fill('Certified to taxes 2026')
    await page.getByRole('button', { name: 'Preview' }).first().click()
    await page.waitForURL(/run=/)
    await go()
    await page.goto(walk.base + '/accounts/1026.01/payments/new?amount=60.00')
    await page.waitForTimeout(300)
    await page.getByRole('button', { name: 'Take payment' }).click()
    await page.waitForURL('**/receipts/*')
    await shot('receipt')
    await page.goto(walk.base + '/tax-certification/update-customer-balances')
    await page.locator('[name=c1-field]').selectOption('customerType')
    await page.waitForTimeout(600)
    await page.locator('[name=c1-operator]').selectOption('in')
    await page.locator('[name=c1-value]').fill('RES, COM')
    await page.locator('[name=assignCollectionCode]').selectOption('TAX')
    await page.locator('[name=addAlertMessage]').fill('On the tax roll 2026')
    await page.locator('[name=updateCustomersWithExistingAlert]').check()
    await page.getByRole('button', { name: 'Preview' }).first().click()
    await page.waitForURL(/run=/)
    await page.mouse.move(0, 0)
    await shot('update')
    await page.goto(walk.base + '/')
    await shot('home')
    await page.goto(walk.base + '/accounts/1026.01')
    await shot('alert')
    await page.keyboard.press('Enter')
    await shot('inquiry')
    await page.goto(walk.base + '/customers/1026')
    await shot('customer')
    await page.goto(walk.base + '/customers')
    await shot('customers')
    await page.goto(walk.base + '/organization/organization/payment-allocation')
    await page.getByRole('button', { name: 'Select' }).first().click()
    await page.waitForTimeout(500)
    await shot('picker')
    await page.goto(walk.base + '/tax-certification/adjustments')
    await shot('adjust')
    await page.goto(walk.base + '/tax-certification/print-notices')
    await shot('notices')
    await page.goto(walk.base + '/reports/audit-trail')
    await shot('audit')
  } catch (e) {
    await page.screenshot({ path: '/tmp/walk/fail.png' })
    console.log(page.url(), await page.locator('main').innerText())
    throw e
  } finally {
    await walk.close()
    await town.drop()
  }
})
