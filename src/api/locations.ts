import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { locationForm } from '../customers/forms.ts'
import { locations } from '../customers/locations.ts'
import { codesOf, outerName, outside, outward, readSent, type Sent } from '../customers/outside.ts'
import type { KeptRecord } from '../customers/record.ts'
import { takeNumber } from '../customers/rows.ts'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { call, created, type Given, ok } from './call.ts'
import { sentOf } from './sent-fields.ts'

const LIMIT = 50
const BESIDE = ['version', 'seen']
const SENT = sentOf(locationForm.shape, (name) => (BESIDE.includes(name) ? '' : outerName(name)))
const LOCATION = z.looseObject({
  locationNumber: z.string(),
  ...(SENT instanceof z.ZodObject ? SENT.shape : {}),
  accounts: z.array(z.string()),
})
const FOUND = z.object({
  number: z.string(),
  address: z.string(),
  parcel: z.union([z.string(), z.null()]),
  cycle: z.union([z.string(), z.null()]),
  route: z.union([z.string(), z.null()]),
  rental: z.boolean(),
  resident: z.union([z.string(), z.null()]),
})

type Who = Given<unknown, Sent>

async function found(given: Who, number: string): Promise<KeptRecord> {
  const kept = await locations.find(given, number)
  if (!kept) throw new NotFound('location')
  return kept
}

/** A location by its fields, with the accounts there that this person may see, the Current one first. */
async function answered(given: Who, number: string): Promise<Sent> {
  const { id, values } = await found(given, number)
  const row = await one<{ accounts: string[] }>(
    given.db,
    sql`select array(select number from account where location_id = ${id}
      order by activity_status = 'Current' desc, ledger.number_order(number), number) as accounts`,
  )
  const shown = Object.entries(values).filter(([name]) => name in locationForm.shape && !BESIDE.includes(name))
  const { owner, ...rest } = outward(Object.fromEntries(shown), await codesOf(given.db))
  return { locationNumber: number, ...rest, owner: owner === '' ? null : owner, accounts: row?.accounts ?? [] }
}

const list = call({
  method: 'get',
  path: '/locations',
  need: 'customers.view',
  summary: `Locations by number, address, parcel, old id, description or region; at most ${LIMIT}`,
  query: z.strictObject({ query: z.string().max(100).optional() }),
  answers: { 200: z.array(FOUND) },
  handle: async (given) => ok((await locations.list(given, given.query.query ?? '', LIMIT, 0)).rows),
})

const show = call({
  method: 'get',
  path: '/locations/{number}',
  need: 'customers.view',
  summary: 'A location; owner is a customer number, or "not shown"',
  answers: { 200: LOCATION },
  handle: async (given) => ok(await answered(given as Who, given.params.number ?? '')),
})

const add = call({
  method: 'post',
  path: '/locations',
  need: 'customers.edit',
  summary: 'Adds a location; without a number it gets the next one',
  body: SENT,
  answers: { 201: LOCATION },
  key: 'call',
  handle: async (given) => {
    const number = await given.db.transaction(async (db) => {
      const who = { ...given, db }
      const next = 'number' in given.body ? {} : { number: await takeNumber(db, 'location') }
      const initial = { ...(await locations.initial(who, {})), ...next }
      const data = readSent(locationForm, await codesOf(db), initial, given.body, await locations.options(who))
      await outside(() => locations.add(who, data))
      return data.number
    })
    return created(await answered(given, number))
  },
})

const change = call({
  method: 'put',
  path: '/locations/{number}',
  need: 'customers.edit',
  summary: 'Changes the fields that are named and leaves the others',
  body: SENT,
  answers: { 200: LOCATION },
  key: 'call',
  handle: async (given) => {
    const kept = await found(given, given.params.number ?? '')
    const [codes, options] = [await codesOf(given.db), await locations.options(given, kept)]
    const data = readSent(locationForm, codes, kept.values as Sent, given.body, options)
    await outside(() => locations.change(given, kept, data))
    return ok(await answered(given, data.number))
  },
})

export const LOCATION_CALLS = [list, show, add, change]
