import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import type { RunRow } from '../runs/service.ts'
import { runAccounts } from '../runs/store.ts'
import { create, faults, reversed, standing, TODAY, transactions, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { dropTowns, survives } from '../testing/round-trip.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { updateCustomerBalances } from './update-customer-balances.ts'

let town: TestTown
let first: RunRow
let second: RunRow

// Two certifications of tax year 2011: 204.55 with the fee of 25.00, then 68.88 with what is left of the fee, nothing.
beforeEach(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  first = await create(town.db)
  await town.db.execute(sql`select ledger.ensure_period('2011-05-31')`)
  await town.db.execute(sql`update setting set value = '2011-05-31' where name = 'current_period'`)
  second = await create(town.db, { minimumCheck: 'ignore' })
  expect([first, second].map(({ total, fees }) => [total, fees])).toEqual([
    ['204.55', '25.00'],
    ['68.88', '0.00'],
  ])
})
afterEach(async () => {
  await dropTowns()
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const FIRST: [string, string][] = [
  ['2010-12-31', '-68.27'],
  ['2011-01-31', '-70.51'],
  ['2011-02-28', '-65.77'],
]

async function pay(buckets: [string, string][]): Promise<void> {
  const lines = buckets.map(([period, amount]): [string, string, string] => ['WA', period, amount])
  const payment = { account: '100.01', type: 'Pmt', date: TODAY } as const
  await posted(town.db, '100.01', [await transaction(town.db, payment, lines)])
}

const fees = async () => {
  const found = await rows<{ fee: string }>(town.db, sql`select fee::text from ledger.certification order by id`)
  return found.map(({ fee }) => fee)
}
const certified = async () => (await standing(town.db, '100.01')).certified
const moved = () => transactions(town.db, '100.01', ['PAdj', 'Fee'])
const only = (run: RunRow) => update(town.db, { include: { runId: run.id } })

async function explained(run: RunRow): Promise<string[]> {
  const [row] = await runAccounts(town.db, run.id)
  return updateCustomerBalances.explain?.(row ?? { facts: null, lines: [] }) ?? []
}

it('the first is wholly paid before the update: the second bears the fee of the tax year', async () => {
  await pay(FIRST)
  const run = await update(town.db)
  expect(run).toMatchObject({ total: '-68.88', fees: '25.00' })
  expect(await certified()).toEqual(['2011 93.88'])
  expect(await moved()).toEqual(['PAdj -68.88 Tax Certification 2011', 'Fee 0.00 Tax Certification 2011'])
  expect(await fees()).toEqual(['0.00', '25.00'])
  const said = await explained(run)
  expect(said.find((sentence) => sentence.includes('bears the fee'))).toMatch(
    /^Certification \d+ of the same tax year bears the fee$/,
  )
  expect(said).toContain('Fee 25.00, on the certification balance')
  await reversed(town.db, run)
  expect([await certified(), await fees()]).toEqual([[], ['25.00', '0.00']])
})

it('the first is updated alone: the second bears the fee when it is updated, and its update rests on that', async () => {
  await pay(FIRST)
  const alone = await only(first)
  expect(alone).toMatchObject({ state: 'posted', total: '0.00', fees: '0.00' })
  expect([await certified(), await fees()]).toEqual([[], ['0.00', '25.00']])
  const rest = await update(town.db)
  expect(rest).toMatchObject({ total: '-68.88', fees: '25.00' })
  expect(await certified()).toEqual(['2011 93.88'])
  await survives(town)
  await expect(reversed(town.db, alone)).rejects.toMatchObject({ detail: { dependents: [rest.id] } })
  await reversed(town.db, alone, true)
  expect([await certified(), await fees()]).toEqual([[], ['25.00', '0.00']])
})

it('the second is paid too before it is updated: the fee drops with the last line', async () => {
  await pay(FIRST)
  await only(first)
  await pay([['2011-03-31', '-68.88']])
  const run = await update(town.db)
  expect(run).toMatchObject({ total: '0.00', fees: '0.00' })
  expect([await certified(), await fees()]).toEqual([[], ['0.00', '0.00']])
  expect(await explained(run)).toContain('Nothing is left to post, and no fee')
})

it('the second is updated already: the fee of the first is posted by itself', async () => {
  await only(second)
  expect(await certified()).toEqual(['2011 68.88'])
  await pay(FIRST)
  const run = await only(first)
  expect(run).toMatchObject({ total: '0.00', fees: '25.00' })
  expect([await certified(), await fees()]).toEqual([['2011 93.88'], ['25.00', '0.00']])
  expect(await explained(run)).toEqual(expect.arrayContaining(['Nothing is left to post']))
  await reversed(town.db, run)
  expect(await certified()).toEqual(['2011 68.88'])
})

it('all is paid before the update: no fee', async () => {
  await pay([...FIRST, ['2011-03-31', '-68.88']])
  expect(await update(town.db)).toMatchObject({ total: '0.00', fees: '0.00' })
  expect([await certified(), await moved(), await fees()]).toEqual([[], [], ['0.00', '0.00']])
})
