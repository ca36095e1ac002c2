import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { rows } from '../db/db.ts'
import { deferredCharge } from '../db/tables/auto-payment.ts'
import { Refused } from '../errors.ts'
import { money } from '../ledger/money.ts'
import { adjust } from '../payments/adjust.ts'
import { takePayment } from '../payments/service.ts'
import { addAdjustment, addPayment } from '../payments/unposted.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { goRun, prepareRun } from '../runs/service.ts'
import { aCharge } from './clerk-town.ts'
import { MOVEMENT_DAY, type MovementTown } from './movement-town.ts'

type Amounts = Record<string, string>
export type Bill = { date: string; amounts: Amounts }
type Paid = { pay: string; date?: string; byHand?: Amounts }
/** `adjust` = which of the bills, by its place. */
type Adjusted = { adjust: number; by: Amounts; date?: string }
export type Step = Paid | Adjusted

export interface Case {
  /** Posted before, on both accounts. */
  bills: Bill[]
  paid?: Paid[]
  settings?: Record<string, string>
  lists?: Parameters<MovementTown['lists']>[0]
  deferred?: (typeof deferredCharge.$inferInsert)[]
  steps: Step[]
}

const shares = (amounts: Amounts) =>
  Object.entries(amounts).map(([service, amount]) => ({ service, amount: money(amount) }))
const changes = (by: Amounts) => Object.entries(by).map(([service, change]) => ({ service, change: money(change) }))
const payment = ({ pay, date = MOVEMENT_DAY, byHand }: Paid) => ({
  ...{ amount: money(pay), date, method: 'cash', allocations: byHand && shares(byHand) },
})
const adjustment = ({ by, date = MOVEMENT_DAY }: Adjusted) => ({ changes: changes(by), reason: 'Misread', date })

/** An account with its bills and what was paid before; gives its number and those of its bills. */
async function account(made: MovementTown, { bills, paid = [] }: Case) {
  const number = await made.owing({})
  const of: string[] = []
  for (const { date, amounts } of bills) of.push(await aCharge(made.town.db, number, date, amounts))
  for (const each of paid) await takePayment(made.who(), number, payment(each))
  return { number, of }
}

/** Posts each at once; gives those that were accepted, for the others would be refused in a batch as well. */
async function oneByOne(made: MovementTown, given: Case) {
  const { number, of } = await account(made, given)
  const accepted: Step[] = []
  for (const step of given.steps) {
    try {
      if ('pay' in step) await takePayment(made.who(), number, payment(step))
      else await adjust(made.who(), of[step.adjust] ?? '', adjustment(step))
      accepted.push(step)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  return { number, accepted }
}

async function inABatch(made: MovementTown, given: Case): Promise<string> {
  const { number, of } = await account(made, given)
  let run = 0
  for (const step of given.steps) {
    const entered =
      'pay' in step
        ? await addPayment(made.who(), number, payment(step))
        : await addAdjustment(made.who(), of[step.adjust] ?? '', adjustment(step))
    run = entered.runId
  }
  const { previewHash } = await prepareRun(made.town.db, RUN_KINDS, run, MOVEMENT_DAY)
  await goRun(made.town.db, run, previewHash ?? '', 0)
  return number
}

/** All that was posted to an account since its first bills, with what each rule kept; numbers and keys left out. */
const postedTo = (made: MovementTown, number: string) =>
  rows(
    made.town.db,
    sql`select t.type, t.transaction_date::text as date, t.period::text, t.description, t.method, t.due_date,
        t.facts->'payment' as payment, (t.facts->'adjustment') - 'of' as adjustment, (t.facts->'deferred') - 'statement' as deferred,
        (select jsonb_agg(jsonb_build_array(p.subledger, g.number, s.code, p.aging_period, p.amount::text) order by p.line)
          from ledger.posting p join gl_account g on g.id = p.gl_account_id left join service s on s.id = p.service_id
          where p.period = t.period and p.transaction_id = t.id) as lines
      from ledger.transaction t join account a on a.id = t.account_id where a.number = ${number} order by t.id`,
  )

async function set(made: MovementTown, { settings = {}, lists = {}, deferred = [] }: Case): Promise<void> {
  const initial = { pay_past_due_first: 'no', overpayment_method: 'listed', due_days: '20' }
  const all = { ...initial, ...settings, deferred_charges: deferred.length > 0 ? 'yes' : 'no' }
  for (const [name, value] of Object.entries(all)) await made.put(name, value)
  await made.lists({ first: [], second: [], third: [], overpayment: ['WA'], exclude: [], ...lists })
  await made.town.db.execute(sql`delete from deferred_charge`)
  if (deferred.length > 0) await made.town.db.insert(deferredCharge).values(deferred)
}

/** The same money twice: at once, and in a batch. Gives what is unpaid in the end. */
export async function twice(made: MovementTown, given: Case): Promise<string[]> {
  await set(made, given)
  const single = await oneByOne(made, given)
  const batch = await inABatch(made, { ...given, steps: single.accepted })
  expect(await postedTo(made, batch)).toEqual(await postedTo(made, single.number))
  const left = await made.periods(batch)
  expect(left).toEqual(await made.periods(single.number))
  return left
}
