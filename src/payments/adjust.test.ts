import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { Refused } from '../errors.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { adjust, changeBill, chargeNamed, previewBill } from './adjust.ts'
import { returnPayment } from './nsf.ts'
import { refund, refundableOf } from './refund.ts'
import { reverseTransaction } from './service.ts'
import { transferPayment } from './transfer.ts'

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

describe('Refund', () => {
  it('001-385: gives back only credit, once for each request, and the credit is gone', async () => {
    const number = await owing({ SE: '15.00' })
    await pay(number, '55.00')
    expect((await refundableOf(who(), number)).toFixed(2)).toBe('40.00')
    const give = (amount: string, key?: string) =>
      refund(who(), number, { amount: money(amount), reason: 'Moved away', date: today }, key)
    await expect(give('40.01')).rejects.toMatchObject({ code: 'above_credit' })
    await expect(give('0.00')).rejects.toThrow(Refused)
    const given = await give('40.00', 'r1')
    expect(await give('40.00', 'r1')).toEqual(given)
    expect(await balance(number)).toBe('0.00')
    await expect(give('0.01')).rejects.toMatchObject({ code: 'above_credit' })
    await reverseTransaction(who(), given.transactionId, { reason: 'Check not cashed' })
    expect(await balance(number)).toBe('-40.00')
  })
})

describe('Adjust', () => {
  it('001-379: a posted charge goes down or up against adjustments, at most to nothing', async () => {
    const number = await owing({ WA: '40.00' }, '2011-02-28')
    const [bill] = await transactionsOf(town.app, number)
    const by = (change: string, key?: string) =>
      adjust(
        who(),
        bill?.id ?? '',
        { changes: [{ service: 'WA', change: money(change) }], reason: 'Leak', date: today },
        key,
      )
    const first = await by('-15.00', 'a1')
    expect(await by('-15.00', 'a1')).toEqual(first)
    expect(await balance(number)).toBe('25.00')
    await expect(by('-25.01')).rejects.toMatchObject({ code: 'below_zero' })
    await by('5.00')
    expect(await periods(number)).toEqual(['WA 2011-04-30 5.00', 'WA 2011-02-28 25.00'])
    await reverseTransaction(who(), first.transactionId, { reason: 'Not a leak' })
    expect(await balance(number)).toBe('45.00')
    await expect(by('-45.01')).rejects.toMatchObject({ code: 'below_zero' })
  })

  it("a charge that took up the account's own open credit is still as much as was charged", async () => {
    const feeOf = async (fee: string) => {
      const number = await owing({})
      await made.lists({ overpayment: [] })
      await pay(number, '30.00')
      const back = await pay(number, '5.00')
      await made.lists({ overpayment: ['WA'] })
      const nsf = { method: 'check', reason: 'No funds', date: today, fee: money(fee) }
      const { feeTransactionId } = await returnPayment(who(), back.transactionId, nsf)
      return { number, fee: feeTransactionId ?? '' }
    }
    const [part, covered] = [await feeOf('40.00'), await feeOf('10.00')]
    expect([await balance(part.number), await balance(covered.number)]).toEqual(['10.00', '-20.00'])
    const takenOff = async (fee: string, amount: string) => {
      const { lines } = await chargeNamed(who(), fee)
      const changes = [{ service: 'NS', change: money(amount) }]
      await adjust(who(), fee, { changes, reason: 'The bank erred', date: today })
      return lines.map((line) => `${line.service} ${line.charged.toFixed(2)} ${line.paid}`)
    }
    expect(await takenOff(part.fee, '-40.00')).toEqual(['NS 40.00 true'])
    expect(await takenOff(covered.fee, '-10.00')).toEqual(['NS 10.00 true'])
    expect([await balance(part.number), await balance(covered.number)]).toEqual(['-30.00', '-30.00'])
    await adjust(who(), part.fee, { changes: [{ service: 'NS', change: money('5.00') }], reason: 'x', date: today })
    expect((await chargeNamed(who(), part.fee)).lines.map(({ adjusted }) => adjusted.toFixed(2))).toEqual(['-35.00'])
  })
})

describe('Adjust Bill', () => {
  it('001-378: water 10.00 less carries 8.00 to sewer and 0.50 to tax, over all transactions of the bill', async () => {
    const number = await owing({ WA: '40.00', SE: '32.00' })
    await made.withRates(number)
    await aCharge(town.db, number, '2011-03-31', { TX: '2.00' })
    const bill = (await transactionsOf(town.app, number)).find(({ lines }) =>
      lines.some(({ service }) => service === 'WA'),
    )
    const amounts = [{ service: 'WA', amount: money('30.00') }]
    const { decided } = await previewBill(who(), bill?.id ?? '', amounts)
    expect(decided.carried.map(({ service, change }) => `${service} ${change.toFixed(2)}`)).toEqual([
      'SE -8.00',
      'TX -0.50',
    ])
    await changeBill(who(), bill?.id ?? '', { amounts, reason: 'Misread', date: today })
    expect(await periods(number)).toEqual(['WA 2011-03-31 30.00', 'SE 2011-03-31 24.00', 'TX 2011-03-31 1.50'])
    const again = await previewBill(who(), bill?.id ?? '', [{ service: 'WA', amount: money('29.00') }])
    expect(again.charge.lines.map(({ adjusted }) => adjusted.toFixed(2))).toEqual(['-10.00', '-8.00', '-0.50'])
  })

  it('001-377: a part on which a payment is posted is locked until the payment is reversed', async () => {
    const number = await owing({ WA: '40.00', SE: '32.00' })
    const [bill] = await transactionsOf(town.app, number)
    const paid = await pay(number, '40.00', { allocations: [{ service: 'WA', amount: money('40.00') }] })
    const change = (service: string) =>
      changeBill(who(), bill?.id ?? '', { amounts: [{ service, amount: money('20.00') }], reason: 'x', date: today })
    await expect(change('WA')).rejects.toMatchObject({ code: 'bill_line_paid' })
    await change('SE')
    expect(await balance(number)).toBe('20.00')
    await reverseTransaction(who(), paid.transactionId, { reason: 'x' })
    await change('WA')
    expect(await balance(number)).toBe('40.00')
  })

  it('001-377: a payment that was moved away locks nothing there, and locks where it went', async () => {
    const from = await owing({ WA: '40.00' })
    const to = await owing({ WA: '40.00' })
    const paid = await pay(from, '10.00')
    await transferPayment(who(), paid.transactionId, { to, reason: 'Wrong account' })
    const locked = async (number: string) => {
      const bill = (await transactionsOf(town.app, number)).find(({ type }) => type === 'Bill')
      return (await chargeNamed(who(), bill?.id ?? '')).lines.map((line) => line.paid)
    }
    expect([await locked(from), await locked(to)]).toEqual([[false], [true]])
  })
})
