import { type SQL, sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { cosigner } from '../db/tables/setup.ts'
import { Refused } from '../errors.ts'
import { addRow, changeRow } from './rows.ts'

/** Stands for a cosigner who is a private customer: shown to nobody who may not see one, and kept as it is. */
const NOT_SHOWN = 'not shown'

/** The number of a customer's cosigner as text in SQL; '' = none. `customer` is the customer's id. */
export const cosignerNumber = (customer: SQL): SQL =>
  sql`coalesce((select coalesce(k.number, ${NOT_SHOWN}::text) from cosigner g left join customer k on k.id = g.cosigner_customer_id
    where g.customer_id = ${customer}), '')`

const say = (sentence: string) => new Refused('cosigner', sentence, { cosigner: sentence })

/**
 * Who shares responsibility for a customer's accounts [003-024]: another customer, by number; empty = nobody. Refuses the
 * customer itself and a number that nobody has.
 */
export async function keepCosigner(db: Db, customerId: number, typed: string, by: number): Promise<void> {
  if (typed === NOT_SHOWN) return
  const now = await one<{ id: number; version: number; other: number }>(
    db,
    sql`select id, version, cosigner_customer_id as other from cosigner where customer_id = ${customerId}`,
  )
  if (typed === '') return now && dropCosigner(db, customerId, by)
  const found = await one<{ id: number }>(db, sql`select id from customer where number = ${typed}`)
  if (!found) throw say(`There is no customer ${typed}.`)
  if (found.id === customerId) throw say('The cosigner is somebody else.')
  if (now?.other === found.id) return
  const values = { cosignerCustomerId: found.id }
  if (now) await changeRow(db, cosigner, now, values, by, {})
  else await addRow(db, cosigner, { customerId, ...values }, by, {})
}

/** Who takes it away is written first, for the audit. */
export async function dropCosigner(db: Db, customerId: number, by: number): Promise<void> {
  await db.execute(sql`update cosigner set changed_by = ${by} where customer_id = ${customerId}`)
  await db.execute(sql`delete from cosigner where customer_id = ${customerId}`)
}
