import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accountView, transactionsOf } from '../accounts/service.ts'
import { Conflict, Forbidden, NotFound, Refused } from '../errors.ts'
import { checkLedger, isClean } from '../ledger/check.ts'
import { aCharge, setLists } from '../testing/clerk-town.ts'
import type { TestTown } from '../testing/database.ts'
import { type PayingTown, payingTown } from '../testing/paying.ts'
import { reverseTransaction } from './service.ts'

let town: TestTown
let today: string
let who: PayingTown['who']
let owing: PayingTown['owing']
let pay: PayingTown['pay']

beforeAll(async () => {
  ;({ town, today, who, owing, pay } = await payingTown())
})
afterAll(() => town.drop())
beforeEach(() => setLists(town.db, { first: [], second: [], third: [], overpayment: ['WA'], exclude: [] }))

describe('reversing', () => {
  it('reopens its own buckets after a newer payment', async () => {
    const number = await owing({ WA: '60.00' }, '2011-02-28')
    await aCharge(town.db, number, '2011-03-31', { WA: '40.00' })
    const first = await pay(number, '60.00')
    await pay(number, '30.00')
    await reverseTransaction(who(), first.transactionId, { reason: 'Wrong account' })
    const { services, balance } = await accountView(town.db, number, { today })
    expect(balance).toBe('70.00')
    expect(services.find((s) => s.service === 'WA')?.periods).toEqual([
      { period: '2011-03-31', unpaid: '10.00' },
      { period: '2011-02-28', unpaid: '60.00' },
    ])
  })

  it('takes back open credit that a later bill took up', async () => {
    const number = await owing({ WA: '10.00' }, '2011-02-28')
    const paid = await pay(number, '35.00', { date: '2011-03-02' })
    await aCharge(town.db, number, '2011-03-31', { WA: '40.00' })
    expect((await accountView(town.db, number, { today })).balance).toBe('15.00')
    await reverseTransaction(who(), paid.transactionId, { reason: 'Returned', kind: 'NSF' })
    const { services, balance } = await accountView(town.db, number, { today })
    expect(balance).toBe('50.00')
    expect(services.find((s) => s.service === 'WA')?.periods).toEqual([
      { period: '2011-03-31', unpaid: '40.00' },
      { period: '2011-02-28', unpaid: '10.00' },
    ])
    const list = await transactionsOf(town.app, number)
    expect(list.find((t) => t.id === paid.transactionId)?.reversedBy).toBe(list.find((t) => t.type === 'NSF')?.id)
    expect(list.find((t) => t.description === 'Credit moved')?.amount).toBe('0.00')
  })

  it('refuses a second reversal (409), a reversal, an unknown transaction, no reason, and a role that may not', async () => {
    const number = await owing({ WA: '60.00' })
    const { transactionId } = await pay(number, '60.00')
    await expect(reverseTransaction(who(), transactionId, { reason: ' ' })).rejects.toThrow(Refused)
    await expect(reverseTransaction(who(false), transactionId, { reason: 'x' })).rejects.toThrow(Forbidden)
    const reversed = await reverseTransaction(who(), transactionId, { reason: 'Wrong' }, 'r1')
    expect(await reverseTransaction(who(), transactionId, { reason: 'Wrong' }, 'r1')).toEqual(reversed)
    await expect(reverseTransaction(who(), transactionId, { reason: 'Wrong' })).rejects.toThrow(Conflict)
    await expect(reverseTransaction(who(), reversed.transactionId, { reason: 'x' })).rejects.toThrow(Refused)
    await expect(reverseTransaction(who(), '99999999', { reason: 'x' })).rejects.toThrow(NotFound)
  })

  it('leaves the ledger whole', async () => {
    const checks = await checkLedger(town.db)
    expect(checks.filter((check) => check.faults > 0)).toEqual([])
    expect(isClean(checks)).toBe(true)
  })
})
