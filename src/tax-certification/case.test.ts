import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { text } from '../ledger/money.ts'
import { create, faults, ran, TODAY, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { caseOf, taxYears } from './case-store.ts'
import { explainCertification } from './explain.ts'
import { certificationRegister, REGISTER_KINDS, registerTotals } from './register-store.ts'
import { adjustCertification, takeCertificationPayment } from './service.ts'
import { withdrawCertification } from './withdrawal.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
})
afterAll(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const stage = async () => (await caseOf(town.db, 2011))[0]?.stage
const door = () => ({ db: town.db, actor: 0, today: TODAY })

it('explains why each period is or is not certified (000-042 to 000-046)', async () => {
  const explained = await explainCertification(town.db, '100.01', 2011, '2011-04-30')
  expect(explained).toMatchObject({ currentPeriod: '2011-04-30', certifiable: '204.55', fee: '25.00', case: undefined })
  expect(explained.services[0]?.setting).toBe(
    'Certification Periods of Water is 2, the current period is 04/30/2011: the current portion is 04/30/2011, 03/31/2011.',
  )
  expect(explained.services[0]?.periods.map(({ why }) => why)).toEqual([
    '03/31/2011: 68.88 unpaid, part of the current portion.',
    '02/28/2011: 65.77 unpaid, 2 periods back, older than the current portion.',
    '01/31/2011: 70.51 unpaid, 3 periods back, older than the current portion.',
    '12/31/2010: 68.27 unpaid, 4 periods back, older than the current portion.',
  ])
})

it('the case of a tax year follows an account from certified to paid', async () => {
  expect(await stage()).toBeUndefined()
  await create(town.db)
  expect(await stage()).toBe('certified')
  expect((await explainCertification(town.db, '100.01', 2011, '2011-04-30')).services[0]?.periods[1]?.why).toContain(
    'certified already',
  )
  await ran(town.db, 'print-notices', { date: TODAY, taxYear: 2011 })
  expect(await stage()).toBe('noticed')
  await update(town.db)
  expect(await stage()).toBe('updated')
  await ran(town.db, 'county-file', { taxYear: 2011, layout: 'csv' })
  expect(await stage()).toBe('in_county_file')
  await takeCertificationPayment(door(), '100.01', { taxYear: 2011, amount: '100.00', date: TODAY })
  expect(await stage()).toBe('partly_paid')
  await adjustCertification(door(), '100.01', { taxYear: 2011, amount: '29.55', reason: 'write_off', date: TODAY })
  await takeCertificationPayment(door(), '100.01', { taxYear: 2011, date: TODAY })
  const [one] = await caseOf(town.db, 2011)
  expect(one).toMatchObject({ accountNumber: '100.01', stage: 'paid', stageLabel: 'Paid' })
  const amounts = [one?.certified, one?.fee, one?.posted, one?.paid, one?.adjusted, one?.balance].map(
    (each) => each && text(each),
  )
  expect(amounts).toEqual(['204.55', '25.00', '229.55', '200.00', '29.55', '0.00'])
  expect(await taxYears(town.db)).toEqual([
    { taxYear: 2011, accounts: 1, certified: '204.55', fees: '25.00', balance: '0.00' },
  ])
})

it('the register lists certifications, updates, payments and adjustments of a range of dates', async () => {
  const all = { from: TODAY, to: TODAY, kinds: REGISTER_KINDS }
  const shown = (await certificationRegister(town.db, all)).map((row) => [
    row.kind,
    row.type,
    row.certified,
    row.fee,
    row.utility,
  ])
  expect(shown).toEqual([
    ['certifications', 'Certification', '204.55', '25.00', '0.00'],
    ['updates', 'PAdj', '204.55', '0.00', '-204.55'],
    ['updates', 'Fee', '0.00', '25.00', '0.00'],
    ['payments', 'CertPmt', '-100.00', '0.00', '0.00'],
    ['payments', 'CertPmt', '-100.00', '0.00', '0.00'],
    ['adjustments', 'CertAdj', '-29.55', '0.00', '0.00'],
  ])
  expect(await registerTotals(town.db, all)).toMatchObject({
    count: 6,
    kinds: [
      { kind: 'certifications' },
      { kind: 'updates', certified: '204.55', fee: '25.00' },
      { kind: 'payments', certified: '-200.00' },
      {},
    ],
  })
  expect(await certificationRegister(town.db, { ...all, kinds: ['payments'] }, { limit: 1, offset: 1 })).toHaveLength(1)
  expect(await certificationRegister(town.db, { ...all, taxYear: 2010 })).toEqual([])
})

it('a withdrawn certification is a case of its own kind', async () => {
  await town.db.execute(sql`update location set parcel_number = null`)
  const run = await ran(town.db, 'create-records', { date: '2011-04-30', taxYear: 2012, minimumCheck: 'ignore' })
  expect(run.count).toBe(0)
  await town.db.execute(sql`update setting set value = '2011-06-30' where name = 'current_period'`)
  await ran(town.db, 'create-records', { date: '2011-04-30', taxYear: 2012, minimumCheck: 'ignore' })
  const [found] = await caseOf(town.db, 2012)
  expect(found).toMatchObject({ stage: 'certified', parcelNumber: null })
  await withdrawCertification(door(), found?.certifications[0]?.number ?? '', { reason: 'Paid to the clerk' })
  expect((await caseOf(town.db, 2012))[0]?.stage).toBe('withdrawn')
  expect(await one(town.db, sql`select count(*)::int as n from ledger.certification_claim`)).toEqual({ n: 0 })
})
