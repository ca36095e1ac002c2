import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NotFound } from '../errors.ts'
import { accountFacts } from '../ledger/facts.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
import { post } from '../ledger/post.ts'
import { reverseTransaction, takePayment } from '../payments/service.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { accountView, lookup, transactionsOf } from './service.ts'

let town: TestTown
let clerk: Browser
const today = '2011-05-02'
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const who = () => ({
  db: town.db,
  actor: { id: 0, name: '', role: 'administrator' as const, seesPrivate: true },
  today,
  may: () => true,
})

/** What Update Customer Balances posts: the certified buckets to the tax roll, and the fee. */
async function certify(number: string, buckets: [service: string, period: string, amount: string][], fee: string) {
  const facts = (await accountFacts(town.db, number))!
  const total = sum(buckets.map(([, , amount]) => money(amount)))
  const lines = buckets.map(([code, aging, amount]) => {
    const service = facts.services.find((each) => each.code === code)!
    return {
      gl: facts.gl[service.receivableGl!]!,
      book: 'utility' as const,
      service: service.id,
      aging,
      amount: ZERO.minus(money(amount)),
    }
  })
  const certified = { gl: facts.gl['1150']!, book: 'certified' as const, taxYear: 2011 }
  const header = {
    accountId: facts.id,
    date: '2011-04-30',
    period: '2011-04-30',
    description: 'Tax Certification 2011',
  }
  await post(town.db, {
    kind: 'certification',
    actor: 0,
    accounts: [{ id: facts.id, version: facts.version }],
    transactions: [
      {
        ...header,
        type: 'PAdj',
        sourceKey: `test/${number}/padj`,
        postings: [...lines, { ...certified, amount: total }],
      },
      {
        ...header,
        type: 'Fee',
        sourceKey: `test/${number}/fee`,
        postings: [
          { ...certified, amount: money(fee) },
          { gl: facts.gl['4900']!, book: 'general' as const, amount: ZERO.minus(money(fee)) },
        ],
      },
    ],
  })
}

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, {
    services: [
      { code: 'WA', name: 'Water', subject: true, certificationPeriods: 2 },
      { code: 'SE', name: 'Sewer', subject: true, certificationPeriods: 2 },
      { code: 'PE', name: 'Penalty', kind: 'penalty' },
    ],
    lists: { overpayment: ['SE'] },
  })
  clerk = await signedIn(town, 'clerk', appFor(town, { today }))
})
afterAll(() => town.drop())

