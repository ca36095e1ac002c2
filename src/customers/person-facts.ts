import { type SQL, sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import { cosignerNumber } from './cosigner.ts'
import { mailingAddresses } from './mailing.ts'
import type { CustomerAddress, MailAddress } from './mailing-rules.ts'
import type { Choice } from './rows.ts'

export interface PhoneRow {
  id: number
  version: number
  type: string | null
  phoneTypeId: number | null
  number: string
}

export interface AddressRow extends MailAddress {
  id: number
  version: number
  type: string | null
  addressTypeId: number | null
  county: string | null
  geoCode: string | null
  mailFrom: string | null
  mailTo: string | null
}

/** A customer as the forms of a person show it, read in the account's own statement. */
export interface PersonFacts {
  id: number
  number: string
  version: number
  /** By the names of the forms' fields. */
  values: Record<string, unknown>
  phoneType: string | null
  /** Further numbers; the primary one is `values.phone`. */
  phones: PhoneRow[]
  /** Further addresses; the primary one stands in `values`. */
  addresses: AddressRow[]
  mailing: CustomerAddress[]
  /** Who changed the record last, and when. */
  changed: { at: string; by: string } | null
}

/** What the select fields offer. */
export interface PersonLists {
  title: string[]
  customerTypeId: Choice[]
  collectionCodeId: Choice[]
  accountStatusId: Choice[]
  addressTypeId: Choice[]
  phoneTypeId: Choice[]
  methods: (Choice & { active: boolean })[]
  /** The town offers customer web access. */
  web: boolean
}

/** What an address is made of, primary or further. */
export const ADDRESS_LINES = [
  'addressTypeId',
  'careOf',
  'addressLine1',
  'addressLine2',
  'city',
  'state',
  'zip',
  'country',
  'county',
  'geoCode',
] as const

export const VALUES = [
  ...[
    'kind',
    'title',
    'firstName',
    'middleName',
    'lastName',
    'suffix',
    'spouse',
    'businessName',
    'name',
    'customerTypeId',
  ],
  ...[
    'altCustomerId',
    'collectionCodeId',
    'disallowedPayMethods',
    'active',
    'public',
    'bankrupt',
    'doNotAcceptPayments',
  ],
  ...['badDebt', 'sentToCollections', 'budgetBilling', 'webUser'],
  ...ADDRESS_LINES,
  ...['email', 'mailNotices', 'emailNotices', 'phone', 'phoneTypeId'],
] as const

const column = (name: string) => name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`)
const values = sql.raw(VALUES.map((name) => `'${name}', c.${column(name)}`).join(', '))

const typeOf = (table: string, column: string) =>
  sql`(select k.name from ${sql.raw(table)} k where k.id = ${sql.raw(column)})`

const PHONES = sql`(select coalesce(json_agg(json_build_object('id', p.id, 'version', p.version,
    'type', ${typeOf('phone_type', 'p.phone_type_id')}, 'phoneTypeId', p.phone_type_id, 'number', p.number) order by p.id), '[]')
  from customer_phone p where p.customer_id = c.id)`

const ADDRESSES = sql`(select coalesce(json_agg(json_build_object('id', d.id, 'version', d.version,
    'type', ${typeOf('address_type', 'd.address_type_id')}, 'addressTypeId', d.address_type_id, 'careOf', d.care_of, 'addressLine1', d.address_line_1,
    'addressLine2', d.address_line_2, 'city', d.city, 'state', d.state, 'zip', d.zip, 'country', d.country, 'county', d.county,
    'geoCode', d.geo_code, 'mailFrom', d.mail_from, 'mailTo', d.mail_to) order by d.id), '[]')
  from customer_address d where d.customer_id = c.id)`

/** Json of a person; `who` is the customer's id in SQL. Null where there is none, or none that may be seen. */
export const personFacts = (who: SQL): SQL =>
  sql`(select json_build_object('id', c.id, 'number', c.number, 'version', c.version, 'values', json_build_object(${values}, 'cosigner', ${cosignerNumber(sql`c.id`)}),
    'phoneType', ${typeOf('phone_type', 'c.phone_type_id')}, 'phones', ${PHONES}, 'addresses', ${ADDRESSES}, 'mailing', ${mailingAddresses(sql`c`)},
    'changed', (select json_build_object('at', h.at, 'by', ${shownName()}) from audit h join app_user u on u.id = h.actor
      where h.subject = 'customer' and h.subject_key = c.id::text and h.action in ('add', 'change') order by h.id desc limit 1))
    from customer c where c.id = ${who})`

const listOf = (table: string, label: string, value = 'k.id::text') =>
  sql.raw(
    `(select coalesce(json_agg(json_build_object('value', ${value}, 'label', ${label}) order by k.code), '[]') from ${table} k)`,
  )
const CODED = `k.code || ' ' || k.name`

/** Json of the lists that a person's forms offer. */
export const PERSON_LISTS: SQL = sql`json_build_object(
  'title', (select coalesce(json_agg(k.name order by k.id), '[]') from title k),
  'customerTypeId', ${listOf('customer_type', CODED)}, 'collectionCodeId', ${listOf('collection_code', CODED)},
  'accountStatusId', ${listOf('account_status', 'k.name')}, 'addressTypeId', ${listOf('address_type', 'k.name')},
  'phoneTypeId', ${listOf('phone_type', 'k.name')},
  'methods', (select coalesce(json_agg(json_build_object('value', k.code, 'label', k.name, 'active', k.active) order by k.id), '[]') from payment_method k),
  'web', exists (select from setting where name = 'customer_web_access' and value = 'yes'))`

/** A person and the lists in a statement of their own: what a save is decided by. */
export async function readPerson(
  db: Db,
  customerId: number,
): Promise<{ person: PersonFacts; lists: PersonLists } | undefined> {
  const found = await one<{ person: PersonFacts | null; lists: PersonLists }>(
    db,
    sql`select ${personFacts(sql`${customerId}`)} as person, ${PERSON_LISTS} as lists`,
  )
  return found?.person ? { person: found.person, lists: found.lists } : undefined
}

/** The lists alone, for a customer that is not there yet. */
export async function readLists(db: Db): Promise<PersonLists> {
  const found = await one<{ lists: PersonLists }>(db, sql`select ${PERSON_LISTS} as lists`)
  if (!found) throw new Error('the lists of a person were not answered')
  return found.lists
}
