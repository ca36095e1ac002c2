import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { literal } from '../db/like.ts'

export interface Found {
  accountNumber: string
  customerNumber: string
  customerName: string
  locationNumber: string
  serviceAddress: string
  activityStatus: string
  balance: string
}

const MOST = 50

/**
 * Accounts by anything a caller says: account, customer or location number, name, address, phone, parcel, alternate
 * ids, e-mail, meter. Every word must be found somewhere; whole numbers come first, then names that begin with it,
 * then by account number with digit runs as numbers. At most 50.
 */
export function findAccounts(db: Db, query: string): Promise<Found[]> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)
  if (words.length === 0) return Promise.resolve([])
  const whole = words.join(' ')
  const matches = sql.join(
    words.map((word) => sql`hay.text like ${`%${literal(word)}%`}`),
    sql` and `,
  )
  const digits = query.replace(/\D/g, '')
  const ends = (number: SQL) => sql`regexp_replace(${number}, '\\D', '', 'g') like ${`%${digits}`}`
  const phone =
    digits.length >= 7
      ? sql`(${ends(sql`c.phone`)} or c.id in (select p.customer_id from customer_phone p where ${ends(sql`p.number`)}))`
      : sql`false`
  return rows<Found>(
    db,
    sql`with found as materialized (
      select a.id, a.number, a.activity_status, c.number as customer_number, c.name, n.number as location_number, n.service_address,
        case when lower(a.number) = ${whole} then 0 when ${whole} in (lower(c.number), lower(n.number)) then 1
          when a.number like ${`${literal(whole)}%`} then 2 when lower(c.name) like ${`${literal(whole)}%`} then 3 else 4 end as place
      from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id
      cross join lateral (select lower(concat_ws(' ', a.number, c.number, n.number, c.name, c.business_name, n.service_address, c.address_line_1, c.phone,
        n.parcel_number, c.alt_customer_id, n.alt_location_id, c.email, n.description, n.region, n.cross_street)) as text) hay
      where (${matches}) or ${phone}
        or a.location_id in (select m.location_id from meter m where lower(m.number) = ${whole})),
    first as (select * from found order by place, length(number), number limit ${MOST})
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
