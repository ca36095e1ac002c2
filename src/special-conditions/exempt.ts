import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { type Db, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Action, type Condition, exemptions } from './rules.ts'

/**
 * Accounts, by id, that a special condition takes out of an action on a day: their own conditions, their customer's and
 * their location's (domain.md S1). Asked from the conditions: most accounts have none.
 */
export async function exemptAccounts(db: Db, action: Action, day: Day): Promise<ReadonlySet<number>> {
  const found = await rows<Condition & { accountId: number }>(
    db,
    sql`select a.id as "accountId", k.code, k.name, o.active, o.effective_date::text as effective, o.expiration_date::text as expires,
        array_remove(array[case when k.exempt_penalty then 'penalty' end, case when k.exempt_interest then 'interest' end,
          case when k.exempt_statement then 'statement' end, case when k.exempt_delinquent_notice then 'delinquent_notice' end,
          case when k.exempt_shutoff_notice then 'shutoff_notice' end, case when k.exempt_certification then 'certification' end], null) as exempts
      from special_condition o join condition_code k on k.id = o.condition_code_id
      join account a on a.customer_id = o.customer_id or a.location_id = o.location_id
      where o.active and ${ofAccount}`,
  )
  return new Set(exemptions(found, action, day).map(({ accountId }) => accountId))
}
