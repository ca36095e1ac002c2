import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import type { ShowOptions } from '../web/form.ts'
import { refusedForm, refusedInput } from '../web/refused.ts'
import { type PersonFacts, type PersonLists, readPerson } from './person-facts.ts'
import { inForceOn } from './person-page.ts'
import type { Form } from './record.ts'

/** A customer as programs see it: links by their codes, nothing as null. */
export type Sent = Record<string, unknown>

/** Fields that name a row of a set-up table: outside by its code. */
const LINKS: Record<string, string> = {
  customerTypeId: 'customer_type',
  collectionCodeId: 'collection_code',
  addressTypeId: 'address_type',
  phoneTypeId: 'phone_type',
  cycleId: 'cycle',
  routeId: 'route',
  revenueClassId: 'revenue_class',
  serviceId: 'service',
}

type Codes = Record<string, Record<string, string>>

/** Ids of the linked tables by code. */
export async function codesOf(db: Db): Promise<Codes> {
  const lists = Object.entries(LINKS).map(
    ([field, table]) => sql`select ${field}::text as field, code, id::text as id from ${sql.raw(table)}`,
  )
  const found = await one<{ codes: Codes }>(
    db,
    sql`select coalesce(jsonb_object_agg(field, codes), '{}') as codes from (select field, jsonb_object_agg(code, id) as codes
      from (${sql.join(lists, sql` union all `)}) x group by field) y`,
  )
  return found?.codes ?? {}
}

export const outerName = (name: string): string => (name in LINKS ? name.slice(0, -2) : name)
const BESIDE = ['version', 'accountVersion', 'seen', 'inner']

export interface Found {
  person: PersonFacts
  lists: PersonLists
  codes: Codes
}

/** The customer of a number; absent and hidden answer 404 alike. */
export async function findCustomer(db: Db, number: string): Promise<Found> {
  const row = await one<{ id: number }>(db, sql`select id from customer where number = ${number}`)
  const read = row && (await readPerson(db, row.id))
  if (!read) throw new NotFound('customer')
  return { ...read, codes: await codesOf(db) }
}

/** What is answered of a customer; the mailing address is the one in force on the day. */
export async function customerAnswer(db: Db, { person, codes }: Found, day: Day): Promise<Sent> {
  const accounts = await one<{ list: string[] }>(
    db,
    sql`select array(select number from account where customer_id = ${person.id} order by ledger.number_order(number), number) as list`,
  )
  const primary = person.values.phone
    ? [
        {
          id: 'primary',
          ...outward({ phoneTypeId: person.values.phoneTypeId, number: person.values.phone }, codes),
          primary: true,
        },
      ]
    : []
  const { phone, phoneTypeId, ...values } = person.values
  return {
    customerNumber: person.number,
    ...outward(values, codes),
    phones: [
      ...primary,
      ...person.phones.map(({ id, number, phoneTypeId: type }) => ({
        id: String(id),
        ...outward({ phoneTypeId: type, number }, codes),
        primary: false,
      })),
    ],
    addresses: person.addresses.map(({ version, type, id, ...lines }) => ({
      id: String(id),
      ...outward(lines, codes),
    })),
    mailingAddress: inForceOn(person, day),
    accounts: accounts?.list ?? [],
  }
}

/** Stored values as programs see them: links by their codes. */
export function outward(values: Sent, codes: Codes): Sent {
  const code = (name: string, id: unknown) =>
    Object.entries(codes[name] ?? {}).find(([, known]) => known === String(id))?.[0] ?? null
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [outerName(name), name in LINKS ? code(name, value) : value]),
  )
}

/**
 * What was sent, read by the form's own rules over what is there; fields that are not named stay. Refused is what the form
 * refuses, by the names of the fields outside.
 */
export function readSent<T>(
  form: Form<T> & { shape: object },
  codes: Codes,
  before: Sent,
  body: Sent,
  options: ShowOptions = {},
): T {
  const names = Object.keys(form.shape).filter((name) => !BESIDE.includes(name))
  const unknown = Object.keys(body).find((name) => !names.some((each) => outerName(each) === name))
  if (unknown !== undefined) throw refusedInput({ [unknown]: 'There is no such field.' })
  const ticked = form.show().fields.filter(({ input }) => input === 'checkbox' || input === 'checks')
  const boxes = new Set(ticked.map(({ name }) => name))
  const typed: Sent = {}
  for (const name of names) {
    const sent = body[outerName(name)]
    const value = sent === undefined ? before[name] : name in LINKS ? idOf(codes, name, sent) : sent
    if (value === null || value === undefined) {
      // an empty field is sent empty; a box that is not ticked, not at all
      if (!boxes.has(name)) typed[name] = ''
    } else if (value !== false) typed[name] = value === true ? 'on' : asTyped(value)
  }
  const parsed = form.parse(typed, options)
  if (parsed.ok) return parsed.data
  throw refusedForm(parsed.view, outerName)
}

const asTyped = (value: unknown): unknown => (Array.isArray(value) ? value.map(String) : String(value))

function idOf(codes: Codes, name: string, code: unknown): string | null {
  if (code === null || code === '') return null
  const id = codes[name]?.[String(code)]
  if (id === undefined) throw refusedInput({ [outerName(name)]: `There is no ${outerName(name)} ${String(code)}.` })
  return id
}

/** Does the work; what the service refuses by a form's field is refused by its name outside. */
export async function outside<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refused) || typeof error.detail !== 'object' || error.detail === null) throw error
    const errors = Object.entries(error.detail as Record<string, string>).map(([name, text]) => [outerName(name), text])
    throw refusedInput(Object.fromEntries(errors))
  }
}
