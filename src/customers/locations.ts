import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import { location } from '../db/tables/customers.ts'
import type { FormData } from '../web/form.ts'
import { stored } from './customers.ts'
import { locationForm } from './forms.ts'
import { numberShown, ownerChange } from './owner-change.ts'
import type { RecordKind } from './record.ts'
import { addRow, changeRow, choices, nextNumber, removeRow, type Sentences } from './rows.ts'

type Location = FormData<typeof locationForm>

const TAKEN: Sentences = { location_number_unique: ['number', 'This location number is taken.'] }

/** Customers > Setup New Locations: the location table. */
export const locations: RecordKind<Location> = {
  path: '/locations',
  noun: 'location',
  table: location,
  title: 'Setup New Locations',
  menu: 'Customers > Setup New Locations',
  listTemplate: 'customers/locations',
  formTemplate: 'customers/location',
  form: () => locationForm,
  options: async ({ db }) => ({
    options: {
      cycleId: await choices(db, sql`cycle`),
      routeId: await choices(db, sql`route`),
      revenueClassId: await choices(db, sql`revenue_class`),
    },
    suggestions: await inUse(db),
  }),
  initial: async ({ db }) => ({ number: await nextNumber(db, 'location'), ...(await townOf(db)) }),
  find: async ({ db }, number) => {
    const [found] = await db.select().from(location).where(sql`${location.number} = ${number}`)
    if (!found) return undefined
    const owner = await ownerShown(db, found.ownerCustomerId)
    return { id: found.id, number, version: found.version, values: { ...found, owner } }
  },
  list: ({ db }, query, limit, offset) => listLocations(db, query, limit, offset),
  add: async ({ db, actor }, { version, seen, owner, ...data }) => {
    const ownerCustomerId = await ownerChange(db, owner, null, OWNER)
    await addRow(db, location, { ...stored(data), ownerCustomerId }, actor.id, TAKEN)
  },
  change: async ({ db, actor }, at, { version, seen, owner, ...data }) => {
    const before = await one<{ owner: number | null }>(
      db,
      sql`select owner_customer_id as owner from location where id = ${at.id}`,
    )
    const ownerCustomerId = await ownerChange(db, owner, before?.owner ?? null, OWNER)
    await changeRow(db, location, at, { ...stored(data), ownerCustomerId }, actor.id, TAKEN)
  },
  remove: ({ db, actor }, at) =>
    removeRow(db, location, at, actor.id, 'This location is used: it has accounts, meters or notes.'),
  more: async ({ db }, { id }) => ({ accounts: await accountsAt(db, id) }),
}

const OWNER = { field: 'owner', noun: 'owner' }

async function ownerShown(db: Db, id: number | null): Promise<string> {
  const row = await one<{ number: string }>(db, sql`select ${numberShown(sql`${id}::int`)} as number`)
  return row?.number ?? ''
}

/** Pick or type: the values in use are offered. */
async function inUse(db: Db): Promise<Record<string, string[]>> {
  const row = await one<{ description: string[]; region: string[]; crossStreet: string[] }>(
    db,
    sql`select array(select distinct description from location where description is not null order by 1 limit 200) as description,
      array(select distinct region from location where region is not null order by 1 limit 200) as region,
      array(select distinct cross_street from location where cross_street is not null order by 1 limit 200) as "crossStreet"`,
  )
  return { ...row }
}

async function townOf(db: Db): Promise<Record<string, string>> {
  const found = await rows<{ name: string; value: string }>(
    db,
    sql`select name, value from setting where name in ('city', 'state', 'zip')`,
  )
  return Object.fromEntries(found.map((row) => [row.name, row.value]))
}

async function listLocations(db: Db, query: string, limit: number, offset: number) {
  const like = containing(query)
  const match =
    query === ''
      ? sql`true`
      : sql`lower(concat_ws(' ', n.number, n.service_address, n.parcel_number, n.alt_location_id, n.description, n.region)) like ${like}`
  const total = await one<{ n: number }>(db, sql`select count(*)::int as n from location n where ${match}`)
  const list = await rows<object>(
    db,
    sql`select n.number, n.service_address as address, n.parcel_number as parcel, y.code as cycle, r.code as route, n.rental,
      (select c.name from account a join customer c on c.id = a.customer_id where a.location_id = n.id and a.activity_status = 'Current') as resident
    from location n left join cycle y on y.id = n.cycle_id left join route r on r.id = n.route_id where ${match}
    order by ledger.number_order(n.number), n.number limit ${limit} offset ${offset}`,
  )
  return { rows: list, total: total?.n ?? 0 }
}

const accountsAt = (db: Db, locationId: number) =>
  rows<object>(
    db,
    sql`select a.number, c.name as address, a.activity_status as status,
      (select coalesce(sum(o.unpaid), 0)::numeric(14,2)::text from ledger.open_item o where o.account_id = a.id) as balance
    from account a join customer c on c.id = a.customer_id where a.location_id = ${locationId}
    order by a.activity_status = 'Current' desc, ledger.number_order(a.number) desc`,
  )
