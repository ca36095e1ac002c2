import { type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'

export interface Found {
  number: string
  customer: string
  address: string
  activityStatus: string
}

/**
 * Accounts by whatever the caller says: number of account, customer or location, name, address, phone, meter, parcel or
 * former id. The account with exactly that number comes first, then current ones, by name.
 */
export function lookUp(db: Db, typed: string, limit = 50): Promise<Found[]> {
  const query = typed.trim()
  if (query === '') return Promise.resolve([])
  return rows<Found>(
    db,
    sql`
    select a.number, c.name as customer, l.service_address as address, a.activity_status as "activityStatus"
    from account a join customer c on c.id = a.customer_id join location l on l.id = a.location_id
    where ${anyOf(query)}
    order by (a.number = ${query}) desc, (c.number = ${query}) desc, (a.activity_status = 'Current') desc, c.name, a.number
    limit ${limit}`,
  )
}

function anyOf(query: string): SQL {
  const escaped = query.replace(/[\\%_]/g, '\\$&')
  const begins = `${escaped}%`
  const holds = `%${escaped}%`
  const digits = query.replace(/\D/g, '')
  const phone = digits.length >= 4 && /^[\d\s().+-]+$/.test(query)
  return sql`(a.number ilike ${begins} or c.number = ${query} or l.number = ${query}
    or c.name ilike ${holds} or l.service_address ilike ${holds} or l.parcel_number ilike ${begins}
    or c.alt_customer_id = ${query} or l.alt_location_id = ${query}
    or exists (select from meter m where m.location_id = l.id and m.number ilike ${begins})
    ${phone ? sql`or regexp_replace(c.phone, '[^0-9]', '', 'g') like ${`%${digits}%`}` : sql``})`
}

export interface OpenRun {
  id: number
  kind: string
  state: string
  count: number
  by: string
  at: string
}

/** Runs that wait for somebody: preparing, prepared or failed, newest first. */
export function listOpenRuns(db: Db, limit = 10): Promise<OpenRun[]> {
  return rows<OpenRun>(
    db,
    sql`
    select r.id::int as id, r.kind, r.state, coalesce(r.account_count, 0)::int as count, coalesce(u.name, '') as by,
      r.prepared_at as at
    from ledger.run r left join app_user u on u.id = r.prepared_by
    where r.state in ('preparing', 'prepared', 'failed')
    order by r.id desc limit ${limit}`,
  )
}

/** Accounts to which no money is posted until the proof is clean again. */
export async function heldBack(db: Db): Promise<string[]> {
  const found = await rows<{ number: string }>(
    db,
    sql`
    select a.number from ledger.parked_account p join account a on a.id = p.account_id order by a.number limit 50`,
  )
  return found.map((row) => row.number)
}

/** Certified and not yet taken off the utility balances: how many accounts. */
export async function certifiedNotUpdated(db: Db): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    sql`
    select count(distinct account_id)::int as count from ledger.certification where updated_date is null and withdrawn_at is null`,
  )
  return found?.count ?? 0
}

/** Those of the numbers that this connection may see. */
export async function visibleAccounts(db: Db, numbers: readonly string[]): Promise<string[]> {
  if (numbers.length === 0) return []
  const list = JSON.stringify(numbers)
  const found = await rows<{ number: string }>(
    db,
    sql`select number from account where number in (select jsonb_array_elements_text(${list}::jsonb)) order by number`,
  )
  return found.map((row) => row.number)
}
