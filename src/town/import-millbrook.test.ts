import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { checkLedger } from '../ledger/check.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { readFolder } from '../testing/town-folder.ts'
import { millbrook } from '../testing/towns.ts'
import { exportTown } from './export.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'

let town: TestTown
const faultless = async () => expect((await checkLedger(town.db)).filter((check) => check.faults > 0)).toEqual([])

const big = millbrook()
describe.skipIf(!big)('Millbrook', () => {
  beforeAll(async () => {
    town = await freshTown()
  })
  afterAll(() => town?.drop())

  it('imports 139,188 lines to the expected figures', async () => {
    const expected = big!.expected as unknown as Record<string, unknown>
    const result = await importTown(town.db, big!.folder, { actor: 0, today: '2026-11-01' })
    if (!result.ok) throw new Error(result.faults.map(faultText).join('\n'))
    expect(result.totals).toMatchObject({
      receivable: expected.receivable,
      rows: { 'accounts.csv': expected.accounts },
    })
    const [found] = await rows<Record<string, unknown>>(
      town.db,
      sql`select
      (select jsonb_object_agg(code, unpaid) from (select s.code, sum(o.unpaid)::text as unpaid from ledger.open_item o join service s on s.id = o.service_id group by 1) x) as receivable_by_service,
      (select (-sum(unpaid))::text from ledger.open_item where aging_period = 'infinity') as credits,
      (select jsonb_object_agg(age, unpaid) from (select case when n >= 4 then '4+' else n::text end as age, sum(unpaid)::text as unpaid from (
        select unpaid, (select count(*) from ledger.period p where p.end_date > o.aging_period and p.end_date <= '2026-10-31') as n from ledger.open_item o where aging_period <> 'infinity') a group by 1) x) as unpaid_by_age,
      (select count(*)::int from (select account_id from ledger.open_item where aging_period <= '2026-09-30' group by 1 having sum(unpaid) >= 25) x) as delinquent,
      (select count(*)::int from (select account_id from ledger.open_item where aging_period <= '2026-08-31' group by 1 having sum(unpaid) >= 150) x) as shutoff`,
    )
    const { receivable_by_service, credits, unpaid_by_age, delinquent, shutoff } = expected
    expect(found).toEqual({ receivable_by_service, credits, unpaid_by_age, delinquent, shutoff })
    await faultless()
  }, 180_000)

  it('comes back byte for byte from another town', async () => {
    const [first, second] = [exportFolder(), exportFolder()]
    await exportTown(town.db, first)
    const elsewhere = await freshTown()
    try {
      const again = await importTown(elsewhere.db, first, { actor: 0, today: '2026-11-01' })
      if (!again.ok) throw new Error(again.faults.map(faultText).join('\n'))
      await exportTown(elsewhere.db, second)
    } finally {
      await elsewhere.drop()
    }
    const [files, given] = [readFolder(first), readFolder(big!.folder)]
    expect(Object.keys(readFolder(second))).toEqual(Object.keys(files))
    // Compared as hashes: a difference in twenty megabytes is not for reading.
    for (const [name, text] of Object.entries(readFolder(second)))
      expect([name, hash(text)]).toEqual([name, hash(files[name] ?? '')])
    for (const name of ['periods.csv', 'routes.csv', 'notes.csv']) expect(files[name]).toBe(given[name])
  }, 180_000)
})

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const exportFolder = () => mkdtempSync(path.join(tmpdir(), 'clerkwell-export-'))
