import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { deferredCharge } from '../db/tables/auto-payment.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { addPayment } from '../payments/unposted.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { reverseRun } from '../runs/reverse.ts'
import { goRun, prepareRun } from '../runs/service.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown

beforeAll(async () => {
  made = await movementTown()
  await made.put('counter_posting', 'batch')
  await made.put('deferred_charges', 'yes')
  const signup = { signup: 'opt_out', useFixed: true, active: true }
  await made.town.db.insert(deferredCharge).values([
    { code: 'EACH', name: 'Trees', ...signup, fixed: '2.00', trigger: 'payment', sort: 1 },
    { code: 'OVER', name: 'Donation', ...signup, fixed: '3.00', trigger: 'overpayment', sort: 2 },
  ])
})
afterAll(async () => {
  expect((await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)).toEqual([])
  await made.town.drop()
})

it('a batch brings each charge once, with the first payment that meets it, and takes them back with it (D5)', async () => {
  const account = await made.owing({ WA: '40.00' })
  const enter = (amount: string) =>
    addPayment(made.who(), account, { amount: money(amount), date: MOVEMENT_DAY, method: 'cash' })
  const { runId } = await enter('20.00')
  expect(await enter('30.00')).toMatchObject({ balanceAfter: '12.00' })
  const { previewHash } = await prepareRun(made.town.db, RUN_KINDS, runId, MOVEMENT_DAY)
  await goRun(made.town.db, runId, previewHash ?? '', 0)
  const posted = await rows<{ type: string; description: string; receipt: boolean; link: boolean }>(
    made.town.db,
    sql`select type, description, receipt is not null as receipt, link is not null as link from ledger.transaction where run_id = ${runId} order by id`,
  )
  expect(posted).toEqual([
    { type: 'Pmt', description: 'Cash', receipt: true, link: true },
    { type: 'Misc', description: 'Trees', receipt: false, link: true },
    { type: 'Pmt', description: 'Cash', receipt: true, link: true },
    { type: 'Misc', description: 'Donation', receipt: false, link: true },
  ])
  expect(await made.balance(account)).toBe('-5.00')
  const order = { runId, actor: 0, reason: 'Wrong day', today: MOVEMENT_DAY, includeDependents: false }
  await reverseRun(made.town.db, RUN_KINDS, order as never)
  expect(await made.balance(account)).toBe('40.00')
})

it('a transfer of a payment brings no deferred charge', async () => {
  await made.put('counter_posting', 'at_once')
  const [from, to] = [await made.owing({ WA: '10.00' }), await made.owing({ WA: '10.00' })]
  const { transactionId } = await made.pay(from, '12.00')
  const { transferPayment } = await import('../payments/transfer.ts')
  await transferPayment(made.who(), transactionId, { to, reason: 'Wrong account' })
  expect(await made.balance(to)).toBe('-2.00')
  expect(await made.balance(from)).toBe('12.00')
})
