import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Installed, Read } from './rules.ts'

export interface KeptRead extends Read {
  id: number
  version: number
}

/** A meter at a place, now or once, with all its readings. */
export interface Placed extends Installed {
  meterId: number
  /** Version of the meter. */
  version: number
  number: string
  serviceId: number
  service: string
  serviceName: string
  unit: string | null
  size: string | null
  /** Id of the earlier installation; null = the meter's latest. */
  earlier: number | null
  /** It was taken out of another place on the day it was put in here. */
  moved: boolean
  reads: KeptRead[]
}

/** Every installation that there is or was, as `p`, of the meters that the condition on `x` chooses. */
export const installations = (condition: SQL): SQL => sql`(
  select x.id as meter_id, x.location_id, x.install_date, x.install_read, x.remove_date, null::int as earlier
    from meter x where x.location_id is not null and ${condition}
  union all select x.meter_id, x.location_id, x.install_date, x.install_read, x.remove_date, x.id from installation x where ${condition})`

const MOVED = sql`exists (select from installation e where e.meter_id = p.meter_id and e.remove_date = p.install_date
  and e.id is distinct from p.earlier)`

/**
 * That the reading `r` was taken where the meter `m` stands now: since the day it was put in, which counts unless that day
 * began with its final read elsewhere (the rule of `readsOf` in rules.ts).
 */
export const HERE = sql`(m.install_date is null or r.read_date > m.install_date or r.read_date = m.install_date
  and not exists (select from installation e where e.meter_id = m.id and e.remove_date = m.install_date))`

const readsOf = (
  until: Day | undefined,
): SQL => sql`(select coalesce(json_agg(json_build_object('id', r.id, 'version', r.version,
    'date', r.read_date, 'reading', trim_scale(r.reading)::text, 'kind', r.kind) order by r.read_date, r.id), '[]') from reading r
  where r.meter_id = m.id ${until === undefined ? sql`` : sql`and r.read_date <= ${until}`})`

/** Json of the installations at a location, oldest first; `until` leaves out what was read or put in later. */
export const placedAt = (location: SQL, until?: Day): SQL => sql`(select coalesce(json_agg(json_build_object(
    'meterId', m.id, 'version', m.version, 'number', m.number, 'serviceId', s.id, 'service', s.code, 'serviceName', s.name, 'unit', m.unit, 'size', m.size,
    'dials', m.dials, 'multiplier', trim_scale(m.multiplier)::text, 'earlier', p.earlier, 'installDate', p.install_date,
    'installRead', trim_scale(p.install_read)::text, 'removeDate', p.remove_date, 'moved', ${MOVED}, 'reads', ${readsOf(until)})
    order by s.sort, s.code, p.install_date nulls first, ledger.number_order(m.number)), '[]')
  from ${installations(sql`x.location_id = ${location}`)} p join meter m on m.id = p.meter_id join service s on s.id = m.service_id
  ${until === undefined ? sql`` : sql`where p.install_date is null or p.install_date <= ${until}`})`

export async function placedOf(db: Db, locationId: number): Promise<Placed[]> {
  const found = await one<{ list: Placed[] }>(db, sql`select ${placedAt(sql`${locationId}::int`)} as list`)
  return found?.list ?? []
}

/** Locks the meters, so that two clerks do not read or move the same one at once. */
export async function lockMeters(db: Db, ids: readonly number[]): Promise<void> {
  await rows(
    db,
    sql`select id from meter where id = any(${sql.param(`{${ids.join(',')}}`)}::int[]) order by id for update`,
  )
}

/** The same for the meter of a reading. */
export async function lockMeterOf(db: Db, readId: number): Promise<void> {
  await rows(
    db,
    sql`select m.id from meter m join reading r on r.meter_id = m.id where r.id = ${readId} for update of m`,
  )
}

export interface MeterFacts {
  id: number
  version: number
  number: string
  service: string
  serviceId: number
  dials: number | null
  multiplier: string
  unit: string | null
  size: string | null
  manufacturer: string | null
  serial: string | null
  locationId: number | null
  location: string | null
  address: string | null
  installDate: Day | null
  installRead: string | null
  removeDate: Day | null
}

