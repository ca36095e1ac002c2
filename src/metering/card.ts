import { type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { registerText } from './rules.ts'
import { HERE } from './store.ts'

/** The latest meter of a location as its card shows it. */
export interface MeterOf {
  number: string
  dials: number | null
  date: Day | null
  reading: string | null
}

/** Json of the meter that stands at the account `a`'s location, with its last reading; null without one. */
export const meterOf: SQL = sql`(select json_build_object('number', m.number, 'dials', m.dials,
    'date', coalesce(r.read_date, m.install_date), 'reading', trim_scale(coalesce(r.reading, m.install_read))::text)
  from meter m join service s on s.id = m.service_id
  left join lateral (select r.read_date, r.reading from reading r where r.meter_id = m.id and ${HERE}
    order by r.read_date desc, r.kind, r.id desc limit 1) r on true
  where m.location_id = a.location_id and m.remove_date is null order by s.sort, s.code, r.read_date desc nulls last, m.id limit 1)`

/** The register's digits, for the macro `register` of shared/money.njk; empty where it was never read. */
export const meterDigits = ({ reading, dials }: MeterOf): string =>
  reading === null ? '' : registerText(reading, dials)
