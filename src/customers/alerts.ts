import { sql } from 'drizzle-orm'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Context } from '../web/context.ts'

type Who = Pick<Context, 'db' | 'actor' | 'today'>

/** Adds an alert message; one that the customer has already is not added again (product.md 3.13). Says whether it was. */
export async function addAlert({ db, actor, today }: Who, customerNumber: string, text: string): Promise<boolean> {
  const customer = await one<{ id: number }>(db, sql`select id from customer where number = ${customerNumber}`)
  if (!customer) throw new NotFound('customer')
  const added = await one(
    db,
    sql`insert into customer_alert (customer_id, text, since, added_by, changed_by)
      select ${customer.id}, ${text}, ${today}, ${actor.id}, ${actor.id}
      where not exists (select from customer_alert where customer_id = ${customer.id} and text = ${text} and ended_at is null) returning id`,
  )
  return added !== undefined
}

/** Ends an alert message: it is no longer shown, and stays on record. */
export async function endAlert({ db, actor }: Who, customerNumber: string, id: number): Promise<void> {
  const ended = await one(
    db,
    sql`update customer_alert m set ended_at = now(), version = m.version + 1, changed_by = ${actor.id}
      from customer c where c.id = m.customer_id and c.number = ${customerNumber} and m.id = ${id} and m.ended_at is null returning m.id`,
  )
  if (!ended) throw new NotFound('alert message')
}
