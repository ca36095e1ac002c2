import { it } from 'vitest'
import { DEMO_DAY } from '../demo/history.ts'
import { demoTown, startWalk } from './browser-walk.ts'
it('x', async () => {
  const town = await demoTown()
  const walk = await startWalk(town, { today: DEMO_DAY })
  const { page } = walk
  try {
    page.on('request', (r) => console.log(r.method(), r.url(), r.postData()?.slice(0, 300)))
    page.on('response', (r) => console.log(r.status(), r.url()))
    await page.goto(`${walk.base}/accounts/1005.01/payments/new`)
    await page.fill('[name=checkNumber]', '1187')
    await page.getByRole('button', { name: 'Take payment' }).click()
    await page.waitForTimeout(3000)
    await page.screenshot({ path: '/tmp/walk/pay.png' })
    console.log(walk.takeFaults())
  } finally { await walk.close(); await town.drop() }
})
