import { type SQL, sql } from 'drizzle-orm'
import { inForce } from '../accounts/sums.ts'
import { isHidden } from '../customers/owner-change.ts'
import { type Db, one, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import type { Day } from '../ledger/calendar.ts'

export interface PropertyRow {
  id: number
  version: number
  location: string
  address: string
  rental: boolean
  /** Null = none, or one that is not shown. */
  landlord: string | null
  landlordId: number | null
  landlordName: string | null
  /** The landlord's customer, shown or not. */
  ownerId: number | null
  hidden: boolean
  autoConnect: boolean
  noticeCopies: boolean
  since: Day | null
  /** The Current account, if there is one that may be seen. */
  account: string | null
  resident: string | null
  residentIsLandlord: boolean
  occupied: boolean
  /** The account that connects there next, if there is one that may be seen. */
  waiting: string | null
  waitingName: string | null
  waitingDate: Day | null
  /** An account of the landlord waits to be connected there. */
  landlordWaits: boolean
  /** The account that left last. */
  last: string | null
  lastName: string | null
  lastDate: Day | null
  lastIsLandlord: boolean
}

const PROPERTY = sql`select n.id, n.version, n.number as location, n.service_address as address, n.rental, o.number as landlord,
    o.id as "landlordId", o.name as "landlordName", n.owner_customer_id as "ownerId", ${isHidden(sql`n.owner_customer_id`)} as hidden,
    coalesce(g.auto_connect, false) as "autoConnect", coalesce(g.notice_copies, false) as "noticeCopies", g.since::text,
    a.number as account, c.name as resident, coalesce(a.customer_id = n.owner_customer_id, false) as "residentIsLandlord",
    a.id is not null as occupied, w.number as waiting, w.name as "waitingName", w.connect_date::text as "waitingDate",
    exists (select from account x where x.location_id = n.id and x.activity_status = 'Waiting' and x.customer_id = n.owner_customer_id) as "landlordWaits",
    l.number as last, l.name as "lastName", l.disconnect_date::text as "lastDate",
    coalesce(l.customer_id = n.owner_customer_id, false) as "lastIsLandlord"
  from location n left join customer o on o.id = n.owner_customer_id left join landlord_agreement g on g.location_id = n.id
  left join account a on a.location_id = n.id and a.activity_status = 'Current' left join customer c on c.id = a.customer_id
  left join lateral (select x.number, x.connect_date, y.name from account x join customer y on y.id = x.customer_id
    where x.location_id = n.id and x.activity_status = 'Waiting' order by x.connect_date nulls last, x.id limit 1) w on true
  left join lateral (select x.number, x.disconnect_date, x.customer_id, y.name from account x join customer y on y.id = x.customer_id
    where x.location_id = n.id and x.activity_status = 'Final' order by x.disconnect_date desc nulls last, x.id desc limit 1) l on true`

export const SHOWN = ['rental', 'empty', 'all'] as const
export type Which = (typeof SHOWN)[number]
const WHICH: Record<Which, SQL> = {
  rental: sql`n.rental or n.owner_customer_id is not null`,
  empty: sql`(n.rental or n.owner_customer_id is not null) and a.id is null`,
  all: sql`true`,
}

const matching = (which: Which, query: string): SQL => {
  const like = containing(query)
  const words = sql`lower(concat_ws(' ', n.number, n.service_address, o.number, o.name, a.number, c.name)) like ${like}`
  return sql`(${WHICH[which]}) and ${query === '' ? sql`true` : words}`
}

export const properties = (
  db: Db,
  which: Which,
  query: string,
  limit: number,
  offset: number,
): Promise<PropertyRow[]> =>
  rows(
    db,
    sql`${PROPERTY} where ${matching(which, query)} order by ledger.number_order(n.number), n.number limit ${limit} offset ${offset}`,
  )

export async function propertyCount(db: Db, which: Which, query: string): Promise<number> {
  const row = await one<{ n: number }>(
    db,
    sql`select count(*)::int as n from (${PROPERTY} where ${matching(which, query)}) x`,
  )
  return row?.n ?? 0
}

export const property = (db: Db, location: string): Promise<PropertyRow | undefined> =>
  one(db, sql`${PROPERTY} where n.number = ${location}`)

export interface LeavingRow {
  id: number
  version: number
  number: string
  name: string
  customerNumber: string
  activityStatus: 'Current' | 'Waiting' | 'Final'
  connectDate: Day | null
  disconnectDate: Day | null
  locationId: number
  location: string
  address: string
  rental: boolean
  balance: string
  held: string
  services: { code: string; name: string; connectDate: Day | null }[]
}

/** An account as its final bill asks: who, where, what is connected, owed and held. */
export const leaving = (db: Db, number: string): Promise<LeavingRow | undefined> =>
  one(
    db,
    sql`select a.id, a.version, a.number, c.name, c.number as "customerNumber", a.activity_status as "activityStatus",
        a.connect_date::text as "connectDate", a.disconnect_date::text as "disconnectDate", n.id as "locationId",
        n.number as location, n.service_address as address, n.rental,
        (select coalesce(sum(o.unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = a.id) as balance,
        (select coalesce(-sum(b.balance), 0)::numeric(14,2)::text from ledger.deposit_balance b where b.account_id = a.id) as held,
        (select coalesce(json_agg(json_build_object('code', s.code, 'name', s.name, 'connectDate', x.connect_date) order by s.sort), '[]')
          from account_service x join service s on s.id = x.service_id where x.account_id = a.id and x.disconnect_date is null) as services
      from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id where a.number = ${number}`,
  )

/** Lets nobody leave, change or post to the account until the transaction around it ends. */
export async function lockLeaving(db: Db, number: string): Promise<void> {
  const row = await one<{ id: number }>(db, sql`select id from account where number = ${number} for no key update`)
  if (row) await db.execute(sql`select ledger.lock_account(${row.id})`)
}

export interface MoveOutRow {
  id: number
  version: number
  date: Day
  services: string[]
  reads: { meter: string; date: Day }[]
  application: string | null
  statement: string | null
  /** Transactions in force that were posted after it, its own application apart. */
  postedSince: number
  occupied: boolean
  /** Another account, which does not wait any more, begins with a read that it entered. */
  begun: boolean
}

/** How an account was left; undefined where it was not by a final bill here. */
export const moveOutOf = (db: Db, account: string): Promise<MoveOutRow | undefined> =>
  one(
    db,
    sql`select m.id, m.version, m.date::text, m.services, m.reads, m.application, m.statement,
        (select count(*)::int from ledger.transaction t where t.account_id = a.id and t.reverses_id is null and ${inForce(undefined)}
          and coalesce(t.number, t.id::text) is distinct from m.application
          and t.posted_at > (select max(h.at) from audit h where h.subject = 'move_out' and h.subject_key = m.id::text and h.action = 'add')) as "postedSince",
        exists (select from account o where o.location_id = a.location_id and o.id <> a.id and o.activity_status = 'Current') as occupied,
        exists (select from jsonb_to_recordset(m.reads) as w(meter text, date date) join meter x on x.number = w.meter
          join beginning_read b on b.meter_id = x.id and b.read_date = w.date
          join account o on o.id = b.account_id and o.id <> a.id and o.activity_status <> 'Waiting') as begun
      from move_out m join account a on a.id = m.account_id where a.number = ${account}`,
  )

/**
 * The reads of a final bill against those of another request: what it entered, and whether they differ. A typed read that
 * was the last one already on its day, or before, is none of another request.
 */
export async function readsAgainst(
  db: Db,
  { date, reads }: Pick<MoveOutRow, 'date' | 'reads'>,
  typed: readonly { meter: string; reading: string }[],
): Promise<{ entered: { meter: string; reading: string }[]; differ: boolean }> {
  const row = await one<{ entered: { meter: string; reading: string }[]; differ: boolean }>(
    db,
    sql`with typed as (select * from jsonb_to_recordset(${JSON.stringify(typed)}::jsonb) as x(meter text, reading numeric)),
        entered as (select w.meter, r.reading from jsonb_to_recordset(${JSON.stringify(reads)}::jsonb) as w(meter text, date date)
          join meter m on m.number = w.meter join reading r on r.meter_id = m.id and r.read_date = w.date)
      select (select coalesce(json_agg(json_build_object('meter', e.meter, 'reading', trim_scale(e.reading)::text) order by e.meter), '[]') from entered e) as entered,
        exists (select from entered e where not exists (select from typed t where t.meter = e.meter))
        or exists (select from typed t left join meter m on m.number = t.meter
          left join lateral (select r.reading from reading r where r.meter_id = m.id and r.read_date <= ${date}::date
            order by r.read_date desc, r.kind, r.id desc limit 1) r on true
          where t.reading is distinct from coalesce(r.reading, m.install_read)) as differ`,
  )
  return row ?? { entered: [], differ: true }
}

/** The services of an account that were connected until it was left, for whoever has them next. */
export const servicesUntil = (
  db: Db,
  account: string,
): Promise<{ service: string; rate: string | null; quantity: string; units: string; frequency: string }[]> =>
  rows(
    db,
    sql`select s.code as service, x.rate, trim_scale(x.quantity)::text as quantity, trim_scale(x.units)::text as units, x.frequency
      from account a join account_service x on x.account_id = a.id join service s on s.id = x.service_id and s.active
      where a.number = ${account} and (x.disconnect_date is null or x.disconnect_date >= a.disconnect_date) order by s.sort, s.code`,
  )
