import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { customer } from '../db/tables/customers.ts'
import type { FormData } from '../web/form.ts'
import { customerForm, customerFormPrivate } from './forms.ts'
import type { RecordKind } from './record.ts'
import { type At, addRow, changeRow, choices, nextNumber, removeRow, type Sentences } from './rows.ts'

type Customer = FormData<typeof customerForm> & { public?: boolean }

const TAKEN: Sentences = { customer_number_unique: ['number', 'This customer number is taken.'] }

/** Customers > Modify Existing Customers. An ordinary user neither makes nor sees a private customer. */
export const customers: RecordKind<Customer> = {
  path: '/customers',
  noun: 'customer',
  title: 'Modify Existing Customers',
  menu: 'Customers > Modify Existing Customers',
  listTemplate: 'customers/list',
  formTemplate: 'customers/customer',
  form: (ctx) =>
    (ctx.may('private.view') ? customerFormPrivate : customerForm) as unknown as ReturnType<
      RecordKind<Customer>['form']
    >,
  options: async ({ db }) => ({
    options: {
      customerTypeId: await choices(db, sql`customer_type`),
      collectionCodeId: await choices(db, sql`collection_code`),
    },
  }),
  initial: async ({ db }) => ({
    number: await nextNumber(db, 'customer'),
    kind: 'individual',
    active: true,
    public: true,
    mailNotices: true,
  }),
  find: async ({ db }, number) => {
    const [found] = await db.select().from(customer).where(sql`${customer.number} = ${number}`)
    return found && { id: found.id, number, version: found.version, values: found }
  },
  list: ({ db }, query, limit, offset) => listCustomers(db, query, limit, offset),
  add: async ({ db, actor }, { version, ...data }) => {
    await addRow(db, customer, stored(data), actor.id, TAKEN)
  },
  change: ({ db, actor }, at: At, { version, ...data }) => changeRow(db, customer, at, stored(data), actor.id, TAKEN),
  remove: ({ db, actor }, at) =>
    removeRow(
      db,
      customer,
      at,
      actor.id,
      'This customer is used: it has accounts, notes or alerts, or owns a location. Untick Active instead.',
    ),
  more: async ({ db }, { id }) => ({ alerts: await alertsOf(db, id), accounts: await accountsOf(db, id) }),
}

/** Texts that are empty are stored as none; a list without a choice as none. */
export function stored(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, value === '' || value === undefined ? null : value]),
  )
}

async function listCustomers(db: Db, query: string, limit: number, offset: number) {
  const like = `%${query.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const match =
    query === ''
      ? sql`true`
      : sql`lower(concat_ws(' ', c.number, c.name, c.address_line_1, c.phone, c.email, c.alt_customer_id)) like ${like}`
  const total = await one<{ n: number }>(db, sql`select count(*)::int as n from customer c where ${match}`)
  const list = await rows<object>(
    db,
    sql`select c.number, c.name, concat_ws(', ', c.address_line_1, c.city) as address, c.phone, k.code as collection, c.public, c.active,
      (select count(*)::int from account a where a.customer_id = c.id) as accounts
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
