import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accountView, transactionsOf } from '../accounts/service.ts'
import { rows } from '../db/db.ts'
import { Conflict, NotFound } from '../errors.ts'
import { money } from '../ledger/money.ts'
import { aCharge, anAccount, setLists } from '../testing/clerk-town.ts'
import type { TestTown } from '../testing/database.ts'
import { type PayingTown, payingTown } from '../testing/paying.ts'
import { previewPayment } from './service.ts'

let town: TestTown
let today: string
let who: PayingTown['who']
let owing: PayingTown['owing']
let pay: PayingTown['pay']

const unpaid = async (number: string) => {
  const { services, openCredit } = await accountView(town.db, number, { today })
  return {
    services: Object.fromEntries(services.filter((s) => s.balance !== '0.00').map((s) => [s.service, s.balance])),
    openCredit,
  }
}

const shares = (list: { service: string | null; amount: string }[]) =>
  Object.fromEntries(list.map((s) => [s.service ?? '', s.amount]))

beforeAll(async () => {
  ;({ town, today, who, owing, pay } = await payingTown())
})
afterAll(() => town.drop())
beforeEach(() => setLists(town.db, { first: [], second: [], third: [], overpayment: ['WA'], exclude: [] }))

describe('where a payment goes', () => {
  it('004-006 004-007: by percentage, to the cent', async () => {
    const number = await owing({ WA: '30.00', SE: '15.00', GA: '10.00', PE: '5.00' })
    const preview = await previewPayment(town.app, number, { amount: money('20.00'), date: today })
    expect(shares(preview.allocations)).toEqual({ WA: '10.00', SE: '5.00', GA: '3.33', PE: '1.67' })
    expect(preview).toMatchObject({ overpayment: [], balanceAfter: '40.00' })
    const taken = await pay(number, '20.00')
    expect(taken).toMatchObject(preview)
    expect((await unpaid(number)).services).toEqual({ WA: '20.00', SE: '10.00', GA: '6.67', PE: '3.33' })
  })

  it('004-002 004-008 004-011 004-014 004-017: First before Second before Third, listed ones in turn, the rest by share', async () => {
    await setLists(town.db, { first: ['WA', 'SE'], second: ['EL', 'GA'] })
    const number = await owing({ WA: '40.00', SE: '25.00', EL: '60.00', GA: '15.00', PE: '6.00', ST: '9.00' }, today)
    const cases: [string, Record<string, string>][] = [
      ['50.00', { WA: '30.77', SE: '19.23' }],
      ['100.00', { WA: '40.00', SE: '25.00', EL: '35.00' }],
      ['150.00', { WA: '40.00', SE: '25.00', EL: '60.00', GA: '15.00', PE: '4.00', ST: '6.00' }],
    ]
    for (const [amount, expected] of cases) {
      const preview = await previewPayment(town.app, number, { amount: money(amount), date: today })
      expect(shares(preview.allocations)).toEqual(expected)
    }
    const all = await previewPayment(town.app, number, { amount: money('170.00'), date: today })
    expect(shares(all.overpayment)).toEqual({ WA: '15.00' })
    expect(all.balanceAfter).toBe('-15.00')
  })

  it('004-005: past due of all tiers before current of any, where the town wants that', async () => {
    await setLists(town.db, { first: ['WA'], second: ['SE'] })
    const number = await owing({ SE: '20.00' }, '2011-02-28')
    await aCharge(town.db, number, '2011-04-15', { WA: '30.00' })
    const asked = { amount: money('25.00'), date: today }
    expect(shares((await previewPayment(town.app, number, asked)).allocations)).toEqual({ WA: '25.00' })
    await town.db.execute(sql`insert into setting (name, value) values ('pay_past_due_first', 'yes')`)
    expect(shares((await previewPayment(town.app, number, asked)).allocations)).toEqual({ SE: '20.00', WA: '5.00' })
    await town.db.execute(sql`delete from setting where name = 'pay_past_due_first'`)
  })

  it('004-020 004-025: an overpayment goes to the first listed service that the account has', async () => {
    await setLists(town.db, { overpayment: ['GA', 'WA'] })
    const number = '900.01'
    await anAccount(town.db, { number, services: ['WA', 'SE'] })
    const taken = await pay(number, '15.00')
    expect(taken).toMatchObject({
      allocations: [],
      overpayment: [{ service: 'WA', amount: '15.00' }],
      balanceAfter: '-15.00',
    })
    expect((await unpaid(number)).services).toEqual({ WA: '-15.00' })
  })

  it('004-021 to 004-024: by earlier payments, over all services except the excluded ones', async () => {
    const number = await owing({ WA: '480.00', SE: '240.00', GA: '180.00', EL: '300.00' }, '2011-01-31')
    await pay(number, '1200.00')
    await setLists(town.db, { exclude: ['EL'], overpayment: [] })
    await town.db.execute(sql`insert into setting (name, value) values ('overpayment_method', 'all_except')`)
    const over = async (amount: string) =>
      shares((await previewPayment(town.app, number, { amount: money(amount), date: today })).overpayment)
    expect(await over('15.00')).toEqual({ WA: '8.00', SE: '4.00', GA: '3.00' })
    expect(await over('10.00')).toEqual({ WA: '5.33', SE: '2.67', GA: '2.00' })
    await town.db.execute(sql`delete from setting where name = 'overpayment_method'`)
  })

  it('holds what no listed service can take as open credit of the account', async () => {
    await setLists(town.db, { overpayment: [] })
    const number = await owing({ WA: '10.00' })
    const taken = await pay(number, '25.00')
    expect(taken.overpayment).toEqual([{ service: null, amount: '15.00' }])
    expect(await unpaid(number)).toEqual({ services: {}, openCredit: '-15.00' })
  })

  it('takes the allocation of the clerk', async () => {
    const number = await owing({ WA: '50.00', SE: '30.00' })
    const taken = await pay(number, '40.00', { allocations: [{ service: 'SE', amount: money('30.00') }] })
    expect(taken).toMatchObject({
      allocations: [{ service: 'SE', amount: '30.00' }],
      overpayment: [{ service: 'WA', amount: '10.00' }],
    })
    expect((await unpaid(number)).services).toEqual({ WA: '40.00' })
    const refused = pay(number, '5.00', { allocations: [{ service: 'SE', amount: money('5.00') }] })
    await expect(refused).rejects.toThrow('SE owes 0.00')
  })
})

