import { sql } from 'drizzle-orm'
import { addNumbered, addRow, changeRow } from '../customers/rows.ts'
import { type Db, one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Context } from '../web/context.ts'
import { WHO } from './person.ts'
import type { Found, Place, RecordFrame } from './records.ts'

/**
 * The account of a number with its location and its customer, on tabs of the owner the owner. Absent and hidden answer
 * 404 alike.
 */
export async function placeOf(db: Db, number: string, tab: string): Promise<Place> {
  const found = await one<Omit<Place, 'number' | 'at'>>(
    db,
    sql`select a.id as "accountId", c.id as "customerId", a.location_id as "locationId"
      from account a join customer c on c.id = ${WHO[tab.startsWith('owner/') ? 'owner' : 'customer']} where a.number = ${number}`,
  )
  if (!found) throw new NotFound('account')
  return { ...found, number, at: `/panel/${encodeURIComponent(number)}/${tab}` }
}

/** Adds the row, or changes the one that is still at the version seen; gives its id. */
export async function storeRecord({ kind }: RecordFrame, ctx: Context, row: object, seen?: Found): Promise<number> {
  if (kind.store) return kind.store(ctx, row, seen)
  const sentences = kind.sentences ?? {}
  if (!seen && kind.numbered) return addNumbered(ctx.db, kind.numbered, kind.table, row, ctx.actor.id)
  if (!seen) return addRow(ctx.db, kind.table, row, ctx.actor.id, sentences)
  await changeRow(ctx.db, kind.table, seen, row, ctx.actor.id, sentences)
  return seen.id
}
