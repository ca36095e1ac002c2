import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { removeRow } from '../customers/rows.ts'
import { one } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import { RECORD_KINDS } from '../panel/record-kinds.ts'
import { placeOf, storeRecord } from '../panel/record-service.ts'
import { type Found, type Place, type RecordFrame, typedOf, withFixed } from '../panel/records.ts'
import { refusedForm, refusedInput } from '../web/refused.ts'
import { type Call, call, created, type Given, ok } from './call.ts'
import { linked, linkFields, namesOf, outerOf } from './panel-links.ts'
import { answeredOf, sentOf } from './sent-fields.ts'

type Who = Given<unknown, Record<string, unknown>>

/** Calls of what an account's tabs list: list, add, change, delete, by the rules of the tab's own form. */
function recordCalls(frame: RecordFrame): Call[] {
  const path = `/accounts/{number}/${frame.kind.tab}`
  return [list(frame, path), add(frame, path), change(frame, `${path}/{id}`), remove(frame, `${path}/{id}`)]
}

const ID = z.object({ id: z.string() })

/** Fields that hold a row's id or label give way to the codes by which a program names it. */
function sentSchema({ kind }: RecordFrame): z.ZodType<Record<string, unknown>> {
  const links = linkFields(kind.tab)
  const outer = (name: string) => (Object.hasOwn(links, outerOf(kind.tab, name)) ? '' : name)
  return sentOf(kind.fields, outer, links)
}

const list = (frame: RecordFrame, path: string) =>
  call({
    method: 'get',
    path,
    need: 'customers.view',
    summary: `Of this account, its customer and its location: ${frame.kind.noun}`,
    answers: { 200: z.array(answeredOf(sentSchema(frame))) },
    handle: async ({ db, params }) =>
      ok(await answered(db, frame, await listed(db, params.number ?? '', frame.kind.list))),
  })

async function listed(db: Who['db'], number: string, list: SQL): Promise<Listed[]> {
  const found = await one<{ list: Listed[] }>(db, sql`select ${list} as list from account a where a.number = ${number}`)
  if (!found) throw new NotFound('account')
  return found.list
}

type Listed = { id: number; type?: unknown } & Record<string, unknown>

/** As the tab lists them, with ids as text and with the fields by which they are sent. */
async function answered(db: Who['db'], { kind }: RecordFrame, list: Listed[]): Promise<unknown[]> {
  const names = await namesOf(
    db,
    kind.tab,
    list.map(({ id }) => String(id)),
  )
  const leveled = Object.hasOwn(kind.fields, 'level')
  return list.map((each) => {
    const shown = Object.entries(each).filter(([name]) => !name.endsWith('Id') || outerOf(kind.tab, name) === name)
    const level = leveled ? { level: each.level ?? each.type } : {}
    return { ...idsAsText(Object.fromEntries(shown)), ...level, ...names.get(String(each.id)) }
  })
}

/** Ids are text, those of what hangs on a record too. */
function idsAsText(values: Record<string, unknown>): Record<string, unknown> {
  const textOf = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((each) => textOf('', each))
    if (value !== null && typeof value === 'object') return idsAsText(value as Record<string, unknown>)
    return typeof value === 'number' && /^id$|Id$/.test(name) ? String(value) : value
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(name, value)]))
}

const add = (frame: RecordFrame, path: string) =>
  call({
    method: 'post',
    path,
    need: frame.kind.need,
    summary: `Adds: ${frame.kind.noun}`,
    body: sentSchema(frame),
    answers: { 201: ID },
    key: 'call',
    handle: async (given) => {
      const { kind } = frame
      const place = await placeOf(given.db, given.params.number ?? '', kind.tab)
      const initial = (await kind.initial?.(given, place, {})) ?? {}
      const row = await named(kind.tab, async () => kind.row(given, place, await parsed(frame, given, place, initial)))
      return created({ id: String(await named(kind.tab, () => storeRecord(frame, given, row))) })
    },
  })

