import { sql } from 'drizzle-orm'
import { addRow, changeRow } from '../customers/rows.ts'
import { type Db, one } from '../db/db.ts'
import { deferredParticipation } from '../db/tables/auto-payment.ts'
import { Forbidden, NotFound } from '../errors.ts'
import type { Context } from '../web/context.ts'
import { takesPart } from './rules.ts'
import { type Offered, offeredTo } from './tab.ts'

/** The charges in use with what the customer chose. */
export async function offeredFor(db: Db, customerId: number): Promise<Offered[]> {
  const found = await one<{ offered: Offered[] }>(db, sql`select ${offeredTo(sql`${customerId}`)} as offered`)
  return found?.offered ?? []
}

/** Whether the organization has deferred charges at all. */
export async function refuseSwitchedOff(db: Db): Promise<void> {
  const found = await one<{ on: boolean }>(
    db,
    sql`select coalesce((select value = 'yes' from setting where name = 'deferred_charges'), false) as on`,
  )
  if (!found?.on) throw new NotFound('page')
}

/** Keeps which charges the customer takes part in, by the charge's id; those that stay as they are are not touched. */
export async function saveParticipation(
  { db, actor, may }: Pick<Context, 'db' | 'actor' | 'may'>,
  customerId: number,
  wanted: ReadonlyMap<number, boolean>,
): Promise<void> {
  if (!may('customers.edit')) throw new Forbidden('customers.edit')
  const offered = await offeredFor(db, customerId)
  await db.transaction(async (tx) => {
    for (const { id, signup, chosen, version, participation } of offered) {
      const part = wanted.get(id)
      if (part === undefined || part === takesPart(signup, chosen)) continue
      if (participation !== null && version !== null) {
        await changeRow(tx, deferredParticipation, { id: participation, version }, { takesPart: part }, actor.id, {})
      } else {
        await addRow(tx, deferredParticipation, { customerId, deferredChargeId: id, takesPart: part }, actor.id, {})
      }
    }
  })
}
