import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { PANEL } from '../panel/tabs.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { dropTowns, exported, importInto } from '../testing/round-trip.ts'
import { faultText } from '../town/faults.ts'
import { importTown } from '../town/import.ts'
import { DEMO_DAY } from './periods.ts'
import { writeDemoTown } from './town.ts'

let town: TestTown
const newFolder = () => mkdtempSync(path.join(os.tmpdir(), 'clerkwell-demo-test-'))
const folder = newFolder()

beforeAll(async () => {
  town = await freshTown()
  await writeDemoTown(folder)
  const result = await importTown(town.db, folder, { actor: 0, today: DEMO_DAY })
  expect(result.ok ? [] : result.faults.map(faultText)).toEqual([])
})
afterAll(async () => {
  await town?.drop()
  await dropTowns()
})

describe('the demonstration town', () => {
  it('is the same every time, but for what is sealed', async () => {
    const again = newFolder()
    await writeDemoTown(again)
    const names = readdirSync(folder).filter((name) => name.endsWith('.csv') && name !== 'auto_payments.csv')
    expect(names.length).toBeGreaterThan(40)
    for (const name of names)
      expect(readFileSync(path.join(again, name), 'utf8'), name).toBe(readFileSync(path.join(folder, name), 'utf8'))
  })

  it('has something on each tab of the account that has everything', async () => {
    const clerk = await signedIn(town, 'administrator', appFor(town, { today: DEMO_DAY }))
    for (const { path: tab } of PANEL.tabs.filter((each) => !each.path.startsWith('owner'))) {
      const page = await clerk.get(`/panel/1002.01/${tab}`)
      expect(`${tab} ${page.status}`).toBe(`${tab} 200`)
      expect(page.text.match(/<tr class="empty".*?<\/tr>/g) ?? [], tab).toEqual([])
    }
  })

  it('bills what its meters counted', async () => {
    const wrong = await one<{ count: number }>(
      town.db,
      sql`select count(*)::int as count from (select sum(p.amount) as amount, min(case x.rate when 'W-5/8' then 14 else 26 end)
          + 0.65 * (t.facts->'usage'->0->>'usage')::numeric / 100 as reckoned
        from ledger.transaction t
        join ledger.posting p on p.transaction_id = t.id and p.period = t.period and p.subledger = 'utility'
        join service s on s.id = p.service_id and s.code = 'WA' join account a on a.id = t.account_id
        join account_service x on x.account_id = a.id and x.service_id = s.id
        where t.type = 'Bill' group by t.id, t.facts) bill where amount is distinct from reckoned`,
    )
    expect(wrong?.count).toBe(0)
    const reads = await one<{ least: number; most: number }>(
      town.db,
      sql`select min(n)::int as least, max(n)::int as most from (select count(*) as n from reading r join meter m on m.id = r.meter_id group by m.location_id) x`,
    )
    expect(reads).toEqual({ least: 26, most: 26 })
  })

  it('travels: export, import elsewhere, export again give the same bytes, those of its document too', async () => {
    const first = await exported(town)
    const second = await exported(await importInto(first.folder))
    expect(second.files).toEqual(first.files)
    expect(readFileSync(path.join(first.folder, 'files/documents/1002/1'), 'utf8')).toContain('Depot Ln')
  })
})
