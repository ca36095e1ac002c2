import { type SQL, sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Refused } from '../errors.ts'

/** Stands in a form for a private customer, who is shown to nobody who may not see one, and who is kept as they are. */
export const NOT_SHOWN = 'not shown'

/** Condition: `id` names a customer whom the person who asks may not see. */
export const isHidden = (id: SQL): SQL =>
  sql`(${id} is not null and not exists (select from customer h where h.id = ${id}))`

/** The number of the customer `id` as a form shows it: '' = none, `NOT_SHOWN` = one who may not be seen. */
export const numberShown = (id: SQL): SQL =>
  sql`case when ${id} is null then '' else coalesce((select h.number from customer h where h.id = ${id}), ${NOT_SHOWN}::text) end`

interface At {
  field: string
  /** What the customer is here, as in 'owner'. */
  noun: string
}

/** Refuses, beside its field, to replace somebody who is not shown to the person who asks. */
export async function refuseHidden(db: Db, current: number | null, { field, noun }: At): Promise<void> {
  if (current === null) return
  const row = await one<{ hidden: boolean }>(db, sql`select ${isHidden(sql`${current}::int`)} as hidden`)
  if (!row?.hidden) return
  const sentence = `The ${noun} is not shown to you and stays. Somebody who may see private customers can change it.`
  throw new Refused('not_shown', sentence, { [field]: sentence })
}

/**
 * Whom a typed customer number makes owner, landlord or cosigner: the customer's id, null = nobody. `NOT_SHOWN` and an
 * unchanged number keep `current`, the id on file now. Refuses, beside its field, a number that nobody has, and to replace
 * somebody who is not shown to the person who asks.
 */
export async function ownerChange(db: Db, typed: string, current: number | null, at: At): Promise<number | null> {
  if (typed === NOT_SHOWN && current !== null) return current
  await refuseHidden(db, current, at)
  if (typed === '') return null
  const found = await one<{ id: number }>(db, sql`select id from customer where number = ${typed}`)
  if (found) return found.id
  const sentence = `There is no customer ${typed}.`
  throw new Refused('no_such_customer', sentence, { [at.field]: sentence })
}
