import { type SQL, sql } from 'drizzle-orm'

/**
 * 'Draft' or 'Credit Card' where automatic payments of the customer with this id are in place, else null; in SQL. A card
 * without its token is charged nothing and does not count.
 */
export const autoPaymentMethod = (customerId: SQL): SQL =>
  sql`(select case m.type when 'draft' then 'Draft' else 'Credit Card' end from auto_payment m
    where m.customer_id = ${customerId} and (m.type = 'draft' or m.type = 'card' and m.token_sealed is not null) and m.state not in ('suspended', 'ended'))`

/** What the icon of the Customer card says: "Automatic Payments – Draft". */
export const autoPaymentMark = (method: string): string => `Automatic Payments – ${method}`
