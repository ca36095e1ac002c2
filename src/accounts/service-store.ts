import { type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { dated } from './sums.ts'

/** Codes of every service of the account in `a`, or with a posting of it up to the day, in their order, as json. */
export const allServices = (
  asOf: Day | undefined,
): SQL => sql`(select coalesce(json_agg(json_build_object('code', s.code) order by s.sort, s.code), '[]')
  from service s where s.id <> 0 and (exists (select from account_service x where x.service_id = s.id and x.account_id = a.id)
    or s.id in (select p.service_id from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
      and p.subledger = 'utility' where t.account_id = a.id and ${dated(asOf)})))`
