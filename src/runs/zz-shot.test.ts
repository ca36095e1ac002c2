import { chromium } from 'playwright-core'
import { afterAll, beforeAll, it } from 'vitest'
import { sql } from 'drizzle-orm'
import { startSession } from '../auth/session.ts'
import { toyTown, previewed, go, PATH } from '../testing/toy-screen.ts'
import { posted, transaction } from '../testing/small-town.ts'
let toy: Awaited<ReturnType<typeof toyTown>>
beforeAll(async () => { toy = await toyTown() })
afterAll(() => toy.town.drop())
it('shots', async () => {
  const { supervisor, app, town, db } = toy
  await db.execute(sql`insert into customer (number, name) select n::text, 'Customer ' || n from generate_series(10, 60) n`)
  await db.execute(sql`insert into location (number, service_address) select n::text, n || ' Main St' from generate_series(10, 60) n`)
  await db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, connect_date)
    select c.number || '.01', c.id, l.id, (select id from account_status where code = 'CURRENT'), '2026-01-01' from customer c join location l on l.number = c.number where c.number::int >= 10`)
  const first = await previewed(supervisor); await go(supervisor, first.run, first.hash)
  const second = await previewed(supervisor, { code: 'TAX', 'c1-field': 'balance', 'c1-operator': '>=', 'c1-value': '1.00', 'c2-join': 'or', 'c2-field': 'customerType', 'c2-operator': 'in', 'c2-value': 'R, RR, C' })
  const server = app.listen(0)
  const { port } = server.address() as { port: number }
  const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-background-networking'] })
  const c = await b.newContext({ viewport: { width: 1366, height: 768 } })
  const p = await c.newPage()
  p.on('console', (m) => console.log('console', m.text()))
  p.on('pageerror', (m) => console.log('pageerror', m.message))
  const [name, value] = (await startSession(town.app, supervisor.user.id)).split(';')[0].split('=')
  await c.addCookies([{ name, value, domain: '127.0.0.1', path: '/' }])
  const base = `http://127.0.0.1:${port}`
  const shot = async (n: string, u: string) => { await p.goto(base + u); await p.screenshot({ path: `/tmp/web/runs-${n}.png` }) }
  await shot('open', PATH); await shot('preview', second.url); await shot('run', `/runs/${first.run}`); await shot('list', '/runs'); await shot('account', `/runs/${first.run}/accounts/3.01`); await shot('print', `/runs/${first.run}/print`)
  await p.emulateMedia({ media: 'print' }); await p.screenshot({ path: '/tmp/web/runs-printed.png' }); await p.emulateMedia({ media: 'screen' })
  // keys: Ctrl+G previews, changing an option takes GO away
  await p.goto(base + PATH); await p.waitForTimeout(1100); await p.keyboard.press('Control+g'); await p.waitForURL(/run=/)
  console.log('after first', p.url()); await p.keyboard.press('Control+g'); await p.waitForTimeout(300); console.log('too soon', p.url())
  await p.fill('#f-amount', '8.00'); await p.waitForTimeout(500); await p.screenshot({ path: '/tmp/web/runs-changed.png' })
  console.log('go shown', await p.locator('text=GO').count(), await p.locator('#go').innerText())
  await p.waitForTimeout(1000); await p.keyboard.press('Control+g'); await p.waitForTimeout(1500); console.log('second preview', p.url())
  await p.waitForTimeout(700); await p.click('text=Add line'); await p.waitForTimeout(500); console.log('lines', await p.locator('.criteria .row select').count(), await p.locator('#go').innerText())
  await p.selectOption('#c1-field', 'bankrupt'); await p.waitForTimeout(500); console.log(await p.locator('#c1-operator').innerText())
  await p.click('text=Help and saved sets'); await p.screenshot({ path: '/tmp/web/runs-criteria.png' })
  await p.goto(base + PATH); await p.waitForTimeout(1100); await p.keyboard.press('Control+g'); await p.waitForURL(/run=/); await p.waitForTimeout(1500); await p.keyboard.press('Control+g'); await p.waitForURL(/runs\//); console.log('posted', p.url())
  const third = await previewed(supervisor)
  await posted(db, '3.01', [await transaction(db, { account: '3.01', date: '2026-04-10' }, [['WA', '2026-04-30', '7.00']])])
  await p.goto(base + third.url); await p.waitForTimeout(1200); await p.keyboard.press('Control+g'); await p.waitForTimeout(1500); await p.screenshot({ path: '/tmp/web/runs-stale.png' })
  await b.close(); server.close()
}, 90000)