const change = (frame: RecordFrame, path: string) =>
  call({
    method: 'put',
    path,
    need: frame.kind.need,
    summary: `Changes the fields that are named and leaves the others: ${frame.kind.noun}`,
    body: sentSchema(frame),
    answers: { 200: ID },
    key: 'call',
    handle: async (given) => {
      const { kind } = frame
      const { place, found } = await foundOf(frame, given)
      const typed = await parsed(frame, given, place, found.values, found)
      const row = await named(kind.tab, async () => kind.row(given, place, typed, found))
      return ok({ id: String(await named(kind.tab, () => storeRecord(frame, given, row, found))) })
    },
  })

const remove = (frame: RecordFrame, path: string) =>
  call({
    method: 'delete',
    path,
    need: frame.kind.need,
    summary: `Deletes: ${frame.kind.noun}`,
    answers: { 200: ID },
    key: 'call',
    handle: async (given) => {
      const { kind } = frame
      const { found } = await foundOf(frame, given as Who)
      if (found.removable === false) throw new Refused('in_use', kind.used ?? `This ${kind.noun} stays.`)
      await removeRow(given.db, kind.table, found, given.actor.id, kind.used ?? `This ${kind.noun} is used.`)
      return ok({ id: String(found.id) })
    },
  })

async function foundOf({ kind }: RecordFrame, given: Who): Promise<{ place: Place; found: Found }> {
  const place = await placeOf(given.db, given.params.number ?? '', kind.tab)
  const id = /^[1-9]\d{0,8}$/.test(given.params.id ?? '') ? Number(given.params.id) : 0
  const found = await kind.find(given, place, id)
  if (!found) throw new NotFound(kind.noun)
  return { place, found }
}

/** What is there with what was sent over it, read by the form. What cannot change any more is refused, not passed over. */
async function parsed({ kind, form }: RecordFrame, given: Who, place: Place, before: object, found?: Found) {
  const body = { ...given.body }
  const links = await linked(given.db, kind.tab, before as Record<string, unknown>, body)
  for (const name of Object.keys(linkFields(kind.tab))) delete body[name]
  const sent = { ...ticked(kind.fields, body), ...links }
  refuseFixed(kind.tab, sent, found)
  const typed = asTyped({ ...before, ...sent }, Object.keys(kind.fields))
  const options = (await kind.options?.(given, place, found?.id)) ?? {}
  const read = form.parse(found ? withFixed(found, typed) : typed, options)
  if (read.ok) return typedOf(read.data)
  throw refusedForm(read.view, (name) => outerOf(kind.tab, name))
}

const TICKED_BY: Record<string, string> = { expirationDate: 'hasExpiration', graceDate: 'hasGrace' }

/** A day that is sent ticks the box before it, and one that is taken away clears it. */
function ticked(fields: object, body: Record<string, unknown>): Record<string, unknown> {
  const implied = Object.entries(TICKED_BY).filter(([day, box]) => day in body && !(box in body) && box in fields)
  return { ...body, ...Object.fromEntries(implied.map(([day, box]) => [box, Boolean(body[day])])) }
}

function refuseFixed(tab: string, sent: Record<string, unknown>, found: Found | undefined): void {
  const values = (found?.values ?? {}) as Record<string, unknown>
  const same = (name: string) => String(sent[name] ?? '') === String(values[name] ?? '')
  const changed = (found?.fixed ?? []).filter((name) => name in sent && !same(name))
  if (changed.length === 0) return
  throw refusedInput(Object.fromEntries(changed.map((name) => [outerOf(tab, name), 'This does not change any more.'])))
}

/** Does the work; what is refused by a form's field is refused by its name outside. */
async function named<T>(tab: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refused) || typeof error.detail !== 'object' || error.detail === null) throw error
    const errors = Object.entries(error.detail as Record<string, string>).map(([name, text]) => [
      outerOf(tab, name),
      text,
    ])
    throw refusedInput(Object.fromEntries(errors))
  }
}

/** As the form sends it: text, a ticked box `on`, one that is not ticked left out. */
function asTyped(values: object, names: readonly string[]): Record<string, string> {
  const known = Object.entries(values).filter(([name, value]) => names.includes(name) && value !== false)
  return Object.fromEntries(known.map(([name, value]) => [name, value === true ? 'on' : String(value ?? '')]))
}

export const RECORD_CALLS: Call[] = RECORD_KINDS.flatMap(recordCalls)
