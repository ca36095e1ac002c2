import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { HERE } from './store.ts'

/**
 * Stores for accounts that wait, `ids` in SQL, that they begin with the last read of each meter at their place, taken until
 * they connect or until the one before them left, inclusive. One that begins with a later read keeps it. Written as SQL, to
 * be part of a statement.
 */
export const beginAtLast = (ids: SQL, by: number): SQL => sql`
  insert into beginning_read as b (account_id, meter_id, read_date, reading, changed_by)
  select a.id, m.id, coalesce(r.read_date, m.install_date), coalesce(r.reading, m.install_read), ${by}
  from account a join meter m on m.location_id = a.location_id and m.remove_date is null
    left join lateral (select r.read_date, r.reading from reading r where r.meter_id = m.id and ${HERE}
        and r.read_date <= coalesce(greatest(a.connect_date,
          (select max(f.disconnect_date) from account f where f.location_id = a.location_id and f.activity_status = 'Final')), 'infinity')
      order by r.read_date desc, r.kind, r.id desc limit 1) r on true
  where a.id in ${ids} and coalesce(r.read_date, m.install_date) is not null and coalesce(r.reading, m.install_read) is not null
  on conflict (account_id, meter_id) do update set read_date = excluded.read_date, reading = excluded.reading,
    changed_by = excluded.changed_by, version = b.version + 1 where excluded.read_date > b.read_date`

const waitingAt = (locationId: number): SQL =>
  sql`(select w.id from account w where w.location_id = ${locationId} and w.activity_status = 'Waiting')`

/** Whoever waits at a location begins with its last reads: what the one before used is not theirs (003-059). */
export async function beginWaiting(db: Db, locationId: number, by: number): Promise<void> {
  await db.execute(beginAtLast(waitingAt(locationId), by))
}

/** Whoever waits does not begin with these reads, which are about to be taken out; `beginWaiting` then finds others. */
export async function beginEarlier(db: Db, reads: readonly { meter: string; date: Day }[], by: number): Promise<void> {
  const named = sql`(select b.id from beginning_read b join meter m on m.id = b.meter_id
      join account w on w.id = b.account_id and w.activity_status = 'Waiting'
      join jsonb_to_recordset(${JSON.stringify(reads)}::jsonb) as x(meter text, date date) on x.meter = m.number and x.date = b.read_date)`
  // who takes it out is written first, for the audit
  await db.execute(sql`update beginning_read set changed_by = ${by}, version = version + 1 where id in ${named}`)
  await db.execute(sql`delete from beginning_read where id in ${named}`)
}

export interface BeginningRead {
  meter: string
  date: Day
  reading: string
  dials: number | null
}

/** The reads that the account `a` began with, or is to begin with, of meters by number; JSON. */
export const beginningReads: SQL = sql`(select coalesce(json_agg(json_build_object('meter', m.number, 'date', b.read_date,
    'reading', trim_scale(b.reading)::text, 'dials', m.dials) order by ledger.number_order(m.number), m.number), '[]')
  from beginning_read b join meter m on m.id = b.meter_id where b.account_id = a.id)`
