import { sql } from 'drizzle-orm'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Context } from '../web/context.ts'
import { type Messages, messageCenter, messageLines } from './message-center.ts'

const owed = (column: 'customer_id' | 'location_id') =>
  sql`(select coalesce(sum(i.unpaid), 0)::numeric(14,2)::text from ledger.open_item i join account x on x.id = i.account_id
    where x.${sql.raw(column)} = a.${sql.raw(column)})`

/** The customer's Message Center on an account, as it stands now. */
export async function accountMessages({ db, today, may }: Pick<Context, 'db' | 'today' | 'may'>, number: string) {
  const at = `/panel/${encodeURIComponent(number)}`
  const asked = { today, may, base: at, at, query: {} }
  const found = await one<{ messages: Messages; customerBalance: string; locationBalance: string }>(
    db,
    sql`select ${messageCenter(sql`a.customer_id`, 'customer', asked)} as messages,
      ${owed('customer_id')} as "customerBalance", ${owed('location_id')} as "locationBalance"
    from account a where a.number = ${number}`,
  )
  if (!found) throw new NotFound('account')
  const { messages, customerBalance, locationBalance } = found
  const lines = messageLines(messages, at).map(({ label, text }) => ({ label, text }))
  const notes = messages.notes.map(({ id, ...note }) => note)
  return { lines, notes, customerBalance, locationBalance }
}
