import { chromium } from 'playwright-core'
import { afterAll, beforeAll, it } from 'vitest'
import { sql } from 'drizzle-orm'
import { appFor, aUser } from './browser.ts'
import { startSession } from '../auth/session.ts'
import { freshTown, type TestTown } from './database.ts'
let town: TestTown
beforeAll(async () => { town = await freshTown() })
afterAll(() => town.drop())
it('shots', async () => {
  await town.db.execute(sql`insert into setting (name, value) values ('name','Town of Marlow Ferry'),('current_period','2026-11-30')`)
  const user = await aUser(town, 'administrator', 'jostrander')
  const server = appFor(town).listen(0)
  const { port } = server.address() as { port: number }
  const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-background-networking'] })
  const c = await b.newContext({ viewport: { width: 1366, height: 768 } })
  const p = await c.newPage()
  const [name, value] = (await startSession(town.app, user.id)).split(';')[0]!.split('=')
  await c.addCookies([{ name: name!, value: value!, domain: '127.0.0.1', path: '/' }])
  await p.goto(`http://127.0.0.1:${port}/`)
  await p.click('summary:text("Organization")'); await p.screenshot({ path: '/tmp/web/orgmenu.png' })
  await p.setViewportSize({ width: 1024, height: 768 }); await p.goto(`http://127.0.0.1:${port}/organization/users/1`); await p.screenshot({ path: '/tmp/web/w1024.png' })
  await p.setViewportSize({ width: 390, height: 800 }); await p.goto(`http://127.0.0.1:${port}/`); await p.screenshot({ path: '/tmp/web/w390.png' })
  await b.close(); server.close()
}, 60000)
