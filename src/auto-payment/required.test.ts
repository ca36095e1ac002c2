import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeStatement } from '../billing/statements/service.ts'
import { text } from '../ledger/money.ts'
import { reverse } from '../ledger/reverse.ts'
import { transferPayment } from '../payments/transfer.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { draftAmount } from './rules.ts'
import { draftFacts } from './service.ts'

let made: MovementTown

beforeAll(async () => {
  made = await movementTown()
})
afterAll(() => made.town.drop())

const required = async (account: string) => {
  const facts = await draftFacts(made.town.app, account, MOVEMENT_DAY)
  return text(draftAmount({ special: 'required', maximum: null, fixed: null }, facts).amount)
}
const statementOf = (account: string) =>
  makeStatement(made.who(), account, { date: MOVEMENT_DAY, format: 'plain' }, account)
const returned = (number: string) =>
  reverse(made.town.db, { number, kind: 'NSF', reason: 'No funds', actor: 0, today: MOVEMENT_DAY })

describe('Required Amount: what was paid since the statement', () => {
  it('is drafted less; returned again it counts no more', async () => {
    const account = await made.owing({ WA: '100.00' })
    await statementOf(account)
    const { transactionId } = await made.pay(account, '60.00')
    expect(await required(account)).toBe('40.00')
    await returned(transactionId)
    expect(await required(account)).toBe('100.00')
  })

  it('a payment made before the statement and returned after it is owed, but not on that statement', async () => {
    const account = await made.owing({ WA: '100.00' })
    const { transactionId } = await made.pay(account, '60.00')
    await statementOf(account)
    await returned(transactionId)
    expect(await made.balance(account)).toBe('100.00')
    expect(await required(account)).toBe('40.00')
  })

  it('a payment made before the statement and moved away after it neither; taken back, it is as it was', async () => {
    const [account, other] = [await made.owing({ WA: '100.00' }), await made.owing({ WA: '60.00' })]
    const { transactionId } = await made.pay(account, '60.00')
    await statementOf(account)
    await statementOf(other)
    const moved = await transferPayment(made.who(), transactionId, { to: other, reason: 'wrong account' })
    expect(await made.balance(account)).toBe('100.00')
    expect([await required(account), await required(other)]).toEqual(['40.00', '0.00'])
    await made.pay(account, '30.00')
    expect(await required(account)).toBe('10.00')
    const [out = ''] = moved.transactionIds
    await reverse(made.town.db, { number: out, kind: 'Rev', reason: 'right after all', actor: 0, today: MOVEMENT_DAY })
    expect([await required(account), await required(other)]).toEqual(['10.00', '60.00'])
  })
})
