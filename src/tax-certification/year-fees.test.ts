import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { reverse } from '../ledger/reverse.ts'
import type { RunRow } from '../runs/service.ts'
import { runAccounts } from '../runs/store.ts'
import { faults, reversed, standing, TODAY, transactions, update } from '../testing/certifying.ts'
import type { TestTown } from '../testing/database.ts'
import { dropTowns, survives } from '../testing/round-trip.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { twoCertifications } from '../testing/two-certifications.ts'
import { updateCustomerBalances } from './update-customer-balances.ts'

let town: TestTown
let first: RunRow
let second: RunRow

beforeEach(async () => {
  ;({ town, first, second } = await twoCertifications())
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

it('the second is updated already: it bears the fee of the first from now on', async () => {
  await only(second)
  expect(await certified()).toEqual(['2011 68.88'])
  await pay(FIRST)
  const run = await only(first)
  expect(run).toMatchObject({ total: '0.00', fees: '25.00' })
  expect([await certified(), await fees()]).toEqual([['2011 93.88'], ['0.00', '25.00']])
  expect(await explained(run)).toEqual(expect.arrayContaining(['Nothing is left to post']))
  await survives(town)
  await reversed(town.db, run)
  expect([await certified(), await fees()]).toEqual([['2011 68.88'], ['25.00', '0.00']])
})

it('all is paid before the update: no fee', async () => {
  await pay([...FIRST, ['2011-03-31', '-68.88']])
  expect(await update(town.db)).toMatchObject({ total: '0.00', fees: '0.00' })
  expect([await certified(), await moved(), await fees()]).toEqual([[], [], ['0.00', '0.00']])
})

/** Takes back every payment of the account. */
async function returned(): Promise<void> {
  const found = await rows<{ number: string }>(
    town.db,
    sql`select coalesce(number, id::text) as number from ledger.transaction t where type = 'Pmt' and facts is null
      and period >= '2011-04-30' and not exists (select from ledger.transaction v where v.reverses_id = t.id) order by id`,
  )
  for (const { number } of found) {
    await reverse(town.db, { number, kind: 'NSF', reason: 'No funds', actor: 0, today: TODAY })
  }
}
const again = (run: RunRow) =>
  update(town.db, { include: { runId: run.id }, updateAlreadyUpdated: true, reason: 'The check was returned' })

describe('a certification that was wholly paid, whose payment is taken back and that is updated again', () => {
  it('bears its fee again, alone in its year', async () => {
    await pay([...FIRST, ['2011-03-31', '-68.88']])
    await update(town.db)
    await returned()
    const run = await again(first)
    expect(run).toMatchObject({ total: '-204.55', fees: '25.00' })
    expect([await certified(), await fees()]).toEqual([['2011 229.55'], ['25.00', '0.00']])
    await survives(town)
    await reversed(town.db, run)
    expect([await certified(), await fees()]).toEqual([[], ['0.00', '0.00']])
    await again(first)
    expect((await again(second)).fees).toBe('0.00')
    expect(await certified()).toEqual(['2011 298.43'])
  })

  it('bears none where another of the year has taken it over: one fee a tax year', async () => {
    await pay(FIRST)
    await update(town.db)
    await returned()
    expect(await again(first)).toMatchObject({ total: '-204.55', fees: '0.00' })
    expect([await certified(), await fees()]).toEqual([['2011 298.43'], ['0.00', '25.00']])
  })

  it('bears none beside the one that took it over, in the same update too', async () => {
    await pay(FIRST)
    await update(town.db)
    await returned()
    const include = { from: TODAY, to: TODAY }
    const run = await update(town.db, { include, updateAlreadyUpdated: true, reason: 'Returned' })
    expect(run).toMatchObject({ fees: '25.00' })
    expect([await certified(), await fees()]).toEqual([['2011 298.43'], ['0.00', '25.00']])
  })

  it('is charged the difference where the fee is a rate', async () => {
    await town.db.execute(sql`insert into setting (name, value) values ('certification_fee_rate', '0.10')
      on conflict (name) do update set value = excluded.value`)
    await pay([...FIRST, ['2011-03-31', '-68.88']])
    await update(town.db)
    await returned()
    await again(second)
    expect(await fees()).toEqual(['0.00', '31.89'])
    await again(first)
    // 25.00 and a tenth of 273.43 are 52.34
    expect([await certified(), await fees()]).toEqual([['2011 325.77'], ['20.45', '31.89']])
  })
})
