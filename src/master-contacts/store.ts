import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import type { Likeable } from './rules.ts'
import { normalEmail, normalPhone } from './rules.ts'

/** A record of the same person or business: what it is, where it is kept, and where it opens [003-030, 003-034]. */
export interface RelatedRecord {
  kind: 'customer' | 'owner' | 'contact'
  number: string
  name: string
  keptIn: string
  href: string
  address: string
  phone: string
  email: string
  /** Named by the master contact itself, not through another record. */
  own: boolean
}

export interface MasterRow {
  id: number
  number: string
  name: string
  records: RelatedRecord[]
  /** Records that are not shown to whoever asks. */
  hidden: number
}

export interface Master extends MasterRow {
  version: number
  values: Record<string, string | null>
  mergedInto: { number: string; name: string; at: string; by: string } | null
  /** What went into this one. */
  merged: { number: string; name: string; at: string; by: string; records: string[] }[]
}

const piece = (text: SQL): SQL => sql`replace(replace(replace(${text}, '%', '%25'), '/', '%2F'), '?', '%3F')`

const CUSTOMER_ADDRESS = sql`concat_ws(', ', nullif(c.address_line_1, ''), nullif(c.city, ''), nullif(concat_ws(' ', c.state, c.zip), ''))`

const ACCOUNT_OF = (condition: SQL): SQL =>
  sql`(select a.number from account a where ${condition} order by a.activity_status = 'Current' desc, ledger.number_order(a.number) desc limit 1)`

/** Customers, the properties they own, and contacts of the master contact `m`. */
const RECORDS = sql`(select coalesce(json_agg(r.record order by r.place, r.sort), '[]') from (
  select 1 as place, ledger.number_order(c.number)::text as sort, json_build_object('kind', 'customer', 'number', c.number, 'name', c.name, 'own', true,
      'keptIn', 'Customers', 'href', '/customers/' || ${piece(sql`c.number`)},
      'address', ${CUSTOMER_ADDRESS}, 'phone', coalesce(c.phone, ''), 'email', coalesce(c.email, '')) as record
    from customer c where c.master_contact_id = m.id
  union all select 2, ledger.number_order(n.number)::text, json_build_object('kind', 'owner', 'number', n.number, 'name', c.name, 'own', false,
      'keptIn', 'Locations, owner of ' || n.service_address, 'href', '/locations/' || ${piece(sql`n.number`)},
      'address', n.service_address, 'phone', '', 'email', '')
    from customer c join location n on n.owner_customer_id = c.id where c.master_contact_id = m.id
  union all select 3, ledger.number_order(o.number)::text, json_build_object('kind', 'contact', 'number', o.number,
      'name', concat_ws(' ', o.first_name, o.middle_name, o.last_name, o.suffix), 'own', true,
      'keptIn', coalesce('Contacts of ' || (select c.name from customer c where c.id = o.customer_id), 'Contacts at ' || (select n.service_address from location n where n.id = o.location_id)),
      'href', coalesce('/panel/' || ${piece(ACCOUNT_OF(sql`a.customer_id = o.customer_id or a.location_id = o.location_id`))} || '/contacts?contact=' || o.id, ''),
      'address', coalesce((select concat_ws(', ', x.address_line_1, x.city, x.state) from contact_address x where x.contact_id = o.id and x.is_primary), ''),
      'phone', coalesce((select x.number from contact_phone x where x.contact_id = o.id and x.is_primary), ''),
      'email', coalesce((select x.address from contact_email x where x.contact_id = o.id and x.is_primary), ''))
    from contact o where o.master_contact_id = m.id) r)`

const HIDDEN = sql`(master_records(m.id) - (select count(*) from customer c where c.master_contact_id = m.id)
  - (select count(*) from contact o where o.master_contact_id = m.id))::int`

const notMerged = sql`not exists (select from master_merge g where g.master_contact_id = m.id)`

/** A page of the master contacts that match, with their records, by name. Those that went into another one are not listed. */
export async function listMasters(
  db: Db,
  query: string,
  limit: number,
  offset: number,
): Promise<{ rows: MasterRow[]; total: number }> {
  const text = sql`lower(concat_ws(' ', m.number, m.name, m.address_line_1, m.city, m.phone, m.email))`
  const match = sql`${notMerged} and ${query === '' ? sql`true` : sql`${text} like ${containing(query)}`}`
  const [total, found] = await Promise.all([
    one<{ n: number }>(db, sql`select count(*)::int as n from master_contact m where ${match}`),
    rows<MasterRow>(
      db,
      sql`select m.id, m.number, m.name, ${RECORDS} as records, ${HIDDEN} as hidden from master_contact m where ${match}
        order by lower(m.name), ledger.number_order(m.number) limit ${limit} offset ${offset}`,
    ),
  ])
  return { rows: found, total: total?.n ?? 0 }
}

