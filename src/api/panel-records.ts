import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { removeRow } from '../customers/rows.ts'
import { one } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import { RECORD_KINDS } from '../panel/record-kinds.ts'
import { placeOf, storeRecord } from '../panel/record-service.ts'
import { type Found, type Place, type RecordFrame, withFixed } from '../panel/records.ts'
import { refusedForm, refusedInput } from '../web/refused.ts'
import { type Call, call, created, type Given, ok } from './call.ts'

type Who = Given<unknown, Record<string, unknown>>

/** Calls of what an account's tabs list: list, add, change, delete, by the rules of the tab's own form. */
function recordCalls(frame: RecordFrame): Call[] {
  const path = `/accounts/{number}/${frame.kind.tab}`
  return [list(frame, path), add(frame, path), change(frame, `${path}/{id}`), remove(frame, `${path}/{id}`)]
}

const RECORD = z.looseObject({ id: z.number() })
const SENT = z.record(z.string().max(60), z.union([z.string().max(20_000), z.boolean(), z.null()]))

const list = ({ kind }: RecordFrame, path: string) =>
  call({
    method: 'get',
    path,
    need: 'customers.view',
    summary: `Of this account, its customer and its location: ${kind.noun}`,
    answers: { 200: z.array(RECORD) },
    handle: async ({ db, params }) => ok(await listed(db, params.number ?? '', kind.list)),
  })

async function listed(db: Who['db'], number: string, list: SQL): Promise<unknown> {
  const found = await one<{ list: unknown }>(db, sql`select ${list} as list from account a where a.number = ${number}`)
  if (!found) throw new NotFound('account')
  return found.list
}

const add = (frame: RecordFrame, path: string) =>
  call({
    method: 'post',
    path,
    need: frame.kind.need,
    summary: `Adds: ${frame.kind.noun}`,
    body: SENT,
    answers: { 201: z.object({ id: z.number() }) },
    key: 'call',
    handle: async (given) => {
      const { kind } = frame
      const place = await placeOf(given.db, given.params.number ?? '', kind.tab)
      const initial = (await kind.initial?.(given, place, {})) ?? {}
      const row = await kind.row(given, place, await parsed(frame, given, place, initial))
      return created({ id: await storeRecord(frame, given, row) })
    },
  })

const change = (frame: RecordFrame, path: string) =>
  call({
    method: 'put',
    path,
    need: frame.kind.need,
    summary: `Changes the fields that are named and leaves the others: ${frame.kind.noun}`,
    body: SENT,
    answers: { 200: z.object({ id: z.number() }) },
    key: 'call',
    handle: async (given) => {
      const { kind } = frame
      const { place, found } = await foundOf(frame, given)
      const row = await kind.row(given, place, await parsed(frame, given, place, found.values, found), found)
      return ok({ id: await storeRecord(frame, given, row, found) })
    },
  })

const remove = (frame: RecordFrame, path: string) =>
  call({
    method: 'delete',
    path,
    need: frame.kind.need,
    summary: `Deletes: ${frame.kind.noun}`,
    answers: { 200: z.object({ id: z.number() }) },
    key: 'call',
    handle: async (given) => {
      const { kind } = frame
      const { found } = await foundOf(frame, given as Who)
      if (found.removable === false) throw new Refused('in_use', kind.used ?? `This ${kind.noun} stays.`)
      await removeRow(given.db, kind.table, found, given.actor.id, kind.used ?? `This ${kind.noun} is used.`)
      return ok({ id: found.id })
    },
  })

async function foundOf({ kind }: RecordFrame, given: Who): Promise<{ place: Place; found: Found }> {
  const place = await placeOf(given.db, given.params.number ?? '', kind.tab)
  const id = /^[1-9]\d{0,8}$/.test(given.params.id ?? '') ? Number(given.params.id) : 0
  const found = await kind.find(given, place, id)
  if (!found) throw new NotFound(kind.noun)
  return { place, found }
}

/** What is there with what was sent over it, read by the form. */
async function parsed({ kind, form }: RecordFrame, given: Who, place: Place, before: object, found?: Found) {
  const unknown = Object.keys(given.body).find((name) => !Object.hasOwn(kind.fields, name))
  if (unknown !== undefined) throw refusedInput({ [unknown]: 'There is no such field.' })
  const typed = asTyped({ ...before, ...given.body }, Object.keys(kind.fields))
  const options = (await kind.options?.(given, place)) ?? {}
  const read = form.parse(found ? withFixed(found, typed) : typed, options)
  if (read.ok) {
    const { version, seen, ...data } = read.data
    return data as never
  }
  throw refusedForm(read.view)
}

/** As the form sends it: text, a ticked box `on`, one that is not ticked left out. */
function asTyped(values: object, names: readonly string[]): Record<string, string> {
  const known = Object.entries(values).filter(([name, value]) => names.includes(name) && value !== false)
  return Object.fromEntries(known.map(([name, value]) => [name, value === true ? 'on' : String(value ?? '')]))
}

export const RECORD_CALLS: Call[] = RECORD_KINDS.flatMap(recordCalls)
