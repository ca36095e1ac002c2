import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { text } from '../ledger/money.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { create, faults, ran, TODAY, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { words } from '../testing/form.ts'
import { dropTowns, survives } from '../testing/round-trip.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { caseOf, taxYears } from './case-store.ts'
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
  await dropTowns()
  await town.drop()
})

const stage = async () => (await caseOf(town.db, 2011))[0]?.stage
const door = () => ({ db: town.db, actor: 0, today: TODAY })

it('the case of a tax year follows an account from certified to paid', async () => {
  expect(await stage()).toBeUndefined()
  await create(town.db)
  expect(await stage()).toBe('certified')
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
  await town.db.execute(sql`select ledger.ensure_period('2011-05-31'), ledger.ensure_period('2011-06-30')`)
  await town.db.execute(sql`update setting set value = '2011-06-30' where name = 'current_period'`)
  await ran(town.db, 'create-records', { date: '2011-04-30', taxYear: 2012, minimumCheck: 'ignore' })
  const [found] = await caseOf(town.db, 2012)
  expect(found).toMatchObject({ stage: 'certified', parcelNumber: null })
  await withdrawCertification(door(), found?.certifications[0]?.number ?? '', { reason: 'Paid to the clerk' })
  expect((await caseOf(town.db, 2012))[0]?.stage).toBe('withdrawn')
  expect(await one(town.db, sql`select count(*)::int as n from ledger.certification_claim`)).toEqual({ n: 0 })
})

it('why a certification was withdrawn stands on its page and travels, each withdrawal on a line', async () => {
  const run = await ran(town.db, 'create-records', { date: '2011-04-30', taxYear: 2013, minimumCheck: 'ignore' })
  expect(run.count).toBe(1)
  const number = (await caseOf(town.db, 2013))[0]?.certifications[0]?.number ?? ''
  await withdrawCertification(door(), number, { reason: 'Council, "in part"', amount: '1.00' })
  await withdrawCertification(door(), number, { reason: 'Paid to the clerk' })
  const { elsewhere } = await survives(town)
  for (const { db } of [town, elsewhere]) {
    const [found] = await caseOf(db, 2013)
    expect(found?.certifications[0]?.withdrawalReason).toBe('Council, "in part"\nPaid to the clerk')
  }
  const viewer = await signedIn(town, 'supervisor', appFor(town, { today: TODAY }))
  const page = words((await viewer.get(`/tax-certification/certifications/${number}`)).text)
  expect(page).toContain('Withdrawn because Council, "in part" Paid to the clerk')
})
