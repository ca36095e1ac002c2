import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import { customer } from '../db/tables/customers.ts'
import { NotFound } from '../errors.ts'
import { addCustomer, ownChildren, saveCustomer } from './person.ts'
import { readLists, readPerson } from './person-facts.ts'
import { personForm, type RecordData } from './person-forms.ts'
import { addressShown, besideOf, inForceOn, mailtoOf, personOptions, phonesShown } from './person-page.ts'
import type { Form, RecordKind } from './record.ts'
import { type At, nextNumber, removeRow } from './rows.ts'

// The boxes that depend on the person and the town are not in the form's own type.
type RecordForm = Form<RecordData>

/** Customers > Modify Existing Customers. An ordinary user neither makes nor sees a private customer. */
export const customers: RecordKind<RecordData> = {
  path: '/customers',
  noun: 'customer',
  table: customer,
  title: 'Modify Existing Customers',
  menu: 'Customers > Modify Existing Customers',
  listTemplate: 'customers/list',
  formTemplate: 'customers/customer',
  repeats: ['disallowedPayMethods'],
  form: async ({ db, may }) => personForm('record', besideOf(may, await readLists(db), false)) as unknown as RecordForm,
  options: async ({ db }, found) =>
    personOptions(await readLists(db), (found?.values ?? {}) as Record<string, unknown>),
  initial: async ({ db }) => ({
    number: await nextNumber(db, 'customer'),
    kind: 'individual',
    active: true,
    public: true,
    mailNotices: true,
  }),
  find: async ({ db }, number) => {
    const row = await one<{ id: number }>(db, sql`select id from customer where number = ${number}`)
    const found = row && (await readPerson(db, row.id))
    return found && { ...found.person, values: { ...found.person.values, number } }
  },
  list: ({ db }, query, limit, offset) => listCustomers(db, query, limit, offset),
  add: async (ctx, data) => {
    await addCustomer(ctx, data)
  },
  change: async (ctx, at: At, data) => {
    const found = await readPerson(ctx.db, at.id)
    if (!found) throw new NotFound('customer')
    await saveCustomer(ctx, at, found.person, data)
  },
  remove: ({ db, actor }, at) =>
    db.transaction(async (tx) => {
      await ownChildren(tx, at.id, actor.id)
      const used = 'This customer is used: it has accounts, notes or alerts, or owns a location. Untick Active instead.'
      await removeRow(tx, customer, at, actor.id, used)
    }),
  more: async ({ db, today }, { id }) => {
    const found = await readPerson(db, id)
    if (!found) throw new NotFound('customer')
    const { person } = found
    return {
      alerts: await alertsOf(db, id),
      accounts: await accountsOf(db, id),
      mailto: mailtoOf(person.values.email),
      phones: phonesShown(person),
      addresses: person.addresses.map(addressShown),
      inForce: inForceOn(person, today),
    }
  },
}

/** Texts that are empty are stored as none; a list without a choice as none. */
export function stored(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, value === '' || value === undefined ? null : value]),
  )
}

async function listCustomers(db: Db, query: string, limit: number, offset: number) {
  const like = containing(query)
  const match =
    query === ''
      ? sql`true`
      : sql`lower(concat_ws(' ', c.number, c.name, c.address_line_1, c.phone, c.email, c.alt_customer_id)) like ${like}`
  const total = await one<{ n: number }>(db, sql`select count(*)::int as n from customer c where ${match}`)
  const list = await rows<object>(
    db,
    sql`select c.number, c.name, concat_ws(', ', c.address_line_1, c.city) as address, c.phone, k.code as collection, c.public, c.active,
      (select count(*)::int from account a where a.customer_id = c.id) as accounts,
      (select a.number from account a where a.customer_id = c.id order by a.activity_status = 'Final', ledger.number_order(a.number) desc limit 1) as account
    from customer c left join collection_code k on k.id = c.collection_code_id where ${match}
    order by ledger.number_order(c.number), c.number limit ${limit} offset ${offset}`,
  )
  return { rows: list, total: total?.n ?? 0 }
}

interface Alert {
  id: number
  text: string
  since: string
  by: string
  version: number
}

const alertsOf = (db: Db, customerId: number): Promise<Alert[]> =>
  rows<Alert>(
    db,
    sql`select m.id, m.text, m.since::text, u.name as by, m.version from customer_alert m left join app_user u on u.id = m.added_by
      where m.customer_id = ${customerId} and m.ended_at is null order by m.id`,
  )

const accountsOf = (db: Db, customerId: number) =>
  rows<object>(
    db,
    sql`select a.number, n.service_address as address, a.activity_status as status,
      (select coalesce(sum(o.unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = a.id) as balance
    from account a join location n on n.id = a.location_id where a.customer_id = ${customerId} order by ledger.number_order(a.number)`,
  )