describe('an account as others read it', () => {
  it('says every field of the contract, services by their order, periods newest first', async () => {
    await anAccount(town.db, { number: '1.01', services: ['WA', 'SE'] })
    await aCharge(town.db, '1.01', '2011-02-28', { WA: '20.00' })
    await aCharge(town.db, '1.01', '2011-03-31', { WA: '30.00' })
    await aCharge(town.db, '1.01', '2011-04-30', { PE: '5.00' }, { type: 'Pen' })
    expect(await accountView(town.app, '1.01', { today })).toEqual({
      accountNumber: '1.01',
      customerNumber: '1',
      customerName: 'Mary Holt',
      locationNumber: 'L1.01',
      serviceAddress: '12 Canal St',
      activityStatus: 'Current',
      balance: '55.00',
      pastDue: '55.00',
      customerBalance: '55.00',
      collectionCode: null,
      alertMessages: [],
      services: [
        {
          service: 'WA',
          balance: '50.00',
          periods: [
            { period: '2011-03-31', unpaid: '30.00' },
            { period: '2011-02-28', unpaid: '20.00' },
          ],
        },
        { service: 'SE', balance: '0.00', periods: [] },
        { service: 'PE', balance: '5.00', periods: [{ period: '2011-04-30', unpaid: '5.00' }] },
      ],
      openCredit: '0.00',
      certifications: [],
      deposits: '0.00',
    })
  })

  it('past due goes by due dates: a bill the day after its due date, a penalty the day after its date', async () => {
    const pastDue = async (day: string) => (await accountView(town.app, '1.01', { today: day })).pastDue
    expect(await pastDue('2011-04-20')).toBe('20.00')
    expect(await pastDue('2011-04-21')).toBe('50.00')
    expect(await pastDue('2011-04-30')).toBe('50.00')
    expect(await pastDue('2011-05-01')).toBe('55.00')
  })

  it("a bucket is due when the latest of its charges is, unless that was reversed; a cycle's days come first", async () => {
    await town.db.execute(sql`insert into cycle (code, name, due_days) values ('A', 'Ten days', 10)`)
    const cycle = [...(await town.db.execute(sql`select id from cycle`))][0] as { id: number }
    await anAccount(town.db, { number: '2.01', location: { cycleId: cycle.id } })
    await aCharge(town.db, '2.01', '2011-03-01', { WA: '20.00' })
    const pastDue = async (day: string) => (await accountView(town.app, '2.01', { today: day })).pastDue
    expect([await pastDue('2011-03-11'), await pastDue('2011-03-12')]).toEqual(['0.00', '20.00'])
    const late = await aCharge(town.db, '2.01', '2011-03-31', { WA: '5.00' }, { type: 'Misc' })
    expect([await pastDue('2011-03-12'), await pastDue('2011-04-11')]).toEqual(['0.00', '25.00'])
    await reverseTransaction(who(), late, { reason: 'Entered wrongly' })
    expect(await pastDue('2011-03-12')).toBe('20.00')
  })

  it('answers as of a day from postings, and as of today the same as now', async () => {
    const paid = await takePayment(who(), '1.01', { amount: money('15.00'), date: '2011-04-10', method: 'cash' })
    const then = await accountView(town.app, '1.01', { today, asOf: '2011-04-09' })
    expect(then).toMatchObject({ balance: '50.00', pastDue: '20.00' })
    const after = await accountView(town.app, '1.01', { today, asOf: '2011-04-10' })
    expect(after.balance).toBe('35.00')
    expect(await accountView(town.app, '1.01', { today, asOf: today })).toEqual(
      await accountView(town.app, '1.01', { today }),
    )
    await reverseTransaction(who(), paid.transactionId, { reason: 'Wrong account', date: '2011-05-01' })
    expect((await accountView(town.app, '1.01', { today, asOf: '2011-04-30' })).balance).toBe('40.00')
    expect((await accountView(town.app, '1.01', { today })).balance).toBe('55.00')
  })

  it('shows credit in the balance of its service or as open credit, never as a period', async () => {
    await anAccount(town.db, { number: '3.01', services: ['SE'] })
    await takePayment(who(), '3.01', { amount: money('12.00'), date: today, method: 'cash' })
    const view = await accountView(town.app, '3.01', { today })
    expect(view).toMatchObject({
      balance: '-12.00',
      openCredit: '0.00',
      services: [{ service: 'SE', balance: '-12.00', periods: [] }],
    })
  })

  it('a private account exists for nobody who may not see it', async () => {
    await anAccount(town.db, { number: '4.01', customer: { public: false }, name: 'Hidden Person' })
    await expect(accountView(town.app, '4.01', { today })).rejects.toThrow(NotFound)
    await expect(transactionsOf(town.app, '4.01')).rejects.toThrow(NotFound)
    expect(await lookup(town.app, 'hidden')).toEqual([])
    expect(await lookup(town.db, 'hidden')).toHaveLength(1)
  })
})

