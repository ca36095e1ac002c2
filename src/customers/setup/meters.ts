import type { Db } from '../../db/db.ts'
import { beginningRead } from '../../db/tables/beginning-read.ts'
import { meter } from '../../db/tables/rates.ts'
import type { Day } from '../../ledger/calendar.ts'
import type { ReadTaken } from '../../metering/service.ts'
import { addRow } from '../rows.ts'

export { addRead, type LastRead, lastReads } from '../../metering/service.ts'

/** The read that an account begins with: its first bill counts only usage after it (003-059). */
export async function beginAt(db: Db, accountId: number, read: ReadTaken, by: number): Promise<void> {
  const values = { accountId, meterId: read.meterId, readDate: read.date, reading: read.reading }
  await addRow(db, beginningRead, values, by, {})
}

/** A meter that is put in with a new account; gives its id. A number that is taken is refused by the field given. */
export function addMeter(
  db: Db,
  at: { number: string; serviceId: number; locationId: number; date: Day; reading: string; multiplier: string },
  by: number,
  field: string,
): Promise<number> {
  const { number, serviceId, locationId, date, reading, multiplier } = at
  const values = { number, serviceId, locationId, installDate: date, installRead: reading, multiplier }
  return addRow(db, meter, values, by, { meter_number_unique: [field, `Meter ${number} is in use.`] })
}
