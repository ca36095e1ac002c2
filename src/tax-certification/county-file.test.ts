import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { readRunFile } from '../runs/files.ts'
import { runExclusions } from '../runs/store.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { create, faults, ran, TODAY } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { ownLayout, saveLayout } from './county-layouts.ts'
import { CSV_LAYOUT, SAN_MATEO_LAYOUT } from './layout-preset-rules.ts'

let town: TestTown
let supervisor: Browser
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  supervisor = await signedIn(town, 'supervisor', appFor(town, { today: '2011-05-02' }))
})
afterAll(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const PATH = '/tax-certification/layouts'
const fileOf = async (runId: number, name: string) => (await readRunFile(town.db, runId, name))?.content.toString()

describe('the county file with a layout of the town', () => {
  const file = (layout: string) => ran(town.db, 'county-file', { taxYear: 2011, layout })
  const TRAILER = [{ name: 'Sum', source: 'sum_total', width: 80, impliedDecimals: true }] as const

  it('adds two accounts on one parcel, or writes both; sums, register and marks are the same', async () => {
    await secondAccount()
    await create(town.db)
    await saveLayout(town.db, { ...SAN_MATEO_LAYOUT, code: 'one', trailer: [...TRAILER] }, 0)
    await saveLayout(town.db, { ...SAN_MATEO_LAYOUT, code: 'each', linesPer: 'account' }, 0)
    const [merged, each] = [await file('one'), await file('each')]
    for (const run of [merged, each])
      expect(run).toMatchObject({ state: 'posted', count: 2, total: '409.10', fees: '50.00' })
    const blank = ' '.repeat(59)
    expect(await fileOf(merged.id, 'county-2011-one.txt')).toBe(
      `617 07114001200045910${blank}\n${'45910'.padStart(80, '0')}\n`,
    )
    expect(await fileOf(each.id, 'county-2011-each.txt')).toBe(`617 07114001200022955${blank}\n`.repeat(2))
    const letter = (await fileOf(merged.id, 'county-2011-control-totals.txt')) ?? ''
    for (const line of [
      'Lines:              1',
      'Parcels:            1',
      'Accounts:           2',
      'Total:              459.10',
    ])
      expect(letter).toContain(line)
    expect(letter).toContain('Each line 5-13: Parcel (Parcel number), without punctuation')
    const page = (await supervisor.get(`/runs/${merged.id}/accounts/100.01`)).text
    expect(page).toContain('One line for the parcel: the amounts of 100.02 are in it too')
    const register = (await supervisor.get(`/runs/${merged.id}`)).text
    for (const account of ['100.01', '100.02']) expect(register).toContain(account)
  })

  it('is asked for by its name on screen, API and command line; another is refused with those there are', async () => {
    const screen = (await supervisor.get('/tax-certification/county-file')).text
    expect(screen).toContain('<option value="each">')
    const gone = await supervisor.post('/tax-certification/county-file/preview', { taxYear: '2011', layout: 'gone' })
    expect(gone.status).toBe(422)
    await expect(file('gone')).rejects.toThrow('There are: csv, san-mateo, munis, csv-parcel, each, one.')
  })

  it('keeps the file and what the layout was when the layout is deleted', async () => {
    const run = await file('each')
    const { version } = await ownLayout(town.db, 'each')
    await supervisor.post(`${PATH}/each/delete`, { version: String(version) })
    expect(await fileOf(run.id, 'county-2011-each.txt')).toContain('071140012')
    const letter = await fileOf(run.id, 'county-2011-control-totals.txt')
    expect(letter).toContain('One line per account')
    const kept = await one<{ sha256: string }>(
      town.db,
      sql`select f.sha256 from ledger.run_file r join file f on f.id = r.file_id where r.run_id = ${run.id} and r.name = 'county-2011-each.txt'`,
    )
    expect(letter).toContain(`SHA-256:            ${kept?.sha256}`)
  })

  it('shows the town in the sample, and lists who is left out', async () => {
    const page = (await supervisor.get(`${PATH}/san-mateo`)).text
    expect(page).toContain('The accounts certified for 2011')
    expect(page).toContain('071140012')
    await town.db.execute(sql`update location set parcel_number = null`)
    expect((await supervisor.get(`${PATH}/san-mateo`)).text).toContain('100.01: Parcel, there is no parcel number')
    const run = await file('csv')
    expect((await runExclusions(town.db, run.id)).map(({ accountNumber }) => accountNumber)).toEqual([
      '100.01',
      '100.02',
    ])
    const line = [{ name: 'Lot', source: 'description' } as const, { name: 'Total', source: 'total' } as const]
    await saveLayout(town.db, { ...CSV_LAYOUT, code: 'legal', line }, 0)
    await town.db.execute(sql`update location set description = 'Lot 4, Block 2' where number = '10'`)
    const legal = await file('legal')
    expect(await fileOf(legal.id, 'county-2011-legal.csv')).toBe('Lot,Total\n"Lot 4, Block 2",229.55\n')
  })
})

/** Another account of the same customer, at a location of its own, on the same parcel and owing the same. */
async function secondAccount(): Promise<void> {
  const { db } = town
  await db.execute(
    sql`insert into location (number, service_address, parcel_number) values ('20', '12 Canal St, rear', '071140012')`,
  )
  await db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, connect_date)
    select '100.02', c.id, l.id, (select id from account_status where code = 'CURRENT'), '2010-12-01' from customer c, location l
    where c.number = '100' and l.number = '20'`)
  const bill = await transaction(db, { account: '100.02', date: TODAY }, [
    ['WA', '2010-12-31', '68.27'],
    ['WA', '2011-01-31', '70.51'],
    ['WA', '2011-02-28', '65.77'],
    ['WA', '2011-03-31', '68.88'],
  ])
  await posted(db, '100.02', [bill])
}
