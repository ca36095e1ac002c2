import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { text } from '../ledger/money.ts'
import type { RunRow } from '../runs/service.ts'
import { faults, ran, reversed, standing, TODAY, transactions, update } from '../testing/certifying.ts'
import type { TestTown } from '../testing/database.ts'
import { dropTowns, survives } from '../testing/round-trip.ts'
import { twoCertifications } from '../testing/two-certifications.ts'
import { caseOf } from './case-store.ts'
import { withdrawCertification } from './withdrawal.ts'

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

const fees = async () => {
  const found = await rows<{ fee: string }>(town.db, sql`select fee::text from ledger.certification order by id`)
  return found.map(({ fee }) => fee)
}
const certified = async () => (await standing(town.db, '100.01')).certified
const moved = () => transactions(town.db, '100.01', ['PAdj', 'Fee'])
const only = (run: RunRow) => update(town.db, { include: { runId: run.id } })

describe('the first of a tax year is withdrawn whole', () => {
  const numbers = () =>
    rows<{ number: string }>(
      town.db,
      sql`select coalesce(number, id::text) as number from ledger.certification order by id`,
    )
  async function withdraw(place: number, more: object = {}): Promise<void> {
    const number = (await numbers())[place]?.number ?? ''
    await withdrawCertification({ db: town.db, actor: 0, today: TODAY }, number, { reason: 'Council', ...more })
  }
  const borne = async () => {
    const [year] = await caseOf(town.db, 2011)
    return year && text(year.fee)
  }

  it('before the update: the second bears the fee, and posts it with its update', async () => {
    await withdraw(0)
    expect([await fees(), await borne()]).toEqual([['25.00', '25.00'], '25.00'])
    await survives(town)
    expect(await update(town.db)).toMatchObject({ total: '-68.88', fees: '25.00' })
    expect(await certified()).toEqual(['2011 93.88'])
    await withdraw(1)
    expect([await certified(), await borne()]).toEqual([[], '0.00'])
  })

  it('after both were updated: the Fee is posted anew on the second; the update is reversed with it', async () => {
    const run = await update(town.db)
    expect(await certified()).toEqual(['2011 298.43'])
    await withdraw(0)
    expect([await certified(), await borne()]).toEqual([['2011 93.88'], '25.00'])
    expect(await moved()).toEqual(['PAdj -68.88 Tax Certification 2011', 'Fee 0.00 Tax Certification 2011'])
    const { elsewhere } = await survives(town)
    await reversed(town.db, run)
    expect([await certified(), await borne(), await moved()]).toEqual([[], '25.00', []])
    const [there] = await rows<RunRow>(
      elsewhere.db,
      sql`select id::int from ledger.run where kind = 'tax-certification.update-customer-balances'`,
    )
    if (there) await reversed(elsewhere.db, there)
    expect((await standing(elsewhere.db, '100.01')).certified).toEqual([])
    expect(await update(town.db)).toMatchObject({ total: '-68.88', fees: '25.00' })
  })

  it('not yet updated beside a second that is: the Fee of the second is posted', async () => {
    await only(second)
    await withdraw(0)
    expect([await certified(), await borne()]).toEqual([['2011 93.88'], '25.00'])
    await withdraw(1)
    expect([await certified(), await borne()]).toEqual([[], '0.00'])
  })

  it('the second stands in a county file already: the county must be told of its greater amount', async () => {
    await ran(town.db, 'county-file', { taxYear: 2011, layout: 'csv' })
    await withdraw(0)
    const [year] = await caseOf(town.db, 2011)
    expect(year?.certifications.map(({ countyMustBeTold }) => countyMustBeTold)).toEqual([true, true])
  })

  it('a part of it is withdrawn: the fee stays where it is', async () => {
    await withdraw(0, { amount: '65.77' })
    expect(await fees()).toEqual(['25.00', '0.00'])
  })
})

it('the run that certified first is reversed with those that charged the difference to it', async () => {
  await expect(reversed(town.db, first)).rejects.toMatchObject({ detail: { dependents: [second.id] } })
  await reversed(town.db, first, true)
  expect(await standing(town.db, '100.01')).toMatchObject({ claims: 0 })
})
