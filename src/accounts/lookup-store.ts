import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { literal } from '../db/like.ts'
import {
  allIn,
  atMeter,
  FURTHER,
  OF_CUSTOMER,
  OF_LOCATION,
  phoneSaid,
  TOWN_OF_CUSTOMER,
  TOWN_OF_LOCATION,
  townSaid,
  wordsOf,
} from './lookup-words.ts'

export interface Found {
  accountNumber: string
  customerNumber: string
  customerName: string
  locationNumber: string
  serviceAddress: string
  activityStatus: string
  balance: string
}

export const MOST_FOUND = 50

/**
 * Accounts by anything a caller says: account, customer or location number, name, address, also a further or a seasonal
 * one, phone, parcel, alternate ids, e-mail, meter. Every word must be found somewhere; whole numbers come first, then
 * names that begin with it, then by account number with digit runs as numbers. At most 50. Town, state and zip, which
 * most accounts share, are looked at where `wide`.
 */
export function findAccounts(db: Db, query: string, wide = false): Promise<Found[]> {
  const words = wordsOf(query)
  if (words.length === 0) return Promise.resolve([])
  const whole = words.join(' ')
  const matches = allIn(
    words,
    sql`a.number, ${OF_CUSTOMER}, ${OF_LOCATION}`,
    sql`${TOWN_OF_CUSTOMER}, ${TOWN_OF_LOCATION}`,
    wide,
  )
  return rows<Found>(
    db,
    sql`with found as materialized (
      select a.id, a.number, a.activity_status, c.number as customer_number, c.name, n.number as location_number, n.service_address,
        case when lower(a.number) = ${whole} then 0 when ${whole} in (lower(c.number), lower(n.number)) then 1
          when a.number like ${`${literal(whole)}%`} then 2 when lower(c.name) like ${`${literal(whole)}%`} then 3 else 4 end as place
      from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id left join ${FURTHER}
      where ${wide ? sql`${townSaid(words)} and ${matches}` : sql`${matches} or ${phoneSaid(query)} or a.location_id in ${atMeter(whole)}`}),
    first as (select * from found order by place, length(number), number limit ${MOST_FOUND})
    select f.number as "accountNumber", f.customer_number as "customerNumber", f.name as "customerName",
      f.location_number as "locationNumber", f.service_address as "serviceAddress", f.activity_status as "activityStatus",
      (select coalesce(sum(o.unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = f.id) as balance
    from first f order by f.place, ledger.number_order(f.number), f.number`,
  )
}

/** The first account number, with digit runs as numbers; empty when there is none to see. */
export async function firstAccount(db: Db): Promise<string> {
  const row = await one<{ number: string }>(
    db,
    sql`select a.number from account a order by ledger.number_order(a.number), a.number limit 1`,
  )
  return row?.number ?? ''
}

/** The account at a location of this number: the current one, else the last one; empty when there is none to see. */
export async function accountAt(db: Db, location: string): Promise<string> {
  const row = await one<{ number: string }>(
    db,
    sql`select a.number from account a join location n on n.id = a.location_id where n.number = ${location}
      order by a.activity_status = 'Current' desc, a.id desc limit 1`,
  )
  return row?.number ?? ''
}

/** The account at the next or the previous location that has one to see, digit runs as numbers. */
export async function accountBeside(db: Db, number: string, after: boolean): Promise<string> {
  const row = await one<{ number: string }>(
    db,
    sql`with here as (select n.number, ledger.number_order(n.number) as place from account a join location n on n.id = a.location_id where a.number = ${number})
    select x.number from location n cross join here
      join lateral (select a.number from account a where a.location_id = n.id order by a.activity_status = 'Current' desc, a.id desc limit 1) x on true
    where ${after ? sql`(ledger.number_order(n.number), n.number) > (here.place, here.number)` : sql`(ledger.number_order(n.number), n.number) < (here.place, here.number)`}
    order by ledger.number_order(n.number) ${after ? sql`asc` : sql`desc`}, n.number ${after ? sql`asc` : sql`desc`} limit 1`,
  )
  return row?.number ?? ''
}

/** The account at the first location that has one to see. */
export async function firstLocation(db: Db): Promise<string> {
  const row = await one<{ number: string }>(
    db,
    sql`select x.number from location n
      join lateral (select a.number from account a where a.location_id = n.id order by a.activity_status = 'Current' desc, a.id desc limit 1) x on true
    order by ledger.number_order(n.number), n.number limit 1`,
  )
  return row?.number ?? ''
}
