import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import {
  allIn,
  atMeter,
  FURTHER,
  OF_CUSTOMER,
  OF_LOCATION,
  phoneSaid,
  TOWN_OF_CUSTOMER,
  TOWN_OF_LOCATION,
  wordsOf,
} from './lookup-words.ts'

/** A customer or a location without an account that the person who asks may see. */
export interface Other {
  kind: 'customer' | 'location'
  number: string
  /** The customer's name; empty for a location. */
  name: string
  address: string
}

const MOST = 20

/** Customers, as owners are, and locations without an account, by the words of `findAccounts`. At most 20. */
export async function findOthers(db: Db, query: string, wide = false): Promise<Other[]> {
  const words = wordsOf(query)
  if (words.length === 0) return []
  return rows<Other>(
    db,
    // the few without an account first: no text is made of the others
    sql`with c as materialized (select * from customer k where k.id not in (select a.customer_id from account a)),
      n as materialized (select * from location k where k.id not in (select a.location_id from account a))
    select o.kind, o.number, o.name, o.address from (
      select 'customer' as kind, c.number, c.name, concat_ws(', ', c.address_line_1, c.city) as address from c left join ${FURTHER}
        where ${allIn(words, OF_CUSTOMER, TOWN_OF_CUSTOMER, wide)} or ${phoneSaid(query)}
      union all
      select 'location', n.number, '', concat_ws(', ', n.service_address, n.city) from n
        where ${allIn(words, OF_LOCATION, TOWN_OF_LOCATION, wide)} or n.id in ${atMeter(words.join(' '))}) o
    order by lower(o.number) = ${words.join(' ')} desc, o.kind, ledger.number_order(o.number), o.number limit ${MOST}`,
  )
}
