import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { reverse } from '../ledger/reverse.ts'
import { runAccounts } from '../runs/store.ts'
import { create, faults, reversed, standing, TODAY, transactions, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { adjustCertification, type Door, dateWarning, takeCertificationPayment } from './service.ts'
import { withdrawCertification } from './withdrawal.ts'

let town: TestTown
let door: Door
beforeEach(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  door = { db: town.db, actor: 0, today: TODAY }
})
afterEach(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const YEAR = { taxYear: 2011, date: TODAY }
const ACCOUNT = '100.01'
const CERTIFICATION = ['PAdj', 'Fee', 'CertPmt', 'CertAdj', 'Pmt']
const pay = async (amount: string) =>
  posted(town.db, ACCOUNT, [
    await transaction(town.db, { account: ACCOUNT, type: 'Pmt', date: TODAY }, [['WA', '2010-12-31', `-${amount}`]]),
  ])

async function certified() {
  const created = await create(town.db)
  return { created, updated: await update(town.db) }
}

describe('a payment between Create and Update (product.md 3.10)', () => {
  it('is not certified: the rest is posted, the difference is paid before update', async () => {
    await create(town.db)
    await pay('50.00')
    const run = await update(town.db)
    expect(run.total).toBe('-154.55')
    expect((await runAccounts(town.db, run.id))[0]).toMatchObject({
      before: '223.43',
      after: '68.88',
      effects: ['50.00 paid before update'],
    })
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '68.88', certified: ['2011 179.55'] })
  })

  it('of everything drops line and fee', async () => {
    await create(town.db)
    for (const [period, amount] of [
      ['2010-12-31', '68.27'],
      ['2011-01-31', '70.51'],
      ['2011-02-28', '65.77'],
    ] as const) {
      const one = await transaction(town.db, { account: ACCOUNT, type: 'Pmt', date: TODAY }, [
        ['WA', period, `-${amount}`],
      ])
      await posted(town.db, ACCOUNT, [one])
    }
    const run = await update(town.db)
    expect(run).toMatchObject({ count: 1, total: '0.00', fees: '0.00' })
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '68.88', certified: [], claims: 0 })
    expect(await rows(town.db, sql`select fee::text, padj_id as padj from ledger.certification`)).toEqual([
      { fee: '0.00', padj: null },
    ])
    await reversed(town.db, run)
    expect((await standing(town.db, ACCOUNT)).claims).toBe(3)
  })
})

describe('certification payments (000-047, domain.md U12)', () => {
  it('lower the balance of their tax year in two halves, and the utility balance never', async () => {
    await certified()
    const half = { ...YEAR, amount: '114.78', checkNumber: '5512', sourceId: 'County 1' }
    expect(await takeCertificationPayment(door, ACCOUNT, half)).toMatchObject({ certificationBalance: '114.77' })
    expect((await takeCertificationPayment(door, ACCOUNT, YEAR)).certificationBalance).toBe('0.00')
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '68.88', certified: [] })
    await expect(takeCertificationPayment(door, ACCOUNT, YEAR)).rejects.toThrow(
      'no certification balance of tax year 2011',
    )
  })

  it('are refused above the balance and before the update', async () => {
    await create(town.db)
    await expect(takeCertificationPayment(door, ACCOUNT, YEAR)).rejects.toThrow('no certification balance')
    await update(town.db)
    await expect(takeCertificationPayment(door, ACCOUNT, { ...YEAR, amount: '229.56' })).rejects.toThrow('more than')
  })

  it('answer the same key once', async () => {
    await certified()
    const body = { ...YEAR, amount: '100.00' }
    const request = { path: '/payments', key: 'k1', body }
    const first = await takeCertificationPayment(door, ACCOUNT, body, request)
    expect(await takeCertificationPayment(door, ACCOUNT, body, request)).toEqual(first)
    expect((await standing(town.db, ACCOUNT)).certified).toEqual(['2011 129.55'])
    const rest = { ...YEAR, checkNumber: '7' }
    const all = { path: '/payments', key: 'k2', body: rest }
    const paid = await takeCertificationPayment(door, ACCOUNT, rest, all)
    expect(await takeCertificationPayment(door, ACCOUNT, rest, all)).toEqual(paid)
  })

  it('are named by the reversal of the update they rest on, which goes when they are reversed first', async () => {
    const { updated } = await certified()
    const { transactionId } = await takeCertificationPayment(door, ACCOUNT, { ...YEAR, amount: '10.00' })
    const resting = { dependents: [], transactions: [Number(transactionId)] }
    await expect(reversed(town.db, updated)).rejects.toMatchObject({ status: 409, detail: resting })
    await reverse(town.db, { number: transactionId, kind: 'Rev', reason: 'a test', actor: 0, today: TODAY })
    await reversed(town.db, updated)
    expect((await standing(town.db, ACCOUNT)).balance).toBe('273.43')
  })
})

