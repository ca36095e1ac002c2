import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { goRun } from '../runs/service.ts'
import { runAccounts, runExclusions } from '../runs/store.ts'
import { create, faults, prepared, reversed, standing, transactions, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'

let town: TestTown
beforeEach(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
})
afterEach(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const CERTIFICATION = ['PAdj', 'Fee', 'CertPmt', 'CertAdj']
const BEFORE = ['WA 2010-12-31 68.27', 'WA 2011-01-31 70.51', 'WA 2011-02-28 65.77', 'WA 2011-03-31 68.88']

describe('the golden case (000-002, 000-004, 000-006, 000-044, 000-045)', () => {
  it('certifies 204.55 with a fee of 25.00 and moves no money', async () => {
    const run = await create(town.db)
    expect(run).toMatchObject({ state: 'posted', count: 1, posted: 1, total: '204.55', fees: '25.00' })
    expect(await standing(town.db, '100.01')).toEqual({ balance: '273.43', buckets: BEFORE, certified: [], claims: 3 })
    const [account] = await runAccounts(town.db, run.id)
    expect(account).toMatchObject({ before: '273.43', after: '273.43' })
    expect(account?.lines).toEqual([
      { type: 'Certified', service: 'WA', amount: '204.55', taxYear: 2011 },
      { type: 'Fee', service: null, amount: '25.00', taxYear: 2011 },
    ])
  })

  it('updates 273.43 to 68.88, certification balance 229.55, one PAdj and one Fee (000-007 to 000-009, 000-018)', async () => {
    await create(town.db)
    const run = await update(town.db, { description: 'Tax Certification April {year}' })
    expect(run).toMatchObject({ state: 'posted', count: 1, total: '-204.55', fees: '25.00' })
    expect(await standing(town.db, '100.01')).toEqual({
      balance: '68.88',
      buckets: ['WA 2011-03-31 68.88'],
      certified: ['2011 229.55'],
      claims: 0,
    })
    expect(await transactions(town.db, '100.01', CERTIFICATION)).toEqual([
      'PAdj -204.55 Tax Certification April 2011',
      'Fee 0.00 Tax Certification April 2011',
    ])
  })

  it('a second update posts nothing (000-074), and a second create certifies nothing', async () => {
    await create(town.db)
    expect((await create(town.db)).count).toBe(0)
    await update(town.db)
    expect(await update(town.db)).toMatchObject({ state: 'prepared', count: 0, total: '0.00' })
    expect((await create(town.db)).count).toBe(0)
    expect((await standing(town.db, '100.01')).certified).toEqual(['2011 229.55'])
  })

  it('reverses at every stage and everything is as before', async () => {
    const created = await create(town.db)
    const updated = await update(town.db)
    await reversed(town.db, updated)
    expect(await standing(town.db, '100.01')).toEqual({ balance: '273.43', buckets: BEFORE, certified: [], claims: 3 })
    await reversed(town.db, created)
    expect(await standing(town.db, '100.01')).toEqual({ balance: '273.43', buckets: BEFORE, certified: [], claims: 0 })
    expect((await create(town.db)).total).toBe('204.55')
    expect((await update(town.db)).total).toBe('-204.55')
  })

  it('names the update that rests on a create, and reverses it with it only when told to', async () => {
    const created = await create(town.db)
    const updated = await update(town.db)
    await expect(reversed(town.db, created)).rejects.toMatchObject({ detail: { dependents: [updated.id] } })
    await reversed(town.db, created, true)
    expect(await standing(town.db, '100.01')).toEqual({ balance: '273.43', buckets: BEFORE, certified: [], claims: 0 })
  })
})

describe('the Date (000-013, 000-015, 000-016)', () => {
  it('before the certification date is refused with a reason and nothing is posted', async () => {
    await create(town.db)
    await expect(update(town.db, { date: '2011-04-29' })).rejects.toThrow('before a certification dated 04/30/2011')
    await expect(update(town.db, { date: '2011-03-31' })).rejects.toThrow('closed')
    expect((await standing(town.db, '100.01')).balance).toBe('273.43')
  })

  it('opens with that of the last create', async () => {
    const { updateCustomerBalances } = await import('./update-customer-balances.ts')
    await create(town.db)
    expect(await updateCustomerBalances.defaults?.(town.db, '2011-05-15')).toMatchObject({
      date: '2011-04-30',
      description: 'Tax Certification {year}',
    })
  })
})

describe('certifications already updated (000-020, 000-075)', () => {
  const again = (more: object = {}) =>
    update(town.db, {
      include: { from: '2011-04-01', to: '2011-04-30' },
      updateAlreadyUpdated: true,
      reason: 'Description was wrong',
      ...more,
    })

  it('are replaced: net zero, one PAdj and one Fee in force', async () => {
    await create(town.db)
    await update(town.db)
    const run = await again({ description: 'Certified {year}' })
    expect(run).toMatchObject({ state: 'posted', count: 1, total: '0.00' })
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '68.88', certified: ['2011 229.55'] })
    expect(await transactions(town.db, '100.01', CERTIFICATION)).toEqual([
      'PAdj -204.55 Certified 2011',
      'Fee 0.00 Certified 2011',
    ])
  })

  it('come back as they were when the replacement is reversed, and then the first update too', async () => {
    const created = await create(town.db)
    const first = await update(town.db)
    const second = await again({ description: 'Certified {year}' })
    await reversed(town.db, second)
    expect(await transactions(town.db, '100.01', CERTIFICATION)).toEqual([
      'PAdj -204.55 Tax Certification 2011',
      'Fee 0.00 Tax Certification 2011',
    ])
    expect(await faults(town.db)).toEqual([])
    await reversed(town.db, first)
    expect(await standing(town.db, '100.01')).toEqual({ balance: '273.43', buckets: BEFORE, certified: [], claims: 3 })
    await reversed(town.db, created)
    expect((await standing(town.db, '100.01')).claims).toBe(0)
  })

  it('need a run or dates, and a reason', async () => {
    await expect(update(town.db, { updateAlreadyUpdated: true, reason: 'x' })).rejects.toBeInstanceOf(Refused)
    await expect(again({ reason: ' ' })).rejects.toThrow('Say why')
  })

  it('are named as left out while the box is clear (000-021, 000-050)', async () => {
    await create(town.db)
    await update(town.db)
    const run = await prepared(town.db, 'update-customer-balances', {
      date: '2011-04-30',
      include: { from: '2011-04-30', to: '2011-04-30' },
    })
    expect(run.count).toBe(0)
    expect((await runExclusions(town.db, run.id))[0]?.reasons[0]).toMatchObject({
      value: 'updated 04/30/2011',
      passed: false,
    })
    await expect(goRun(town.db, run.id, run.previewHash ?? '', 0)).rejects.toThrow('nothing to post')
  })
})

it('certified amounts are visible before the update, as rows that claim their buckets (000-003)', async () => {
  await create(town.db)
  const lines = await rows(
    town.db,
    sql`select aging_period::text as period, certified::text from ledger.certification_line order by 1`,
  )
  expect(lines).toEqual([
    { period: '2010-12-31', certified: '68.27' },
    { period: '2011-01-31', certified: '70.51' },
    { period: '2011-02-28', certified: '65.77' },
  ])
})
