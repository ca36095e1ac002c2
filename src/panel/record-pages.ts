import type { Request, Response } from 'express'
import { removeRow } from '../customers/rows.ts'
import { conflictTold } from '../customers/told.ts'
import { Conflict, NotFound } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, idParam, param } from '../web/routes.ts'
import { withSeen } from '../web/seen.ts'
import { goTo, view } from '../web/view.ts'
import { placeOf, storeRecord } from './record-service.ts'
import { type Found, type Kind, type Place, type RecordFrame, withFixed } from './records.ts'

/** Routes of one kind of record: New, Save, its page, Delete. */
export function addPanelRecord(made: Feature, frame: RecordFrame): Feature {
  const { tab, need } = frame.kind
  const path = `/panel/:number/${tab}`
  return made
    .get(`${path}/new`, need, (req, res) => openNew(frame, req, res))
    .post(path, need, (req, res) => add(frame, req, res))
    .get(`${path}/:id`, need, (req, res) => open(frame, req, res))
    .post(`${path}/:id`, need, (req, res) => save(frame, req, res))
    .post(`${path}/:id/delete`, need, (req, res) => remove(frame, req, res))
}

interface Asked {
  req: Request
  res: Response
  ctx: Context
  place: Place
  options: ShowOptions
}

async function askedOf({ kind }: RecordFrame, req: Request, res: Response): Promise<Asked> {
  const ctx = context(res)
  const place = await placeOf(ctx.db, param(req, 'number'), kind.tab)
  return { req, res, ctx, place, options: (await kind.options?.(ctx, place)) ?? {} }
}

async function foundOf({ kind }: RecordFrame, { ctx, place, req }: Asked): Promise<Found> {
  const found = await kind.find(ctx, place, idParam(req, 'id', kind.noun))
  if (!found) throw new NotFound(kind.noun)
  return found
}

async function openNew(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(frame, req, res)
  const values = (await frame.kind.initial?.(asked.ctx, asked.place, req.query)) ?? {}
  show(frame.kind, asked, frame.form.show(values, {}, { ...asked.options, readonly: frame.kind.fixedNew ?? [] }))
}

async function add(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const { kind, form } = frame
  const asked = await askedOf(frame, req, res)
  const parsed = form.parse(req.body, asked.options)
  if (!parsed.ok) return show(kind, asked, parsed.view, { status: 422 })
  try {
    const row = await kind.row(asked.ctx, asked.place, typedOf(parsed.data))
    await storeRecord(frame, asked.ctx, row)
    done(kind, asked, `The ${kind.noun} is added.`)
  } catch (error) {
    const options = { ...asked.options, readonly: kind.fixedNew ?? [] }
    show(kind, asked, form.show(req.body as object, refusedErrors(error), options), { status: 422 })
  }
}

async function open(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const { kind, form } = frame
  const asked = await askedOf(frame, req, res)
  const found = await foundOf(frame, asked)
  const values = { ...found.values, version: String(found.version) }
  const shown = form.show(values, {}, { ...asked.options, readonly: found.fixed ?? [] })
  show(kind, asked, withSeen(shown), { found, more: await kind.more?.(asked.ctx, asked.place, found) })
}

async function save(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const { kind, form } = frame
  const asked = await askedOf(frame, req, res)
  const found = await foundOf(frame, asked)
  const options = { ...asked.options, readonly: found.fixed ?? [] }
  const body = withFixed(found, req.body as object)
  const more = await kind.more?.(asked.ctx, asked.place, found)
  const parsed = form.parse(body, options)
  if (!parsed.ok) return show(kind, asked, parsed.view, { status: 422, found, more })
  try {
    const seen = { ...found, version: Number(parsed.data.version ?? 0) }
    const row = await kind.row(asked.ctx, asked.place, typedOf(parsed.data), found)
    await storeRecord(frame, asked.ctx, row, seen)
    done(kind, asked, `The ${kind.noun} is saved.`)
  } catch (error) {
    if (error instanceof Conflict) return tell(frame, asked, body, error)
    show(kind, asked, form.show(body, refusedErrors(error), options), { status: 422, found, more })
  }
}

/** Somebody else was quicker: their changes, field by field, and the form to go on with. */
async function tell(frame: RecordFrame, asked: Asked, body: object, conflict: Conflict): Promise<void> {
  const { kind, form } = frame
  const found = await foundOf(frame, asked)
  const options = { ...asked.options, readonly: found.fixed ?? [] }
  const told = await conflictTold(asked.ctx.db, { ...found, table: kind.table }, { form, body, options, conflict })
  const more = { ...(await kind.more?.(asked.ctx, asked.place, found)), theirs: told.theirs, whoElse: told.whoElse }
  show(kind, asked, told.form, { status: 409, found, more })
}

async function remove(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const { kind } = frame
  const asked = await askedOf(frame, req, res)
  const found = await foundOf(frame, asked)
  if (found.removable === false) throw new NotFound(kind.noun)
  await removeRow(asked.ctx.db, kind.table, found, asked.ctx.actor.id, kind.used ?? `This ${kind.noun} is used.`)
  done(kind, asked, `The ${kind.noun} is deleted.`)
}

function typedOf(data: Record<string, unknown>): never {
  const { version, seen, ...typed } = data
  return typed as never
}

const backOf = ({ back }: Kind, place: Place): string =>
  back === undefined ? place.at : `/panel/${encodeURIComponent(place.number)}/${back}`

function done(kind: Kind, { req, res, place }: Asked, text: string): void {
  flash(req, text)
  goTo(req, res, backOf(kind, place))
}

interface Shown {
  status?: number
  found?: Found
  more?: object | undefined
}

function show(kind: Kind, { req, res, place }: Asked, form: FormView, { status = 200, found, more = {} }: Shown = {}) {
  const noun = kind.noun[0]?.toUpperCase() + kind.noun.slice(1)
  const data = {
    title: found ? `${noun} ${found.name}` : `Add ${kind.noun} to ${place.number}`,
    crumbs: [{ label: place.number, href: backOf(kind, place) }],
    form,
    action: found ? `${place.at}/${found.id}` : place.at,
    back: backOf(kind, place),
    found: found ?? null,
    removable: found !== undefined && found.removable !== false,
    theirs: [] as string[],
    whoElse: '',
    ...more,
  }
  view(req, res, kind.template ?? 'panel/record', data, { status })
}
