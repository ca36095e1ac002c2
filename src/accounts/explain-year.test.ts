import { sql } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import { appFor, signedIn } from '../testing/browser.ts'
import { create, TODAY } from '../testing/certifying.ts'
import type { TestTown } from '../testing/database.ts'
import { dropTowns, importInto, survives } from '../testing/round-trip.ts'
import { GOLDEN } from '../testing/towns.ts'
import { explainYear } from './explain.ts'

afterEach(dropTowns)

const THEN = [
  'Certification Periods of Water is 2, the current period is 04/30/2011: the current portion is 04/30/2011, 03/31/2011.',
  '03/31/2011: 68.88 unpaid, part of the current portion.',
  '02/28/2011: 65.77 unpaid, 2 periods back, older than the current portion.',
  '01/31/2011: 70.51 unpaid, 3 periods back, older than the current portion.',
  '12/31/2010: 68.27 unpaid, 4 periods back, older than the current portion.',
  'Unpaid and older than the current portion: 204.55, needed 0.01',
  'Fee 25.00: 25.00 plus 0 of 204.55',
]

async function explained({ db }: TestTown): Promise<string[]> {
  const { certifications } = await explainYear(db, '100.01', { today: TODAY, asOf: undefined }, 2011)
  return certifications.flatMap(({ rule, tests }) => [
    ...rule.flatMap(({ setting, periods }) => [setting, ...periods.map(({ why }) => why)]),
    ...tests,
  ])
}

async function certifiedThenChanged(): Promise<TestTown> {
  const town = await importInto(GOLDEN)
  await create(town.db, { minimumCheck: 'ignore' })
  await town.db.execute(sql`update service set certification_periods = 4`)
  await town.db.execute(sql`update setting set value = '99.00' where name = 'certification_fee_amount'`)
  await town.db.execute(sql`select ledger.ensure_period('2011-05-31'), ledger.ensure_period('2011-06-30')`)
  await town.db.execute(sql`update setting set value = '2011-06-30' where name = 'current_period'`)
  return town
}

async function page(town: TestTown): Promise<string> {
  const viewer = await signedIn(town, 'viewer', appFor(town, { today: TODAY }))
  return (await viewer.get('/accounts/100.01/explain/certified/2011')).text
    .replace(/<[^>]+>|\s+/g, ' ')
    .replace(/ +/g, ' ')
}

it('a certified amount is explained by the settings of its run, whatever they are today (000-046)', async () => {
  const town = await certifiedThenChanged()
  expect(await explained(town)).toEqual(THEN)
  const shown = await page(town)
  expect(shown).toContain('The rule, with the settings of the run')
  for (const sentence of THEN) expect(shown).toContain(sentence)
})

it('the settings of a run travel with the town', async () => {
  const { elsewhere } = await survives(await certifiedThenChanged())
  expect(await explained(elsewhere)).toEqual(THEN)
})

it('says so where the settings of the time are not on record', async () => {
  const town = await certifiedThenChanged()
  await town.db.execute(sql`update ledger.staged_account set facts = null`)
  expect((await explained(town))[0]).toContain('Certification Periods of Water is 4')
  expect(await page(town)).toContain(
    "asked again as of 04/30/2011 with today's settings: those of its time are not on record",
  )
})
