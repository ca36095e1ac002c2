import { type SQL, sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { cosigner } from '../db/tables/setup.ts'
import { Refused } from '../errors.ts'
import { numberShown, ownerChange } from './owner-change.ts'
import { addRow, changeRow } from './rows.ts'

/** The number of a customer's cosigner as text in SQL; '' = none. `customer` is the customer's id. */
export const cosignerNumber = (customer: SQL): SQL =>
  sql`coalesce((select ${numberShown(sql`g.cosigner_customer_id`)} from cosigner g where g.customer_id = ${customer}), '')`

const say = (sentence: string) => new Refused('cosigner', sentence, { cosigner: sentence })

/**
 * Who shares responsibility for a customer's accounts [003-024]: another customer, by number; empty = nobody. Refuses the
 * customer itself, a number that nobody has, and to replace one who is not shown to the person who asks.
 */
export async function keepCosigner(db: Db, customerId: number, typed: string, by: number): Promise<void> {
  const now = await one<{ id: number; version: number; other: number }>(
    db,
    sql`select id, version, cosigner_customer_id as other from cosigner where customer_id = ${customerId}`,
  )
  const chosen = await ownerChange(db, typed, now?.other ?? null, { field: 'cosigner', noun: 'cosigner' })
  if (chosen === customerId) throw say('The cosigner is somebody else.')
  if (chosen === (now?.other ?? null)) return
  if (chosen === null) return dropCosigner(db, customerId, by)
  const values = { cosignerCustomerId: chosen }
  if (now) await changeRow(db, cosigner, now, values, by, {})
  else await addRow(db, cosigner, { customerId, ...values }, by, {})
}

/** Who takes it away is written first, for the audit. */
export async function dropCosigner(db: Db, customerId: number, by: number): Promise<void> {
  await db.execute(sql`update cosigner set changed_by = ${by} where customer_id = ${customerId}`)
  await db.execute(sql`delete from cosigner where customer_id = ${customerId}`)
}