const MERGED = sql`(select coalesce(json_agg(json_build_object('number', f.number, 'name', f.name, 'at', g.merged_at, 'by', g.merged_by,
    'records', (select coalesce(json_agg(coalesce('customer ' || c.number || ' ' || c.name, 'contact ' || o.first_name || ' ' || o.last_name) order by v.id), '[]')
      from master_moved v left join customer c on c.id = v.customer_id left join contact o on o.id = v.contact_id where v.master_contact_id = f.id))
  order by g.merged_at desc), '[]') from master_merge g join master_contact f on f.id = g.master_contact_id where g.into_id = m.id)`

export const findMaster = (db: Db, number: string): Promise<Master | undefined> =>
  one<Master>(
    db,
    sql`select m.id, m.number, m.name, m.version, ${RECORDS} as records, ${HIDDEN} as hidden, ${MERGED} as merged,
      json_build_object('number', m.number, 'name', m.name, 'addressLine1', m.address_line_1, 'addressLine2', m.address_line_2, 'city', m.city,
        'state', m.state, 'zip', m.zip, 'phone', m.phone, 'email', m.email) as values,
      (select json_build_object('number', i.number, 'name', i.name, 'at', g.merged_at, 'by', g.merged_by)
        from master_merge g join master_contact i on i.id = g.into_id where g.master_contact_id = m.id) as "mergedInto"
    from master_contact m where m.number = ${number}`,
  )

export interface Candidate extends Likeable {
  kind: 'customer' | 'contact' | 'master'
  number: string
  href: string
}

/** Records that are not this master contact's and share a word of the name, the phone, the e-mail or the street's number with it. */
export async function candidatesOf(db: Db, id: number, like: Likeable, most = 500): Promise<Candidate[]> {
  const longest = like.name.split(/[^\p{L}\p{N}]+/u).sort((a, b) => b.length - a.length)
  const names = longest
    .filter((word) => word.length > 2)
    .slice(0, 3)
    .map(containing)
  const [phone, email, street] = [
    normalPhone(like.phone),
    normalEmail(like.email),
    (like.addressLine1 ?? '').split(' ')[0] ?? '',
  ]
  const looks = (name: SQL, number: SQL, mail: SQL, line: SQL) =>
    sql`(lower(${name}) like any (${sql.param(names)}::text[]) or ${phone} <> '' and right(regexp_replace(coalesce(${number}, ''), '\\D', '', 'g'), 10) = ${phone}
      or ${email} <> '' and lower(coalesce(${mail}, '')) = ${email} or ${street} <> '' and split_part(coalesce(${line}, ''), ' ', 1) = ${street})`
  return rows<Candidate>(
    db,
    sql`select * from (
      select 'customer' as kind, c.number, c.name, c.phone, c.email, c.address_line_1 as "addressLine1", c.zip, '/customers/' || ${piece(sql`c.number`)} as href
        from customer c where c.master_contact_id is null and ${looks(sql`c.name`, sql`c.phone`, sql`c.email`, sql`c.address_line_1`)}
      union all select 'contact', o.number, o.first_name || ' ' || o.last_name, p.number, e.address, d.address_line_1, d.zip,
          coalesce('/panel/' || ${piece(ACCOUNT_OF(sql`a.customer_id = o.customer_id or a.location_id = o.location_id`))} || '/contacts?contact=' || o.id, '')
        from contact o left join contact_phone p on p.contact_id = o.id and p.is_primary left join contact_email e on e.contact_id = o.id and e.is_primary
          left join contact_address d on d.contact_id = o.id and d.is_primary
        where o.master_contact_id is null and ${looks(sql`o.first_name || ' ' || o.last_name`, sql`p.number`, sql`e.address`, sql`d.address_line_1`)}
      union all select 'master', m.number, m.name, m.phone, m.email, m.address_line_1, m.zip, '/master-contacts/' || ${piece(sql`m.number`)}
        from master_contact m where m.id <> ${id} and ${notMerged} and ${looks(sql`m.name`, sql`m.phone`, sql`m.email`, sql`m.address_line_1`)}) x
      limit ${most}`,
  )
}
