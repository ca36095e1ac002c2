import { sql } from 'drizzle-orm'
import { stored } from '../customers/customers.ts'
import { accountForm } from '../customers/forms.ts'
import type { RecordKind } from '../customers/record.ts'
import { addRow, changeRow, choices, nextAccount, removeRow, type Sentences } from '../customers/rows.ts'
import { type Db, one, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import { account } from '../db/tables/customers.ts'
import { Refused } from '../errors.ts'
import type { FormData } from '../web/form.ts'

type Account = FormData<typeof accountForm>

const SENTENCES: Sentences = {
  account_number_unique: ['number', 'This account number is taken.'],
  account_one_current: ['location', 'This location has a Current account already; a location has at most one.'],
}

/** Accounts: a customer at a location. Number = the customer's, a point, two digits; a returning customer gets a new one. */
export const accounts: RecordKind<Account> = {
  path: '/accounts',
  noun: 'account',
  table: account,
  title: 'Accounts',
  listTemplate: 'accounts/list',
  formTemplate: 'accounts/edit',
  form: () => accountForm,
  options: async ({ db }) => ({ options: { accountStatusId: await choices(db, sql`account_status`) } }),
  initial: async ({ db, today }, { customer = '', location = '' }) => ({
    number: customer === '' ? '' : await nextAccount(db, customer),
    customer,
    location,
    activityStatus: 'Current',
    accountStatusId: await statusId(db),
    connectDate: today,
  }),
  find: async ({ db }, number) => {
    const row = await one<{ id: number; version: number; values: object }>(
      db,
      sql`select a.id, a.version, json_build_object('number', a.number, 'customer', c.number, 'location', n.number,
        'activityStatus', a.activity_status, 'accountStatusId', a.account_status_id, 'connectDate', a.connect_date,
        'disconnectDate', a.disconnect_date) as values
      from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id where a.number = ${number}`,
    )
    return row && { ...row, number }
  },
  list: ({ db }, query, limit, offset) => listAccounts(db, query, limit, offset),
  add: async ({ db, actor, today }, data) => {
    await addRow(db, account, { ...(await rowOf(db, data)), statusSince: today }, actor.id, SENTENCES)
  },
  change: async ({ db, actor, today }, at, data) => {
    const before = await one<{ status: number }>(
      db,
      sql`select account_status_id as status from account where id = ${at.id}`,
    )
    const since = before?.status === data.accountStatusId ? {} : { statusSince: today }
    await changeRow(db, account, at, { ...(await rowOf(db, data)), ...since }, actor.id, SENTENCES)
  },
  remove: async ({ db, actor }, at) => {
    const used = 'This account is used: something was posted to it, or it has services. Set it to Final instead.'
    const posted = await one(
      db,
      sql`select 1 from ledger.transaction where account_id = ${at.id}
      union all select 1 from ledger.certification where account_id = ${at.id} limit 1`,
    )
    if (posted) throw new Refused('in_use', used)
    await removeRow(db, account, at, actor.id, used)
  },
}

async function statusId(db: Db): Promise<number | undefined> {
  return (await one<{ id: number }>(db, sql`select id from account_status where code = 'CURRENT'`))?.id
}

async function rowOf(db: Db, { version, seen, customer, location, ...data }: Account) {
  if (data.disconnectDate && data.connectDate && data.disconnectDate < data.connectDate) {
    const sentence = 'The disconnect date is before the connect date.'
    throw new Refused('dates', sentence, { disconnectDate: sentence })
  }
  const ids = await one<{ customer: number | null; location: number | null }>(
    db,
    sql`select (select id from customer where number = ${customer}) as customer, (select id from location where number = ${location}) as location`,
  )
  const errors = {
    ...(ids?.customer ? {} : { customer: `There is no customer ${customer}.` }),
    ...(ids?.location ? {} : { location: `There is no location ${location}.` }),
  }
  if (Object.keys(errors).length > 0) throw new Refused('not_found', Object.values(errors).join(' '), errors)
  return { ...stored(data), customerId: ids?.customer, locationId: ids?.location }
}

async function listAccounts(db: Db, query: string, limit: number, offset: number) {
  const like = containing(query)
  const match =
    query === ''
      ? sql`true`
      : sql`lower(concat_ws(' ', a.number, c.name, n.service_address, n.parcel_number, c.phone)) like ${like}`
  const from = sql`from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id where ${match}`
  const total = await one<{ n: number }>(db, sql`select count(*)::int as n ${from}`)
  const list = await rows<object>(
    db,
    sql`select x.*, (select coalesce(sum(o.unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = x.id) as balance
      from (select a.id, a.number, c.name, n.service_address as address, a.activity_status as status ${from}
        order by ledger.number_order(a.number), a.number limit ${limit} offset ${offset}) x order by ledger.number_order(x.number), x.number`,
  )
  return { rows: list, total: total?.n ?? 0 }
}
