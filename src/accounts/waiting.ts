import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { type Day, dayIn } from '../ledger/calendar.ts'
import { beginAtLast } from '../metering/beginning.ts'
import { settings } from '../organization/settings.ts'

/**
 * Accounts that wait become Current on their connect date (product.md 3.16: waiting is connecting in the future). One
 * whose location still has a Current account waits on until that one is Final, and of several at a location the one that
 * connects first is taken. One without a connect date waits. Each begins with the last reads at its place until then. Done by
 * the clock, in one statement; gives how many.
 */
export async function connectWaiting(db: Db, today?: Day): Promise<number> {
  const day = today ?? dayIn((await settings(db)).timezone)
  const connected = await db.execute(sql`
    with due as materialized (select distinct on (w.location_id) w.id from account w
        where w.activity_status = 'Waiting' and w.connect_date <= ${day}::date
          and not exists (select from account o where o.location_id = w.location_id and o.activity_status = 'Current')
        order by w.location_id, w.connect_date, w.id),
      begun as (${beginAtLast(sql`(select d.id from due d)`, 0)})
    update account a set activity_status = 'Current', changed_by = 0, version = a.version + 1
    from due where a.id = due.id and a.activity_status = 'Waiting' returning a.id`)
  return connected.length
}
