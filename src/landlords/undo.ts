import { sql } from 'drizzle-orm'
import { changeRow } from '../customers/rows.ts'
import type { Db } from '../db/db.ts'
import { account } from '../db/tables/customers.ts'
import { moveOut } from '../db/tables/setup.ts'
import { Conflict, Forbidden } from '../errors.ts'
import { reverseTransaction } from '../payments/reversal.ts'
import { mustBeMovedOut, type Who } from './move-out.ts'
import { mayUndo } from './rules.ts'
import type { LeavingRow, MoveOutRow } from './store.ts'

const SAYS: Record<string, string> = {
  occupied: 'Somebody else is Current at the location. That account is to be moved out or deleted first.',
  posted_since: 'Something was posted to the account since. Reverse that first.',
}

/**
 * Takes a final bill back: the deposit it applied is reversed, the account is Current again, its services connected, and
 * the reads it entered are taken out. The statement stays, as every statement does. Refuses what `mayUndo` refuses.
 */
export async function undoMoveOut(who: Who, number: string): Promise<void> {
  if (!who.may('customers.edit')) throw new Forbidden('customers.edit')
  const { row, left } = await mustBeMovedOut(who.db, number)
  const answer = mayUndo(left)
  if (!answer.ok) throw new Conflict(SAYS[answer.refusal] ?? answer.refusal)
  if (left.application !== null) await reverseOnce(who, left.application)
  await who.db.transaction((tx) => connectAgain(tx as unknown as Db, row, left, who.actor.id))
}

/** The application may have been reversed by hand, or by an undo that broke off. */
async function reverseOnce(who: Who, transaction: string): Promise<void> {
  try {
    await reverseTransaction(who, transaction, { reason: 'Final bill undone' })
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
  }
}

async function connectAgain(db: Db, row: LeavingRow, left: MoveOutRow, by: number): Promise<void> {
  const values = { activityStatus: 'Current', disconnectDate: null }
  await changeRow(db, account, { id: row.id, version: row.version }, values, by, {})
  await db.execute(sql`update account_service x set disconnect_date = null, changed_by = ${by}, version = x.version + 1
    from service s where s.id = x.service_id and x.account_id = ${row.id}
      and s.code in (select jsonb_array_elements_text(${JSON.stringify(left.services)}::jsonb))`)
  const own = sql`(select r.id from reading r join meter m on m.id = r.meter_id
    join jsonb_to_recordset(${JSON.stringify(left.reads)}::jsonb) as w(meter text, date date) on w.meter = m.number and w.date = r.read_date)`
  // who takes it out is written first, for the audit
  await db.execute(sql`update reading set changed_by = ${by} where id in ${own}`)
  await db.execute(sql`delete from reading where id in ${own}`)
  await changeRow(db, moveOut, { id: left.id, version: left.version }, {}, by, {})
  await db.execute(sql`delete from move_out where id = ${left.id}`)
}
