import { z } from 'zod'
import { allLayouts, ownLayout, presetNamed, removeLayout, saveLayout } from '../tax-certification/county-layouts.ts'
import { MOST_FIELDS } from '../tax-certification/layout-fault-rules.ts'
import type { Layout } from '../tax-certification/layout-rules.ts'
import { ALL_SOURCES, type FieldSource } from '../tax-certification/layout-source-rules.ts'
import { call, created, ok } from './call.ts'

const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^\P{Cc}*$/u, 'There is a character in it that cannot be shown.')

const fieldSchema = z.strictObject({
  name: line(100),
  source: z.enum(ALL_SOURCES as [FieldSource, ...FieldSource[]]),
  width: z.int().optional(),
  pad: z.enum(['left', 'right']).optional(),
  fill: line(1).optional(),
  format: line(200).optional(),
  impliedDecimals: z.boolean().optional(),
  digitsOnly: z.boolean().optional(),
  stripPunctuation: z.boolean().optional(),
  cut: z.boolean().optional(),
})
const fields = z.array(fieldSchema).max(2 * MOST_FIELDS)

const layoutSchema = z.strictObject({
  code: line(20),
  name: line(100).min(1),
  kind: z.enum(['csv', 'fixed']),
  lineWidth: z.int().optional(),
  linesPer: z.enum(['account', 'parcel']),
  columnNames: z.boolean(),
  lineEnd: z.enum(['lf', 'crlf']),
  header: fields,
  line: fields,
  trailer: fields,
})
const answer = layoutSchema.extend({ preset: z.boolean() })

const shown = (layout: Layout) => ({ ...layout, preset: presetNamed(layout.code) !== undefined })

const list = call({
  method: 'get',
  path: '/county-layouts',
  need: 'tables.view',
  summary: "The layouts of the county file: the product's own, and the town's",
  answers: { 200: z.array(answer) },
  handle: async ({ db }) => ok((await allLayouts(db)).map(shown)),
})

const show = call({
  method: 'get',
  path: '/county-layouts/{code}',
  need: 'tables.view',
  summary: 'One county layout',
  answers: { 200: answer },
  handle: async ({ db, params: { code = '' } }) => ok(shown(presetNamed(code) ?? (await ownLayout(db, code)).layout)),
})

const add = call({
  method: 'post',
  path: '/county-layouts',
  need: 'tables.edit',
  summary: 'Adds a county layout of the town',
  body: layoutSchema,
  answers: { 201: answer },
  key: 'call',
  handle: async ({ db, actor, body }) => {
    await saveLayout(db, body as Layout, actor.id)
    return created(shown((await ownLayout(db, body.code)).layout))
  },
})

const change = call({
  method: 'put',
  path: '/county-layouts/{code}',
  need: 'tables.edit',
  summary: 'Puts another layout in the place of one of the town',
  body: layoutSchema,
  answers: { 200: answer },
  key: 'call',
  handle: async ({ db, actor, params, body }) => {
    await saveLayout(db, body as Layout, actor.id, await ownLayout(db, params.code ?? ''))
    return ok(shown((await ownLayout(db, body.code)).layout))
  },
})

const remove = call({
  method: 'delete',
  path: '/county-layouts/{code}',
  need: 'tables.edit',
  summary: 'Deletes a county layout of the town; files made with it stay',
  answers: { 200: answer },
  key: 'call',
  handle: async ({ db, actor, params }) => {
    const stored = await ownLayout(db, params.code ?? '')
    await removeLayout(db, stored, actor.id)
    return ok(shown(stored.layout))
  },
})

export const COUNTY_LAYOUT_CALLS = [list, show, add, change, remove]
