import { type SQL, sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import type { PartKind } from './forms.ts'
import type { Notices } from './rules.ts'

export interface StoredPart {
  id: number
  isPrimary: boolean
  [column: string]: string | number | boolean | null
}

/** A contact as it is stored; of the protected numbers no more than their last four. */
export interface StoredContact {
  id: number
  number: string
  version: number
  type: string
  place: 'customer' | 'location'
  contactTypeId: number
  notices: Notices
  firstName: string
  middleName: string | null
  lastName: string
  suffix: string | null
  birthDate: Day | null
  licenceLast4: string | null
  ssnLast4: string | null
  parts: Record<PartKind, StoredPart[]>
}

export interface TypeRow {
  id: number
  code: string
  name: string
  place?: 'customer' | 'location'
}

/** What the tab reads: the contacts, and the types that are offered. */
export interface ContactFacts {
  contacts: StoredContact[]
  total: number
  types: Record<PartKind | 'contact', TypeRow[]>
}

const partsOf = (table: string, columns: SQL): SQL =>
  sql`(select coalesce(json_agg(json_build_object('id', x.id, 'isPrimary', x.is_primary, ${columns}) order by x.is_primary desc, x.id), '[]')
    from ${sql.raw(table)} x where x.contact_id = o.id)`

const PARTS = sql`json_build_object(
  'address', ${partsOf(
    'contact_address',
    sql`'addressTypeId', x.address_type_id, 'careOf', x.care_of, 'addressLine1', x.address_line_1, 'addressLine2', x.address_line_2, 'city', x.city,
      'state', x.state, 'zip', x.zip, 'country', x.country, 'county', x.county, 'geoCode', x.geo_code`,
  )},
  'email', ${partsOf('contact_email', sql`'emailTypeId', x.email_type_id, 'address', x.address, 'description', x.description`)},
  'phone', ${partsOf(
    'contact_phone',
    sql`'phoneTypeId', x.phone_type_id, 'number', x.number, 'extension', x.extension, 'description', x.description`,
  )})`

const typesOf = (table: string, more: SQL = sql``): SQL =>
  sql`(select coalesce(json_agg(json_build_object('id', k.id, 'code', k.code, 'name', k.name ${more}) order by k.code), '[]') from ${sql.raw(table)} k)`

/** Contacts `o` of the account in `a`: its customer's wherever he lives, its location's whoever lives there [001-259, 001-260]. */
export const OF_ACCOUNT = sql`(o.customer_id = a.customer_id or o.location_id = a.location_id)`

/** Json of a page of the contacts of the account in `a`, by name, with what is offered to choose. */
export const contactFacts = (limit: number, offset: number): SQL => sql`json_build_object(
  'contacts', (select coalesce(json_agg(f.fact order by f.at), '[]') from (
    select row_number() over (order by lower(o.last_name), lower(o.first_name), o.id) as at,
      json_build_object('id', o.id, 'number', o.number, 'version', o.version, 'type', k.name, 'place', k.place, 'contactTypeId', o.contact_type_id,
        'notices', o.notices, 'firstName', o.first_name, 'middleName', o.middle_name, 'lastName', o.last_name, 'suffix', o.suffix,
        'birthDate', o.birth_date, 'licenceLast4', o.licence_last4, 'ssnLast4', o.ssn_last4, 'parts', ${PARTS}) as fact
    from contact o join contact_type k on k.id = o.contact_type_id where ${OF_ACCOUNT} order by 1 limit ${limit} offset ${offset}) f),
  'total', (select count(*) from contact o where ${OF_ACCOUNT}),
  'types', json_build_object('contact', ${typesOf('contact_type', sql`, 'place', k.place`)}, 'address', ${typesOf('address_type')},
    'email', ${typesOf('email_type')}, 'phone', ${typesOf('phone_type')}))`

/** The most contacts that a page shows and one Save takes. */
export const PAGE = 20
const ALL = 100_000

/** All contacts of an account, or a page of them. Absent and hidden accounts answer 404 alike. */
export async function readContacts(db: Db, number: string, page?: number): Promise<ContactFacts> {
  const [limit, offset] = page === undefined ? [ALL, 0] : [PAGE, (page - 1) * PAGE]
  const found = await one<{ facts: ContactFacts }>(
    db,
    sql`select ${contactFacts(limit, offset)} as facts from account a where a.number = ${number}`,
  )
  if (!found) throw new NotFound('account')
  return found.facts
}