const METER = sql`m.id, m.version, m.number, s.code as service, s.id as "serviceId", m.dials, trim_scale(m.multiplier)::text as multiplier,
  m.unit, m.size, m.manufacturer, m.serial, m.location_id as "locationId", n.number as location, n.service_address as address,
  m.install_date::text as "installDate", trim_scale(m.install_read)::text as "installRead", m.remove_date::text as "removeDate"`

/** A meter by its number. */
export const meterNumbered = (db: Db, number: string): Promise<MeterFacts | undefined> =>
  one<MeterFacts>(
    db,
    sql`select ${METER} from meter m join service s on s.id = m.service_id left join location n on n.id = m.location_id where m.number = ${number}`,
  )

/** Where a meter was, newest first, with its readings. */
export async function placesOf(db: Db, meterId: number): Promise<(Placed & { location: string; address: string })[]> {
  const found = await rows<{ location: string; address: string; list: Placed[] }>(
    db,
    sql`select n.number as location, n.service_address as address, ${placedAt(sql`n.id`)} as list from location n
      where n.id in (select p.location_id from ${installations(sql`true`)} p where p.meter_id = ${meterId})`,
  )
  return found
    .flatMap(({ location, address, list }) =>
      list.filter((each) => each.meterId === meterId).map((each) => ({ ...each, location, address })),
    )
    .sort((a, b) => ((a.installDate ?? '') < (b.installDate ?? '') ? 1 : -1))
}

export interface ListedMeter {
  number: string
  service: string
  size: string | null
  location: string | null
  address: string | null
  removeDate: Day | null
  readDate: Day | null
  reading: string | null
  dials: number | null
}

/** Meters by number, serial, location or address. */
export async function listMeters(db: Db, query: string, limit: number, offset: number) {
  const like = containing(query)
  const match =
    query === '' ? sql`true` : sql`lower(concat_ws(' ', m.number, m.serial, n.number, n.service_address)) like ${like}`
  const total = await one<{ n: number }>(
    db,
    sql`select count(*)::int as n from meter m left join location n on n.id = m.location_id where ${match}`,
  )
  const list = await rows<ListedMeter>(
    db,
    sql`select m.number, s.code || ' ' || s.name as service, m.size, m.dials, n.number as location, n.service_address as address,
        m.remove_date::text as "removeDate", r.read_date::text as "readDate", trim_scale(r.reading)::text as reading
      from meter m join service s on s.id = m.service_id left join location n on n.id = m.location_id
      left join lateral (select read_date, reading from reading where meter_id = m.id order by read_date desc, kind limit 1) r on true
      where ${match} order by ledger.number_order(m.number), m.number limit ${limit} offset ${offset}`,
  )
  return { rows: list, total: total?.n ?? 0 }
}

/** That a posted bill that stands, of an account where the meter is or was, says this of usage in its facts. */
const billed = (
  meter: string,
  usage: object,
): SQL => sql`exists (select from meter m join ${installations(sql`true`)} p on p.meter_id = m.id
  join account a on a.location_id = p.location_id join ledger.transaction t on t.account_id = a.id
  where m.number = ${meter} and t.type = 'Bill' and t.facts @> ${JSON.stringify({ usage: [usage] })}::text::jsonb
    and not exists (select from ledger.transaction v where v.reverses_id = t.id))`

/** Whether a bill names the reading, or an account begins with it. */
export async function namedBy(db: Db, meter: string, date: Day): Promise<'bill' | 'account' | undefined> {
  const found = await one<{ by: 'bill' | 'account' | null }>(
    db,
    sql`select case when ${billed(meter, { readDate: date, meters: [meter] })} then 'bill'
        when exists (select from beginning_read b join meter m on m.id = b.meter_id where m.number = ${meter} and b.read_date = ${date}) then 'account' end as by`,
  )
  return found?.by ?? undefined
}

/** Whether a bill names the meter: then it keeps its number. */
export async function isBilled(db: Db, meter: string): Promise<boolean> {
  const found = await one<{ is: boolean }>(db, sql`select ${billed(meter, { meters: [meter] })} as is`)
  return found?.is ?? false
}
