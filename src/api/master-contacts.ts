import { z } from 'zod'
import { takeNumber } from '../customers/rows.ts'
import { masterForm } from '../master-contacts/forms.ts'
import {
  addMaster,
  assign,
  changeMaster,
  listMasters,
  masterOf,
  merge,
  takeOff,
  undoMerge,
} from '../master-contacts/service.ts'
import { refusedForm } from '../web/refused.ts'
import { type Call, call, created, ok } from './call.ts'

const PATH = '/master-contacts'
const MASTER = z.looseObject({ number: z.string(), name: z.string() })
const NUMBER = z.object({ number: z.string() })
const FIELDS = ['number', 'name', 'addressLine1', 'addressLine2', 'city', 'state', 'zip', 'phone', 'email'] as const
const SENT = z.strictObject(
  Object.fromEntries(FIELDS.map((name) => [name, z.string().max(400).nullable().optional()])) as Record<
    (typeof FIELDS)[number],
    z.ZodOptional<z.ZodNullable<z.ZodString>>
  >,
)

const list = call({
  method: 'get',
  path: PATH,
  need: 'customers.view',
  summary: 'Master contacts that match, with their related records and where each is kept; at most 200',
  query: z.strictObject({ q: z.string().max(100).optional(), offset: z.coerce.number().int().min(0).optional() }),
  answers: { 200: z.object({ total: z.number(), masterContacts: z.array(MASTER) }) },
  handle: async ({ db, query }) => {
    const { rows, total } = await listMasters(db, query.q ?? '', 200, query.offset ?? 0)
    return ok({ total, masterContacts: rows.map(({ id: _id, ...each }) => each) })
  },
})

const one = call({
  method: 'get',
  path: `${PATH}/{number}`,
  need: 'customers.view',
  summary: 'A master contact with its related records and what was merged into it',
  answers: { 200: MASTER },
  handle: async ({ db, params }) => {
    const { id: _id, version: _version, values, ...more } = await masterOf(db, params.number ?? '')
    return ok({ ...values, ...more })
  },
})

const add = call({
  method: 'post',
  path: PATH,
  need: 'customers.edit',
  summary: 'Adds a master contact; without a number it gets the next one',
  body: SENT,
  answers: { 201: NUMBER },
  key: 'call',
  handle: async (given) => {
    const number = await given.db.transaction(async (db) => {
      const data = parsed({ number: await takeNumber(db, 'master_contact'), ...given.body })
      await addMaster({ ...given, db }, data)
      return data.number
    })
    return created({ number })
  },
})

const change = call({
  method: 'put',
  path: `${PATH}/{number}`,
  need: 'customers.edit',
  summary: 'Changes the fields that are named and leaves the others',
  body: SENT,
  answers: { 200: NUMBER },
  key: 'call',
  handle: async (given) => {
    const found = await masterOf(given.db, given.params.number ?? '')
    const data = parsed({ ...found.values, ...given.body })
    await changeMaster(given, found, data)
    return ok({ number: data.number })
  },
})

const ASSIGNED = z.strictObject({
  record: z.enum(['customer', 'contact']),
  number: z.string().max(20),
  remove: z.boolean().optional(),
})

const assigned = call({
  method: 'post',
  path: `${PATH}/{number}/records`,
  need: 'customers.edit',
  summary: 'Assigns a customer or a contact to the master contact, or takes it off, if it still is of it',
  body: ASSIGNED,
  answers: { 200: NUMBER },
  key: 'call',
  handle: async (given) => {
    const found = await masterOf(given.db, given.params.number ?? '')
    const { record: kind, number, remove } = given.body
    await (remove ? takeOff : assign)(given, { kind, number }, found)
    return ok({ number: found.number })
  },
})

const merged = call({
  method: 'post',
  path: `${PATH}/{number}/merge`,
  need: 'customers.edit',
  summary: 'Merges another master contact into this one, or takes that back',
  body: z.strictObject({ other: z.string().max(20), undo: z.boolean().optional() }),
  answers: { 200: NUMBER },
  key: 'call',
  handle: async (given) => {
    const kept = await masterOf(given.db, given.params.number ?? '')
    const other = await masterOf(given.db, given.body.other)
    await (given.body.undo ? undoMerge(given, kept, other) : merge(given, kept, other))
    return ok({ number: kept.number })
  },
})

/** Read by the rules of the form. */
function parsed(sent: object) {
  const typed = Object.entries(sent).map(([name, value]) => [name, value ?? ''])
  const read = masterForm.parse(Object.fromEntries(typed))
  if (read.ok) return read.data
  throw refusedForm(read.view)
}

export const MASTER_CONTACT_CALLS: Call[] = [list, one, add, change, assigned, merged]