describe('a certified account', () => {
  beforeAll(async () => {
    await anAccount(town.db, { number: '100.01', services: ['WA', 'SE'] })
    await aCharge(town.db, '100.01', '2010-12-31', { WA: '40.27', SE: '28.00' })
    await aCharge(town.db, '100.01', '2011-01-31', { WA: '42.51', SE: '28.00' })
    await aCharge(town.db, '100.01', '2011-02-28', { WA: '37.77', SE: '28.00' })
    await aCharge(town.db, '100.01', '2011-03-31', { WA: '40.88', SE: '28.00' })
    const buckets: [string, string, string][] = [
      ['WA', '2010-12-31', '40.27'],
      ['WA', '2011-01-31', '42.51'],
      ['WA', '2011-02-28', '37.77'],
      ['SE', '2010-12-31', '28.00'],
      ['SE', '2011-01-31', '28.00'],
      ['SE', '2011-02-28', '28.00'],
    ]
    await certify('100.01', buckets, '25.00')
  })

  it('lists the PAdj with its lines summed per service, and a Fee that moves no utility balance', async () => {
    expect(await transactionsOf(town.app, '100.01', 2)).toMatchObject([
      {
        type: 'Fee',
        amount: '0.00',
        lines: [{ book: 'certification', service: null, amount: '25.00', taxYear: 2011 }],
      },
      {
        type: 'PAdj',
        amount: '-204.55',
        description: 'Tax Certification 2011',
        lines: [
          { book: 'utility', service: 'WA', amount: '-120.55', taxYear: null },
          { book: 'utility', service: 'SE', amount: '-84.00', taxYear: null },
          { book: 'certification', service: null, amount: '204.55', taxYear: 2011 },
        ],
      },
    ])
    const view = await accountView(town.app, '100.01', { today })
    expect(view).toMatchObject({ balance: '68.88', certifications: [{ taxYear: 2011, balance: '229.55' }] })
  })

  it('000-035 000-036 000-037: Transactions shows the PAdj as one line, and, Adjustments cleared, a line for each service', async () => {
    const ticked = await clerk.get('/accounts/100.01')
    expect(ticked.text).toMatch(/name="adjustments" value="on" checked/)
    expect(words(ticked.text)).toMatch(
      /PAdj Tax Certification 2011 certification 2011 204\.55 -120\.55 -84\.00 -204\.55 68\.88/,
    )
    expect(ticked.text.match(/<tr class="sub">/g)).toBeNull()
    const cleared = await clerk.get('/accounts/100.01?shown=yes')
    expect(cleared.text).not.toMatch(/name="adjustments" value="on" checked/)
    const opened = [...cleared.text.matchAll(/<tr class="sub">.*?<\/tr>/gs)].map((row) => words(row[0]))
    expect(opened).toHaveLength(2)
    const parts = opened.map((row) => money(/(-[\d.]+)\s*$/.exec(row.trim())?.[1] ?? '0'))
    expect(text(sum(parts))).toBe('-204.55')
    expect(opened[0]).toContain('PAdj Water')
  })

  it('shows no Reverse on a PAdj or Fee, and refuses it (422)', async () => {
    const supervisor = await signedIn(town, 'supervisor', appFor(town, { today }))
    const [, padj] = await transactionsOf(town.app, '100.01', 2)
    const page = await supervisor.get('/accounts/100.01')
    expect(page.text).not.toContain(`/transactions/${padj?.id}/reverse`)
    await expect(reverseTransaction(who(), padj?.id ?? '', { reason: 'x' })).rejects.toMatchObject({ status: 422 })
  })

  it('keeps the running balance right over pages of lines', async () => {
    for (let day = 1; day <= 28; day += 1) {
      const date = `2011-05-${String(day).padStart(2, '0')}`
      await aCharge(town.db, '100.01', date, { PE: '1.00' }, { type: 'Pen' })
      await aCharge(town.db, '100.01', date, { PE: '1.00' }, { type: 'Pen' })
    }
    const second = await clerk.get('/accounts/100.01?page=2')
    expect(words(second.text)).toContain('Page 2 of 2')
    expect(words(second.text)).toMatch(
      /PAdj Tax Certification 2011 certification 2011 204\.55 -120\.55 -84\.00 -204\.55 68\.88/,
    )
  })
})
