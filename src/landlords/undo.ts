import { sql } from 'drizzle-orm'
import { changeRow, removeRow } from '../customers/rows.ts'
import type { Db } from '../db/db.ts'
import { account } from '../db/tables/customers.ts'
import { moveOut } from '../db/tables/setup.ts'
import { Conflict } from '../errors.ts'
import { beginEarlier, beginWaiting } from '../metering/beginning.ts'
import { demandRight, mustBeMovement, type Who } from '../payments/door.ts'
import { reverseTransaction } from '../payments/reversal.ts'
import { reversalNeeds } from '../payments/reversal-rules.ts'
import { mustBeMovedOut } from './move-out.ts'
import { mayUndo } from './rules.ts'
import type { LeavingRow, MoveOutRow } from './store.ts'

const SAYS = {
  occupied:
    'Somebody else is Current at the location. Where nothing was posted to that account, take its services off and delete it (Customers > Accounts); else final bill it.',
  read_begins:
    'Another account begins with the read that the final bill entered. Where nothing was posted to that account, undo its final bill, take its services off and delete it (Customers > Accounts).',
  posted_since: 'Something was posted to the account since. Reverse that first.',
}

/** Why somebody cannot undo a final bill, in words; undefined where they can. */
export function notUndone({ may }: Pick<Who, 'may'>, left: MoveOutRow): string | undefined {
  const answer = mayUndo(left)
  if (!answer.ok) return SAYS[answer.refusal as keyof typeof SAYS]
  if (left.application === null || may(reversalNeeds('DepApp'))) return undefined
  return 'The deposit that it applied is reversed with it: that is for somebody who may reverse payments.'
}

/**
 * Takes a final bill back: the deposit it applied is reversed, the account is Current again, its services connected, and
 * the reads it entered are taken out; who waits there begins with the read before. The statement stays, as every statement does. Refuses what `notUndone` says.
 */
export async function undoMoveOut(who: Who, number: string): Promise<void> {
  demandRight(who, 'customers.edit')
  const { row, left } = await mustBeMovedOut(who.db, number)
  const why = notUndone(who, left)
  if (why !== undefined) throw new Conflict(why)
  if (left.application !== null) await reverseOnce(who, left.application)
  await who.db.transaction((tx) => connectAgain(tx, row, left, who.actor.id))
}

/** The application may have been reversed by hand, or by an undo that broke off. What else stands in the way is said. */
async function reverseOnce(who: Who, transaction: string): Promise<void> {
  const { reversedBy } = await mustBeMovement(who, transaction)
  if (reversedBy === null) await reverseTransaction(who, transaction, { reason: 'Final bill undone' })
}

async function connectAgain(db: Db, row: LeavingRow, left: MoveOutRow, by: number): Promise<void> {
  const values = { activityStatus: 'Current', disconnectDate: null }
  await changeRow(db, account, { id: row.id, version: row.version }, values, by, {
    account_one_current: ['', SAYS.occupied],
  })
  await db.execute(sql`update account_service x set disconnect_date = null, changed_by = ${by}, version = x.version + 1
    from service s where s.id = x.service_id and x.account_id = ${row.id}
      and s.code in (select jsonb_array_elements_text(${JSON.stringify(left.services)}::jsonb))`)
  await beginEarlier(db, left.reads, by)
  const own = sql`(select r.id from reading r join meter m on m.id = r.meter_id
    join jsonb_to_recordset(${JSON.stringify(left.reads)}::jsonb) as w(meter text, date date) on w.meter = m.number and w.date = r.read_date)`
  // who takes it out is written first, for the audit
  await db.execute(sql`update reading set changed_by = ${by} where id in ${own}`)
  await db.execute(sql`delete from reading where id in ${own}`)
  await beginWaiting(db, row.locationId, by)
  await removeRow(db, moveOut, left, by, 'The final bill is used.')
}
