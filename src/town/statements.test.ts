import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { makeStatement } from '../billing/statements/service.ts'
import { checkLedger } from '../ledger/check.ts'
import { money } from '../ledger/money.ts'
import { adjust } from '../payments/adjust.ts'
import { changeNsfFee, returnPayment } from '../payments/nsf.ts'
import { enterCheck, refund } from '../payments/refund.ts'
import { reverseTransaction } from '../payments/service.ts'
import { transferPayment } from '../payments/transfer.ts'
import { addPayment, removeUnposted } from '../payments/unposted.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { goRun, prepareRun } from '../runs/service.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'
import { readFolder } from '../testing/town-folder.ts'
import { exportTown } from './export.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'

let made: MovementTown
let elsewhere: TestTown
beforeAll(async () => {
  made = await movementTown()
  elsewhere = await freshTown()
})
afterAll(async () => {
  await made.town.drop()
  await elsewhere.drop()
})

const folder = () => mkdtempSync(path.join(tmpdir(), 'clerkwell-export-'))

/** Everything that the History tab posts and keeps. */
async function movedMoney(): Promise<string> {
  const who = made.who()
  const a = await made.owing({ WA: '40.00', SE: '20.00' }, '2011-02-28')
  const b = await made.owing({ WA: '50.00' })
  const paid = await made.pay(a, '60.00')
  const moved = await transferPayment(who, paid.transactionId, { to: b, reason: 'Wrong account' })
  await reverseTransaction(who, moved.transactionIds[0] ?? '', { reason: 'It was theirs' })
  await transferPayment(who, paid.transactionId, { to: b, reason: 'No, it was not' })
  const { transactionId } = await refund(who, b, { amount: money('5.00'), reason: 'Asked for', date: MOVEMENT_DAY })
  await enterCheck(who, transactionId, { checkNumber: '5501', checkDate: MOVEMENT_DAY, version: 0 })
  const check = await made.pay(a, '12.00')
  await returnPayment(who, check.transactionId, { method: 'check', reason: 'No funds', date: MOVEMENT_DAY })
  await changeNsfFee(who, check.transactionId, { fee: money('10.00'), reason: 'Council', date: MOVEMENT_DAY })
  const bill = (await transactionsOf(made.town.db, a)).find(({ type }) => type === 'Bill')
  const changes = [{ service: 'WA', change: money('-7.00') }]
  await adjust(who, bill?.id ?? '', { changes, reason: 'Leak', date: MOVEMENT_DAY })
  const { runId } = await addPayment(who, b, { amount: money('4.00'), date: MOVEMENT_DAY, method: 'cash' })
  const gone = await addPayment(who, b, { amount: money('1.00'), date: MOVEMENT_DAY, method: 'cash' })
  await removeUnposted(who, gone.entryId, 'Typed twice')
  const run = await prepareRun(made.town.db, RUN_KINDS, runId, MOVEMENT_DAY)
  await goRun(made.town.db, runId, run.previewHash ?? '', 0)
  await addPayment(who, b, { amount: money('2.00'), date: MOVEMENT_DAY, method: 'cash' })
  await makeStatement(who, a, { date: MOVEMENT_DAY, format: 'plain' }, 'one')
  return a
}

describe('statements and what the History tab posts', () => {
  it('travel in the town folder, the PDF too, and come back the same; the new town goes on with the numbers', async () => {
    const account = await movedMoney()
    const first = folder()
    await exportTown(made.town.db, first)
    const files = readFolder(first)
    expect(files['statements.csv']).toContain(`1,${account},2011-04-20`)
    expect(files['refund_checks.csv']).toContain(',5501,2011-04-20')
    expect(readdirSync(path.join(first, 'files/statements'))).toEqual(['1.pdf'])
    const result = await importTown(elsewhere.db, first, { actor: 0, today: MOVEMENT_DAY })
    if (!result.ok) throw new Error(result.faults.map(faultText).join('\n'))
    const second = folder()
    await exportTown(elsewhere.db, second)
    expect(readFolder(second)).toEqual(files)
    expect((await checkLedger(elsewhere.db)).filter(({ faults }) => faults > 0)).toEqual([])
    const next = await makeStatement(
      made.who(true, elsewhere.db),
      account,
      { date: MOVEMENT_DAY, format: 'plain' },
      'two',
    )
    expect(next).toMatchObject({ number: '2', charges: '0.00' })
    expect((await made.balance(account)).toString()).toBe(next.amount)
  })
})
