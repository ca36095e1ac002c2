import { sql } from 'drizzle-orm'
import { type Db, rows } from '../../db/db.ts'
import { containing } from '../../db/like.ts'
import { likelyOnes } from '../../master-contacts/rules.ts'
import { findPrevious } from './place.ts'

/** Something found for a field: what is put into it, and what is said of it. */
export interface Match {
  value: string
  label: string
  detail: string
}

const people = (db: Db, words: string): Promise<Match[]> =>
  rows<Match>(
    db,
    sql`select c.number as value, c.name as label, concat_ws(', ', c.address_line_1, c.phone) as detail from customer c
      where lower(concat_ws(' ', c.number, c.name, c.phone)) like ${containing(words)}
      order by ledger.number_order(c.number), c.number limit 20`,
  )

const locations = (db: Db, words: string): Promise<Match[]> =>
  rows<Match>(
    db,
    sql`select n.number as value, n.service_address as label, coalesce((select 'Current: ' || c.name from account a
        join customer c on c.id = a.customer_id where a.location_id = n.id and a.activity_status = 'Current'), 'nobody') as detail
      from location n where lower(concat_ws(' ', n.number, n.service_address, n.parcel_number)) like ${containing(words)}
      order by ledger.number_order(n.number), n.number limit 20`,
  )

async function previous(db: Db, words: string): Promise<Match[]> {
  const found = await findPrevious(db, words)
  return found.map(({ account, name, status, address }) => ({
    value: account,
    label: name,
    detail: `${address}, ${status.toLowerCase()}`,
  }))
}

/** Master contacts by number or name; likely the same person first, with the reason. Those that went into another one are not. */
async function masters(db: Db, words: string, typed: Record<string, string>): Promise<Match[]> {
  const found = await rows<{
    number: string
    name: string
    phone: string | null
    email: string | null
    addressLine1: string | null
    zip: string | null
  }>(
    db,
    sql`select number, name, phone, email, address_line_1 as "addressLine1", zip from master_contact m
      where not exists (select from master_merge g where g.master_contact_id = m.id)
        and (lower(concat_ws(' ', number, name, phone, email)) like ${containing(words)} or lower(name) like ${containing((typed.name ?? '').split(/[\s,]+/).at(-1) ?? '')}
        or phone = ${typed.phone ?? ''} or lower(email) = ${(typed.email ?? '').toLowerCase()}) limit 200`,
  )
  const { name = '', phone, email, addressLine1, zip } = typed
  const likely = likelyOnes(
    { name, phone: phone ?? null, email: email ?? null, addressLine1: addressLine1 ?? null, zip: zip ?? null },
    found,
  )
  const others = words === '' ? [] : found.filter((each) => !likely.some(({ number }) => number === each.number))
  return [
    ...likely.map((each) => ({ value: each.number, label: each.name, detail: each.reasons.join(', ') })),
    ...others.map((each) => ({ value: each.number, label: each.name, detail: each.phone ?? '' })),
  ].slice(0, 20)
}

/** Fields that are searched: the title of what is found, and how. */
export const FINDERS: Record<
  string,
  { title: string; find(db: Db, words: string, typed: Record<string, string>): Promise<Match[]> }
> = {
  cosigner: { title: 'Cosigner', find: people },
  masterContact: { title: 'Master contact', find: masters },
  previous: { title: 'Previous customer', find: previous },
  location: { title: 'Existing location', find: locations },
  owner: { title: 'Owner', find: people },
  landlordOf: { title: 'Landlord of location', find: locations },
}
