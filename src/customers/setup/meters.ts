import { sql } from 'drizzle-orm'
import { type Db, one } from '../../db/db.ts'
import { beginningRead } from '../../db/tables/beginning-read.ts'
import { meter, reading } from '../../db/tables/rates.ts'
import { Refused } from '../../errors.ts'
import { type Day, formatDay } from '../../ledger/calendar.ts'
import { addRow } from '../rows.ts'

export { type LastRead, lastReads } from '../../metering/service.ts'

export interface ReadTaken {
  meterId: number
  date: Day
  reading: string
}

/**
 * Records an actual read of a meter where it is not the last one already; true where one was added. Refuses a day before
 * the last read, and a second read on one day that says something else.
 */
export async function addRead(
  db: Db,
  { meterId, date, reading: read }: ReadTaken,
  by: number,
  field: string,
): Promise<boolean> {
  const last = await one<{ date: Day; reading: string; same: boolean }>(
    db,
    sql`select r.read_date::text as date, trim_scale(r.reading)::text as reading, r.reading = ${read}::numeric as same
      from reading r where r.meter_id = ${meterId} order by r.read_date desc, r.id desc limit 1`,
  )
  if (last?.same && date >= last.date) {
    if (date === last.date) return false
  } else if (last && date <= last.date) {
    const sentence = `The last read is ${last.reading} on ${formatDay(last.date)}; a newer one is of a later day.`
    throw new Refused('read_before_last', sentence, { [field]: sentence })
  }
  await addRow(db, reading, { meterId, readDate: date, reading: read }, by, {})
  return true
}

/** The read that an account begins with: its first bill counts only usage after it (003-059). */
export async function beginAt(db: Db, accountId: number, read: ReadTaken, by: number): Promise<void> {
  const values = { accountId, meterId: read.meterId, readDate: read.date, reading: read.reading }
  await addRow(db, beginningRead, values, by, {})
}

/** A meter that is put in with a new account; gives its id. */
export function addMeter(
  db: Db,
  at: { number: string; serviceId: number; locationId: number; date: Day; reading: string; multiplier: number },
  by: number,
): Promise<number> {
  const { number, serviceId, locationId, date, reading: read, multiplier } = at
  const values = { number, serviceId, locationId, installDate: date, installRead: read, multiplier: String(multiplier) }
  return addRow(db, meter, values, by, { meter_number_unique: [`meter-${serviceId}`, `Meter ${number} is in use.`] })
}
