import { sql } from 'drizzle-orm'

/** Notes that belong to the account in `a`: its own, its customer's, its location's [001]. `o` is the note. */
export const NOTES_OF = sql`(o.level = 'location' and o.location_id = a.location_id or o.level = 'customer' and o.customer_id = a.customer_id
  or o.level = 'account' and o.customer_id = a.customer_id and o.location_id = a.location_id)`
