import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { reverse } from '../ledger/reverse.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import type { Preparing } from '../runs/kind.ts'
import { goRun, prepareRun } from '../runs/service.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { paymentBatch } from './batch.ts'
import { addAdjustment, addPayment } from './unposted.ts'

let made: MovementTown

beforeAll(async () => {
  made = await movementTown()
})
afterAll(async () => {
  expect((await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)).toEqual([])
  await made.town.drop()
})

const enter = (account: string, amount: string, more: object = {}, key?: string) =>
  addPayment(made.who(), account, { amount: money(amount), date: MOVEMENT_DAY, method: 'cash', ...more }, key)
const go = async (runId: number) => {
  const { previewHash } = await prepareRun(made.town.db, RUN_KINDS, runId, MOVEMENT_DAY)
  return goRun(made.town.db, runId, previewHash ?? '', 0)
}

it('the same request gets its first answer, whatever became of the account since', async () => {
  const account = await made.owing({ WA: '40.00' })
  const first = await enter(account, '40.00', {}, 'r1')
  expect(first.balanceAfter).toBe('0.00')
  const [bill] = await transactionsOf(made.town.db, account)
  const adjusting = () => {
    const changes = [{ service: 'WA', change: money('-1.00') }]
    return addAdjustment(made.who(), bill?.id ?? '', { changes, reason: 'x', date: MOVEMENT_DAY }, 'r2')
  }
  const adjusted = await adjusting()
  await go(first.runId)
  expect(await enter(account, '40.00', {}, 'r1')).toEqual(first)
  await reverse(made.town.db, { number: bill?.id ?? '', kind: 'Rev', reason: 'x', actor: 0, today: MOVEMENT_DAY })
  expect(await adjusting()).toEqual(adjusted)
  await made.town.db.execute(sql`update customer set do_not_accept_payments = true
    where id = (select customer_id from account where number = ${account})`)
  expect(await enter(account, '40.00', {}, 'r1')).toEqual(first)
  await expect(enter(account, '41.00', {}, 'r1')).rejects.toThrow('This key was used for another request.')
  await expect(enter(account, '40.00', {}, 'r3')).rejects.toMatchObject({ code: 'no_payments' })
})

it('reads all its accounts at once: as many statements for one row as for many', async () => {
  const asked = async (accounts: number) => {
    let run = 0
    for (const number of await Promise.all(Array.from({ length: accounts }, () => made.owing({ WA: '9.00' })))) {
      const [bill] = await transactionsOf(made.town.db, number)
      const changes = [{ service: 'WA', change: money('-1.00') }]
      await enter(number, '2.00')
      await enter(number, '3.00')
      run = (await addAdjustment(made.who(), bill?.id ?? '', { changes, reason: 'x', date: MOVEMENT_DAY })).runId
    }
    let statements = 0
    const db = new Proxy(made.town.db, {
      get: (target, name) => {
        if (name === 'execute') statements += 1
        return Reflect.get(target, name)
      },
    })
    const stage = { transaction: () => {}, account: () => {} } as unknown as Preparing['stage']
    const preparing = { db, runId: run, actor: 0, today: MOVEMENT_DAY, selected: undefined, stage }
    await paymentBatch.prepare({ ...preparing, progress: async () => {} }, {})
    await go(run)
    return statements
  }
  const one = await asked(1)
  expect(one).toBeLessThan(6)
  expect(await asked(4)).toBe(one)
})
