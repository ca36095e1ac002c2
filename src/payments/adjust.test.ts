import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { Refused } from '../errors.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { adjust, changeBill, previewBill } from './adjust.ts'
import { refund, refundableOf } from './refund.ts'
import { reverseTransaction } from './service.ts'

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
})
