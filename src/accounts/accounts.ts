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
  account_posted: ['', 'Something was posted to this account meanwhile. Reload the page.'],
}

const USED =
  'This account is used. Undo its final bill, if it has one, and take off its services and whatever else is kept for it; then delete it.'

/** Why an account that has a history stays where it is, and what is done instead. */
const STAYS = {
  number: 'Something was posted to this account or waits to be, so its number stays.',
  customer:
    'Something was posted to this account or waits to be, so it stays with its customer. Final bill it (Customers > Final bill), then set the other customer up here (Setup New Customers); who owns the place is kept in Customers > Landlords.',
  location:
    'Something was posted to this account or waits to be, so it stays at its location. Final bill it (Customers > Final bill), then set the customer up at the other location (Setup New Customers).',
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
    const before = await one<Standing>(db, standing(at.id))
    refuseMoved(before, data)
    const since = before?.status === data.accountStatusId ? {} : { statusSince: today }
    await changeRow(db, account, at, { ...(await rowOf(db, data)), ...since }, actor.id, SENTENCES)
  },
  remove: async ({ db, actor }, at) => {
    const { posted } = (await one<Standing>(db, standing(at.id))) ?? { posted: false }
    if (posted)
      throw new Refused('in_use', 'Something was posted to this account or waits to be. Final bill it instead.')
    await db.transaction(async (tx) => {
      await dropBeginning(tx, at.id, actor.id)
      await removeRow(tx, account, at, actor.id, USED)
    })
  },
}

/** What an account began with is nothing once the account is gone. Who takes it out is written first, for the audit. */
async function dropBeginning(db: Db, accountId: number, by: number): Promise<void> {
  const own = sql`where account_id = ${accountId}`
  await db.execute(sql`update beginning_read set changed_by = ${by}, version = version + 1 ${own}`)
  await db.execute(sql`delete from beginning_read ${own}`)
}

interface Standing {
  status: number
  number: string
  customer: string
  location: string
  posted: boolean
}

const standing = (id: number) =>
  sql`select a.account_status_id as status, a.number, c.number as customer, n.number as location, ledger.account_posted(a.id) as posted
    from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id where a.id = ${id}`

/** An account that something was posted to keeps its number, customer and location: its history is theirs. */
function refuseMoved(before: Standing | undefined, typed: Account): void {
  if (!before?.posted) return
  const moved = (['number', 'customer', 'location'] as const).filter((name) => typed[name] !== before[name])
  if (moved.length === 0) return
  const errors = Object.fromEntries(moved.map((name) => [name, STAYS[name]]))
  throw new Refused('posted', Object.values(errors).join(' '), errors)
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
