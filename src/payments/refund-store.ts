import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { named } from './movement-store.ts'

export interface RefundRow {
  id: string
  account: string
  accountId: number
  name: string
  date: Day
  amount: string
  reason: string
  checkNumber: string | null
  checkDate: Day | null
  version: number
}

const REFUNDS = sql`select coalesce(t.number, t.id::text) as id, a.number as account, a.id as "accountId", c.name, t.transaction_date as date,
    (select sum(p.amount)::text from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger in ('utility', 'deposit')) as amount,
    coalesce(t.facts->'refund'->>'reason', '') as reason, k.check_number as "checkNumber", k.check_date as "checkDate", coalesce(k.version, 0) as version
  from ledger.transaction t join account a on a.id = t.account_id join customer c on c.id = a.customer_id
  left join refund_check k on k.transaction = coalesce(t.number, t.id::text)
  where t.type in ('Ref', 'DepRef') and not exists (select from ledger.transaction v where v.reverses_id = t.id)`

/** The refund list, newest first: those that wait for their check, or all. `limit` null = every one. */
export const refundList = (db: Db, waiting: boolean, limit: number | null, offset: number): Promise<RefundRow[]> =>
  rows(
    db,
    sql`${REFUNDS} and ${waiting ? sql`k.transaction is null` : sql`true`}
      order by t.transaction_date desc, t.id desc limit ${limit}::int offset ${offset}`,
  )

export async function refundCount(db: Db, waiting: boolean): Promise<number> {
  const row = await one<{ n: number }>(
    db,
    sql`select count(*)::int as n from (${REFUNDS} and ${waiting ? sql`k.transaction is null` : sql`true`}) x`,
  )
  return row?.n ?? 0
}

export async function mustBeRefund(db: Db, number: string): Promise<RefundRow> {
  const found = await one<RefundRow>(db, sql`${REFUNDS} and ${named(number)}`)
  if (!found) throw new NotFound('refund')
  return found
}

export interface Check {
  checkNumber: string
  checkDate?: Day | undefined
  /** Version of the check as it was shown; 0 = there was none. */
  version: number
}

/** Enters the check of a refund or another one; an empty number takes it away. False when somebody else was quicker. */
export function storeCheck(db: Db, refund: RefundRow, check: Check, by: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { checkNumber, checkDate = null, version } = check
    const seen = sql`transaction = ${refund.id} and version = ${version}`
    if (version === 0 && checkNumber === '') return refund.version === 0
    if (version === 0) {
      const added = sql`insert into refund_check (transaction, account_id, check_number, check_date, changed_by)
        values (${refund.id}, ${refund.accountId}, ${checkNumber}, ${checkDate}::date, ${by}) on conflict do nothing returning 1`
      return (await rows(tx, added)).length === 1
    }
    // the audit row of a delete says who by the row itself
    const kept = checkNumber === '' ? sql`` : sql`, check_number = ${checkNumber}, check_date = ${checkDate}::date`
    const changed = await rows(
      tx,
      sql`update refund_check set version = version + 1, changed_by = ${by}${kept} where ${seen} returning 1`,
    )
    if (checkNumber === '')
      await tx.execute(sql`delete from refund_check where transaction = ${refund.id} and version = ${version + 1}`)
    return changed.length === 1
  })
}
