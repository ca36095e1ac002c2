import { type SQL, sql } from 'drizzle-orm'

/**
 * Condition: something was posted to the service on the account, ever, reversed or not. Such a service is given a disconnect
 * date, never taken off. It looks through the account's whole history: for few accounts, or once for a run.
 */
export const billed = (account: SQL, service: SQL): SQL =>
  sql`exists (select from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
    where t.account_id = ${account} and p.service_id = ${service})`
