import { sql } from 'drizzle-orm'
import type { TestTown } from './database.ts'

/** A water meter with reads at an account's location, another once removed; pages of theirs to begin with. */
export async function metered(town: TestTown, account: string): Promise<string[]> {
  await town.db.execute(sql`insert into meter (number, service_id, location_id, dials, unit, size, install_date, install_read, remove_date)
    select w.number, s.id, a.location_id, 5, 'gallon', '5/8', '2025-01-01', 100, w.removed::date
    from (values ('48213077', null), ('48213076', '2025-02-01')) as w(number, removed), service s, account a where s.code = 'WA' and a.number = ${account}`)
  await town.db.execute(sql`insert into reading (meter_id, read_date, reading)
    select m.id, (date '2025-01-01' + n * interval '1 month')::date, 100 + 42 * n from meter m, generate_series(1, 14) n
    where m.remove_date is null or n = 1`)
  return ['usage', 'reads', 'installations'].map((page) => `/panel/${account}/${page}`)
}
