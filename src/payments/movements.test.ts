import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { one } from '../db/db.ts'
import { Conflict, Forbidden, NotFound } from '../errors.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { adjust, changeBill } from './adjust.ts'
import { changeNsfFee, returnPayment } from './nsf.ts'
import { reverseTransaction } from './service.ts'
import { transferPayment } from './transfer.ts'
import { addAdjustment, changeAdjustment } from './unposted.ts'

const today = MOVEMENT_DAY
let made: MovementTown
let town: MovementTown['town']
const who: MovementTown['who'] = (...args) => made.who(...args)
const owing: MovementTown['owing'] = (...args) => made.owing(...args)
const pay: MovementTown['pay'] = (...args) => made.pay(...args)
const balance: MovementTown['balance'] = (...args) => made.balance(...args)
const periods: MovementTown['periods'] = (...args) => made.periods(...args)

beforeAll(async () => {
  made = await movementTown()
  town = made.town
})
afterEach(async () => {
  expect((await checkLedger(town.db)).filter(({ faults }) => faults > 0)).toEqual([])
})
afterAll(() => town.drop())

describe('NSF', () => {
  it('reopens the same buckets and charges the fee of its own: 60.00 back with 30.00 is 90.00 more', async () => {
    const number = await owing({ WA: '40.00', SE: '20.00' }, '2011-02-28')
    const paid = await pay(number, '60.00')
    expect(await balance(number)).toBe('0.00')
    const returned = await returnPayment(
      who(),
      paid.transactionId,
      { method: 'check', reason: 'No funds', date: today },
      'n1',
    )
    expect(await balance(number)).toBe('90.00')
    expect(await periods(number)).toEqual(['WA 2011-02-28 40.00', 'SE 2011-02-28 20.00', 'NS 2011-04-30 30.00'])
    const list = await transactionsOf(town.app, number)
    expect(list.find(({ id }) => id === returned.feeTransactionId)).toMatchObject({ type: 'Misc', amount: '30.00' })
    expect(list.find(({ id }) => id === returned.transactionId)).toMatchObject({
      type: 'NSF',
      reverses: paid.transactionId,
    })
    const input = { method: 'check', reason: 'No funds', date: today }
    expect(await returnPayment(who(), paid.transactionId, input, 'n1')).toEqual(returned)
    await expect(returnPayment(who(), paid.transactionId, input)).rejects.toThrow(Conflict)
  })

  it('refuses another method than the payment was made by, a role that may not, and what is no payment', async () => {
    const number = await owing({ WA: '40.00' })
    const paid = await pay(number, '10.00')
    const input = { method: 'cash', reason: 'x', date: today }
    await expect(returnPayment(who(), paid.transactionId, input)).rejects.toMatchObject({ code: 'other_method' })
    await expect(returnPayment(who(false), paid.transactionId, input)).rejects.toThrow(Forbidden)
    const [bill] = (await transactionsOf(town.app, number)).filter(({ type }) => type === 'Bill')
    await expect(returnPayment(who(), bill?.id ?? '', input)).rejects.toMatchObject({ code: 'not_a_payment' })
    expect(await balance(number)).toBe('30.00')
  })

  it('001-386: Edit NSF changes the fee: another amount, none, and one again', async () => {
    const number = await owing({ WA: '40.00' })
    const paid = await pay(number, '40.00')
    await returnPayment(who(), paid.transactionId, {
      method: 'check',
      reason: 'No funds',
      date: today,
      fee: money('25.00'),
    })
    expect(await balance(number)).toBe('65.00')
    const to = (fee: string) =>
      changeNsfFee(who(), paid.transactionId, { fee: money(fee), reason: 'Council', date: today })
    await to('10.00')
    expect(await balance(number)).toBe('50.00')
    expect((await to('0.00')).feeTransactionId).toBeNull()
    expect(await balance(number)).toBe('40.00')
    await expect(to('0.00')).rejects.toMatchObject({ code: 'nothing_changed' })
    await to('30.00')
    expect(await balance(number)).toBe('70.00')
  })

  it('takes credit up with the fee on the books as the return leaves them', async () => {
    const number = await owing({ WA: '40.00' })
    const first = await pay(number, '40.00')
    await pay(number, '12.00')
    await made.put('nsf_service', 'WA')
    await returnPayment(who(), first.transactionId, { method: 'check', reason: 'No funds', date: today })
    await made.put('nsf_service', 'NS')
    expect(await balance(number)).toBe('58.00')
  })
})