describe('certification adjustments (000-048, domain.md U8)', () => {
  const adjust = (reason: 'removed' | 'paid' | 'write_off', amount: string, more: object = {}) =>
    adjustCertification(door, ACCOUNT, { ...YEAR, reason, amount, ...more })

  it('removed 70.51: certification 229.55 to 159.04, account 68.88 to 139.39', async () => {
    await certified()
    expect((await adjust('removed', '70.51')).certificationBalance).toBe('159.04')
    expect(await standing(town.db, ACCOUNT)).toMatchObject({
      balance: '139.39',
      buckets: ['WA 2011-01-31 4.74', 'WA 2011-02-28 65.77', 'WA 2011-03-31 68.88'],
    })
  })

  it('the update never posts an adjustment again (000-049, 000-051): all on one date, twice, posts each once', async () => {
    await certified()
    await takeCertificationPayment(door, ACCOUNT, { ...YEAR, amount: '100.00' })
    await adjust('removed', '70.51')
    const range = { include: { from: TODAY, to: TODAY } }
    expect((await update(town.db, range)).count).toBe(0)
    expect((await update(town.db)).count).toBe(0)
    expect(await transactions(town.db, ACCOUNT, CERTIFICATION)).toEqual([
      'PAdj -204.55 Tax Certification 2011',
      'Fee 0.00 Tax Certification 2011',
      'CertPmt 0.00 Certification payment 2011',
      'CertAdj 70.51 Certification 2011 removed',
    ])
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '139.39', certified: ['2011 59.04'] })
  })

  it('paid at city hall is a certification adjustment and a payment of the same lines, reversed together', async () => {
    await certified()
    const { transactionId } = await adjust('paid', '229.55', { checkNumber: '88' })
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '68.88', certified: [] })
    expect(await transactions(town.db, ACCOUNT, ['CertAdj', 'Pmt'])).toEqual([
      'CertAdj 204.55 Certification 2011 paid at city hall',
      'Pmt -204.55 Certification 2011 paid at city hall',
    ])
    await reverse(town.db, { number: transactionId, kind: 'Rev', reason: 'a test', actor: 0, today: TODAY })
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '68.88', certified: ['2011 229.55'] })
  })

  it('a write-off lowers the certification balance only; what is removed cannot be removed again', async () => {
    await certified()
    await adjust('write_off', '29.55')
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '68.88', certified: ['2011 200.00'] })
    await adjust('removed', '200.00')
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '243.88', certified: [] })
    await expect(adjust('removed', '1.00')).rejects.toThrow('no certification balance')
  })

  it('a removed amount can be certified again, and updating again what was updated takes nothing twice', async () => {
    await certified()
    await adjust('removed', '70.51')
    const again = { include: { from: TODAY, to: TODAY }, updateAlreadyUpdated: true, reason: 'Description' }
    expect((await update(town.db, again)).total).toBe('0.00')
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '139.39', certified: ['2011 159.04'] })
    expect(await create(town.db, { minimumCheck: 'ignore' })).toMatchObject({ total: '70.51', fees: '0.00' })
    expect((await update(town.db)).total).toBe('-70.51')
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '68.88', certified: ['2011 229.55'] })
  })

  it('on a day with certifications gives a warning that proposes the next free day (000-052)', async () => {
    await create(town.db)
    expect(await dateWarning(town.db, ACCOUNT, TODAY)).toEqual({ date: TODAY, proposed: '2011-05-01' })
    expect(await dateWarning(town.db, ACCOUNT, '2011-05-01')).toBeUndefined()
  })
})

describe('withdrawing a certification', () => {
  const only = { reason: 'Council decision' }

  it('before the update frees its buckets; a part leaves the rest', async () => {
    await create(town.db)
    const [{ id } = { id: '' }] = await rows<{ id: string }>(town.db, sql`select id::text from ledger.certification`)
    expect(await withdrawCertification(door, id, { ...only, amount: '65.77' })).toEqual({
      certified: '138.78',
      withdrawn: false,
    })
    expect((await standing(town.db, ACCOUNT)).claims).toBe(2)
    expect(await withdrawCertification(door, id, only)).toEqual({ certified: '0.00', withdrawn: true })
    expect((await standing(town.db, ACCOUNT)).claims).toBe(0)
    expect((await update(town.db)).count).toBe(0)
    expect((await create(town.db)).total).toBe('204.55')
  })

  it('after the update reverses PAdj and Fee, and posts anew what is left', async () => {
    const { created, updated } = await certified()
    const [{ id } = { id: '' }] = await rows<{ id: string }>(town.db, sql`select id::text from ledger.certification`)
    await withdrawCertification(door, id, { ...only, amount: '65.77' })
    expect(await standing(town.db, ACCOUNT)).toMatchObject({
      balance: '134.65',
      buckets: ['WA 2011-02-28 65.77', 'WA 2011-03-31 68.88'],
      certified: ['2011 163.78'],
    })
    expect(await transactions(town.db, ACCOUNT, CERTIFICATION)).toEqual([
      'PAdj -138.78 Tax Certification 2011',
      'Fee 0.00 Tax Certification 2011',
    ])
    expect(await faults(town.db)).toEqual([])
    await reversed(town.db, updated)
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '273.43', certified: [], claims: 2 })
    await reversed(town.db, created)
    expect((await standing(town.db, ACCOUNT)).claims).toBe(0)
  })

  it('whole after the update gives everything back', async () => {
    await certified()
    const [{ id } = { id: '' }] = await rows<{ id: string }>(town.db, sql`select id::text from ledger.certification`)
    await withdrawCertification(door, id, only)
    expect(await standing(town.db, ACCOUNT)).toMatchObject({ balance: '273.43', certified: [], claims: 0 })
    await expect(withdrawCertification(door, id, only)).rejects.toThrow('withdrawn already')
  })

  it('is refused while a county payment rests on it', async () => {
    await certified()
    await takeCertificationPayment(door, ACCOUNT, { ...YEAR, amount: '1.00' })
    const [{ id } = { id: '' }] = await rows<{ id: string }>(town.db, sql`select id::text from ledger.certification`)
    await expect(withdrawCertification(door, id, only)).rejects.toThrow('certification adjustment instead')
  })
})
