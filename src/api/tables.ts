import { z } from 'zod'
import { Conflict, Refused } from '../errors.ts'
import { SETUP_TABLES } from '../set-up-tables.ts'
import { asText, type Values } from '../tables/merge.ts'
import { linkOptions, listRows, removeRow, rowByCode, saveRow, startValues, valuesOf } from '../tables/service.ts'
import { columnOf, metaOf, outerName, type Row, type TableFrame } from '../tables/table.ts'
import { refusedForm, refusedInput } from '../web/refused.ts'
import { type Call, call, created, type Given, ok } from './call.ts'

type Sent = Record<string, unknown>
type Who = Given<unknown, unknown>

function tableCalls(frame: TableFrame): Call[] {
  const path = `/${frame.file.replace(/\.csv$/, '').replaceAll('_', '-')}`
  const one = `${path}/{${outerName(frame, frame.code)}}`
  return [list(frame, path), add(frame, path), show(frame, one), change(frame, one), remove(frame, one)]
}

const list = (frame: TableFrame, path: string) =>
  call({
    method: 'get',
    path,
    need: 'tables.view',
    summary: `The ${frame.plural}; query = those in which it stands`,
    query: z.strictObject({ query: z.string().max(100).optional() }),
    answers: { 200: z.array(rowSchema(frame)) },
    handle: async ({ db, query }) => ok((await listRows(db, frame, query.query)).map((row) => rowAnswer(frame, row))),
  })

const add = (frame: TableFrame, path: string) =>
  call({
    method: 'post',
    path,
    need: 'tables.edit',
    summary: `Adds: ${frame.singular}`,
    body: sentSchema(frame),
    answers: { 201: rowSchema(frame) },
    key: 'call',
    handle: async (given) => created(await save(frame, given, startValues(frame))),
  })

const show = (frame: TableFrame, path: string) =>
  call({
    method: 'get',
    path,
    need: 'tables.view',
    summary: `One ${frame.singular}`,
    answers: { 200: rowSchema(frame) },
    handle: async (given) => ok(rowAnswer(frame, await rowOf(frame, given))),
  })

const change = (frame: TableFrame, path: string) =>
  call({
    method: 'put',
    path,
    need: 'tables.edit',
    summary: `Changes the fields that are named and leaves the others: ${frame.singular}`,
    body: sentSchema(frame),
    answers: { 200: rowSchema(frame) },
    key: 'call',
    handle: async (given) => {
      const row = await rowOf(frame, given)
      return ok(await save(frame, given, valuesOf(frame, row), row))
    },
  })

const remove = (frame: TableFrame, path: string) =>
  call({
    method: 'delete',
    path,
    need: 'tables.edit',
    summary: `Deletes one that nothing uses: ${frame.singular}`,
    answers: { 200: rowSchema(frame) },
    key: 'call',
    handle: async (given) => {
      const { id, version } = await rowOf(frame, given)
      return ok(rowAnswer(frame, await removeRow(given.db, frame, { id, version, by: given.actor.id })))
    },
  })

const rowOf = (frame: TableFrame, { db, params }: Pick<Who, 'db' | 'params'>): Promise<Row> =>
  rowByCode(db, frame, params[outerName(frame, frame.code)] ?? '')

/** Stores what was sent over what is there, by the form's own rules. Somebody else's change in between is a conflict. */
async function save(
  frame: TableFrame,
  { db, actor, body }: Pick<Who, 'db' | 'actor'> & { body: Sent },
  before: Values,
  row?: Row,
): Promise<Sent> {
  const parsed = frame.form.parse(typed(frame, before, body), { options: await linkOptions(db, frame) })
  if (!parsed.ok) throw refusedForm(parsed.view, (name) => outerName(frame, name))
  const { seen, ...data } = parsed.data
  const known = row ? { id: row.id, seen: { version: row.version, values: before } } : {}
  const saved = await saveRow(db, frame, { data, by: actor.id, ...known }).catch((error: unknown) => {
    const detail = error instanceof Refused ? error.detail : undefined
    throw typeof detail === 'object' ? refused(frame, detail as Record<string, string>) : error
  })
  if (!saved.ok) throw new Conflict(`This ${frame.singular} was changed by somebody else in the meantime.`, {})
  return rowAnswer(frame, saved.row)
}

function refused(frame: TableFrame, errors: Record<string, string>): Refused {
  return refusedInput(Object.fromEntries(Object.entries(errors).map(([name, text]) => [outerName(frame, name), text])))
}

/** The fields as the form is sent them: an unticked box is left out. */
function typed(frame: TableFrame, before: Values, body: Sent): Values {
  const fields = Object.keys(frame.fields).map((name) => {
    const sent = body[outerName(frame, name)]
    return [name, sent === undefined ? (before[name] ?? '') : asText(sent)] as const
  })
  return Object.fromEntries(fields.filter(([name, text]) => text !== '' || metaOf(frame, name).input !== 'checkbox'))
}

/** A field as JSON: a tick is a boolean, a count a number, all else text; a missing value is null. */
function fieldSchema(frame: TableFrame, name: string): z.ZodType {
  const { label } = metaOf(frame, name)
  const { dataType } = columnOf(frame, name)
  const link = frame.links?.[name] !== undefined
  if (dataType === 'boolean') return z.boolean().meta({ title: label })
  if (dataType === 'number' && !link) return z.union([z.int(), z.null()]).meta({ title: label })
  return z.union([z.string().max(20_000), z.null()]).meta({ title: label })
}

const schemas = (frame: TableFrame): Record<string, z.ZodType> =>
  Object.fromEntries(Object.keys(frame.fields).map((name) => [outerName(frame, name), fieldSchema(frame, name)]))

const rowSchema = (frame: TableFrame) => z.object(schemas(frame))

const sentSchema = (frame: TableFrame): z.ZodType<Sent> =>
  z.strictObject(Object.fromEntries(Object.entries(schemas(frame)).map(([name, schema]) => [name, schema.optional()])))

const rowAnswer = (frame: TableFrame, row: Row): Sent =>
  Object.fromEntries(Object.keys(frame.fields).map((name) => [outerName(frame, name), row[name] ?? null]))

/** The calls of every set-up table, out of its declaration: `gl_accounts.csv` in a town folder is `/gl-accounts` here. */
export const TABLE_CALLS: Call[] = SETUP_TABLES.flatMap(tableCalls)