describe('Transfer Payment', () => {
  it("001-381: 60.00 from A to B: A's buckets reopen, B gets it by B's rules, cash stays", async () => {
    const a = await owing({ WA: '40.00', SE: '20.00' }, '2011-02-28')
    const b = await owing({ WA: '50.00' }, '2011-03-31')
    const paid = await pay(a, '60.00', { date: '2011-04-05' })
    const cash = () =>
      one<{ cash: string }>(
        town.db,
        sql`select sum(p.amount)::text as cash from ledger.posting p join gl_account g on g.id = p.gl_account_id where g.number = '1010'`,
      )
    const before = await cash()
    const { transactionIds } = await transferPayment(
      who(),
      paid.transactionId,
      { to: b, reason: 'Wrong account' },
      't1',
    )
    expect(await cash()).toEqual(before)
    expect([await balance(a), await balance(b)]).toEqual(['60.00', '-10.00'])
    expect(await periods(a)).toEqual(['WA 2011-02-28 40.00', 'SE 2011-02-28 20.00'])
    const [out] = await transactionsOf(town.app, a, 1)
    expect(out).toMatchObject({ id: transactionIds[0], type: 'Xfer', date: '2011-04-05', amount: '60.00' })
    expect((await transactionsOf(town.app, b, 1))[0]).toMatchObject({
      id: transactionIds[1],
      type: 'Xfer',
      amount: '-60.00',
    })
    const again = await transferPayment(who(), paid.transactionId, { to: b, reason: 'Wrong account' }, 't1')
    expect(again.transactionIds).toEqual(transactionIds)
    await expect(transferPayment(who(), paid.transactionId, { to: b, reason: 'x' })).rejects.toThrow(Conflict)
    await expect(reverseTransaction(who(), paid.transactionId, { reason: 'x' })).rejects.toThrow('Reverse the transfer')
    const nsf = { method: 'check', reason: 'x', date: today }
    await expect(returnPayment(who(), paid.transactionId, nsf)).rejects.toThrow('Reverse the transfer')
  })

  it('both sides are reversed together, from either, and the payment can be moved again', async () => {
    const a = await owing({ WA: '30.00' })
    const b = await owing({ SE: '10.00' })
    const paid = await pay(a, '30.00')
    const first = await transferPayment(who(), paid.transactionId, { to: b, reason: 'x' })
    await reverseTransaction(who(), first.transactionIds[1] ?? '', { reason: 'Not theirs' })
    expect([await balance(a), await balance(b)]).toEqual(['0.00', '10.00'])
    await transferPayment(who(), paid.transactionId, { to: b, reason: 'x' })
    expect([await balance(a), await balance(b)]).toEqual(['30.00', '-20.00'])
  })

  it('takes back credit that a later bill of A took up', async () => {
    const a = await owing({ WA: '10.00' }, '2011-02-28')
    const b = await owing({ WA: '5.00' })
    const paid = await pay(a, '35.00', { date: '2011-03-02' })
    await aCharge(town.db, a, '2011-03-31', { WA: '40.00' })
    await transferPayment(who(), paid.transactionId, { to: b, reason: 'x' })
    expect(await periods(a)).toEqual(['WA 2011-03-31 40.00', 'WA 2011-02-28 10.00'])
  })

  it('an account that may not be seen answers as one that does not exist', async () => {
    const a = await owing({ WA: '30.00' })
    const hidden = await owing({ WA: '10.00' }, '2011-03-31', { customer: { public: false } })
    const paid = await pay(a, '30.00')
    const to = (number: string) => transferPayment(who(), paid.transactionId, { to: number, reason: 'x' })
    const refusals = await Promise.all([hidden, '999.99'].map((number) => to(number).catch((error: Error) => error)))
    expect(refusals.map((error) => (error as Error).message)).toEqual([
      `There is no account ${hidden}.`,
      'There is no account 999.99.',
    ])
    const mine = await transferPayment(who(true, town.db), paid.transactionId, { to: hidden, reason: 'x' })
    await expect(reverseTransaction(who(), mine.transactionIds[0] ?? '', { reason: 'x' })).rejects.toMatchObject({
      code: 'not_shown',
    })
    await expect(reverseTransaction(who(), mine.transactionIds[1] ?? '', { reason: 'x' })).rejects.toThrow(NotFound)
  })
})

describe('dates', () => {
  const [before, after] = ['2011-04-04', '2011-04-21']
  const refused = async (act: (date: string) => Promise<unknown>) => {
    await expect(act(before)).rejects.toMatchObject({ status: 422, detail: { date: expect.stringContaining('later') } })
    await expect(act(after)).rejects.toMatchObject({ status: 422, detail: { date: expect.stringContaining('ahead') } })
  }

  it('a payment is returned, reversed and moved not before its own date and not after today', async () => {
    const number = await owing({ WA: '40.00' })
    const other = await owing({ WA: '5.00' })
    const { transactionId: id } = await pay(number, '40.00', { date: '2011-04-05' })
    await refused((date) => reverseTransaction(who(), id, { reason: 'x', date }))
    await refused((date) => returnPayment(who(), id, { method: 'check', reason: 'x', date }))
    await refused((date) => transferPayment(who(), id, { to: other, reason: 'x', date }))
    const [out = ''] = (await transferPayment(who(), id, { to: other, reason: 'x' })).transactionIds
    await refused((date) => reverseTransaction(who(), out, { reason: 'x', date }))
    await reverseTransaction(who(), out, { reason: 'x', date: today })
    await returnPayment(who(), id, { method: 'check', reason: 'x', date: '2011-04-10' })
    const fee = (date: string, amount: string) => changeNsfFee(who(), id, { fee: money(amount), reason: 'x', date })
    await refused((date) => fee(date, '10.00'))
    await expect(fee('2011-04-09', '10.00')).rejects.toMatchObject({ code: 'date_before_original' })
    await fee('2011-04-10', '0.00')
    await expect(fee('2011-04-09', '10.00')).rejects.toMatchObject({ code: 'date_before_original' })
    expect(await balance(number)).toBe('40.00')
  })

  it('a charge is adjusted not before its own date and not after today, unposted too', async () => {
    const number = await owing({ WA: '40.00' }, '2011-04-05')
    const [bill] = await transactionsOf(town.app, number)
    const input = { changes: [{ service: 'WA', change: money('-1.00') }], reason: 'x' }
    const amounts = [{ service: 'WA', amount: money('39.00') }]
    await refused((date) => adjust(who(), bill?.id ?? '', { ...input, date }))
    await refused((date) => addAdjustment(who(), bill?.id ?? '', { ...input, date }))
    await refused((date) => changeBill(who(), bill?.id ?? '', { amounts, reason: 'x', date }))
    const { entryId } = await addAdjustment(who(), bill?.id ?? '', { ...input, date: '2011-04-05' })
    await refused((date) => changeAdjustment(who(), entryId, { ...input, date, version: 0 }))
    expect(await balance(number)).toBe('40.00')
  })
})
