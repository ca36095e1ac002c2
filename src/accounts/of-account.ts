import { sql } from 'drizzle-orm'

/** Rows `o` that hang on the account in `a`: its own, its customer's wherever he lives, its location's whoever lives there [001]. */
export const ofAccount = sql`(o.level = 'location' and o.location_id = a.location_id or o.level = 'customer' and o.customer_id = a.customer_id
  or o.level = 'account' and o.customer_id = a.customer_id and o.location_id = a.location_id)`
