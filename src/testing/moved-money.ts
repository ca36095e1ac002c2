import { sql } from 'drizzle-orm'
import { makeStatement } from '../billing/statements/service.ts'
import { one } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import { refund } from '../payments/refund.ts'
import { takePayment } from '../payments/service.ts'
import { addAdjustment, addPayment } from '../payments/unposted.ts'
import type { TestTown } from './database.ts'

/**
 * What the History tab's forms need on an account: a credit with a refund, an open batch with a payment and an
 * adjustment, a statement, and e-mail for it. Answers pages that only these lead to.
 */
export async function movedMoney(town: TestTown, account: string, today: Day): Promise<string[]> {
  const who = {
    db: town.db,
    actor: { id: 0, name: 'system', role: 'administrator' as const, seesPrivate: true },
    today,
    may: () => true,
  }
  const cash = { date: today, method: 'cash' }
  const bill = await one<{ id: string }>(
    town.db,
    sql`select coalesce(t.number, t.id::text) as id from ledger.transaction t join account a on a.id = t.account_id
      where a.number = ${account} and t.type = 'Bill' order by t.id desc limit 1`,
  )
  const service = await one<{ code: string }>(
    town.db,
    sql`select s.code from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
      join service s on s.id = p.service_id and s.id <> 0 where coalesce(t.number, t.id::text) = ${bill?.id ?? ''} and p.subledger = 'utility' limit 1`,
  )
  await town.db.execute(
    sql`update customer set email_notices = true where id = (select customer_id from account where number = ${account})`,
  )
  await takePayment(who, account, { ...cash, amount: money('9000.00') })
  const given = await refund(who, account, { amount: money('10.00'), reason: 'Paid twice', date: today })
  const changes = [{ service: service?.code ?? '', change: money('-1.00') }]
  const adjustment = await addAdjustment(who, bill?.id ?? '', { changes, reason: 'Leak', date: today })
  const payment = await addPayment(who, account, { ...cash, amount: money('12.00') })
  const statement = await makeStatement(who, account, { date: today, format: 'plain' }, 'test')
  const base = `/accounts/${account}`
  return [
    `/panel/${account}/history`,
    `${base}/refunds/new`,
    `/payments/refunds/${given.transactionId}`,
    `/payments/batches/${payment.runId}`,
    `${base}/unposted/${adjustment.entryId}`,
    `${base}/unposted/${payment.entryId}/delete`,
    `${base}/statements/${statement.number}`,
    `${base}/statements/${statement.number}/duplicates`,
    `${base}/transactions/${bill?.id ?? ''}/statement-email`,
    `${base}/statements/${statement.number}/email`,
  ]
}