describe('taking a payment', () => {
  it('gives the numbers of the transaction and of the receipt, and posts cash against the receivables', async () => {
    const number = await owing({ WA: '30.00' })
    const taken = await pay(number, '20.00')
    expect(taken.receiptNumber).toMatch(/^\d+$/)
    const [newest] = await transactionsOf(town.app, number, 1)
    expect(newest).toMatchObject({
      id: taken.transactionId,
      type: 'Pmt',
      amount: '-20.00',
      description: 'Check 1187',
      runId: null,
    })
    const postings = await rows(
      town.db,
      sql`select g.number, p.amount::text from ledger.posting p join gl_account g on g.id = p.gl_account_id
      where p.transaction_id = ${taken.transactionId}::bigint order by p.line`,
    )
    expect(postings).toEqual([
      { number: '1200', amount: '-20.00' },
      { number: '1010', amount: '20.00' },
    ])
  })

  it('refuses: no such account or method, no GL account (named), a customer who is not to pay, a closed period', async () => {
    const number = await owing({ WA: '30.00' })
    await expect(pay('9999.01', '1.00')).rejects.toThrow(NotFound)
    await expect(pay(number, '1.00', { method: 'shells' })).rejects.toThrow('shells')
    await expect(pay(number, '10000000.00')).rejects.toThrow('at most 9999999.99')
    await expect(pay(number, '0.00')).rejects.toThrow('more than 0.00')
    await town.db.execute(sql`update setting set value = '' where name = 'cash_gl'`)
    await expect(pay(number, '1.00')).rejects.toMatchObject({ status: 422, detail: { cash_gl: expect.any(String) } })
    await town.db.execute(sql`update setting set value = '1010' where name = 'cash_gl'`)
    await town.db.execute(sql`update customer set do_not_accept_payments = true where number = ${number.split('.')[0]}`)
    await expect(pay(number, '1.00')).rejects.toThrow('Do Not Accept Any Payments')
    await town.db.execute(
      sql`update customer set do_not_accept_payments = false where number = ${number.split('.')[0]}`,
    )
    await town.db.execute(sql`select ledger.ensure_period('2010-06-30')`)
    await town.db.execute(sql`select ledger.close_period('2010-06-30', 0)`)
    await expect(pay(number, '1.00', { date: '2010-06-15' })).rejects.toThrow('closed')
    expect((await accountView(town.db, number, { today })).balance).toBe('30.00')
  })

  it('posts twenty equal requests once, also when each says where the money goes', async () => {
    const number = await owing({ WA: '50.00' })
    const allocations = [{ service: 'WA', amount: money('50.00') }]
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(number, '50.00', { allocations }, 'key-1')))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect((await transactionsOf(town.app, number)).filter((t) => t.type === 'Pmt')).toHaveLength(1)
    expect(await pay(number, '50.00', { allocations }, 'key-1')).toEqual(answers[0])
    await expect(pay(number, '51.00', {}, 'key-1')).rejects.toThrow(Conflict)
  })

  it('shows a changed allocation instead of posting it', async () => {
    const number = await owing({ WA: '50.00' })
    const { previewPayment: _, ...service } = await import('./service.ts')
    const shown = JSON.stringify(await previewPayment(town.app, number, { amount: money('60.00'), date: today }))
    await pay(number, '20.00')
    const input = { amount: money('60.00'), date: today, method: 'cash' }
    await expect(service.takePayment(who(), number, input, undefined, shown)).rejects.toThrow(service.Changed)
    expect((await accountView(town.db, number, { today })).balance).toBe('30.00')
  })
})
