import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { conflictTold } from '../customers/told.ts'
import { Conflict } from '../errors.ts'
import { failedSave, refusedErrors } from '../web/refused.ts'
import type { Feature } from '../web/routes.ts'
import { withSeen } from '../web/seen.ts'
import { once } from './once.ts'
import { askRemove, remove } from './record-remove.ts'
import { storeRecord } from './record-service.ts'
import { type Asked, askedOf, done, formNow, foundOf, show } from './record-show.ts'
import { type RecordFrame, typedOf, withFixed } from './records.ts'

/** Routes of one kind of record: New, Save, its page, Delete with its question. */
export function addPanelRecord(made: Feature, frame: RecordFrame): Feature {
  const { tab, need, kept } = frame.kind
  const path = `/panel/:number/${tab}`
  made
    .get(`${path}/new`, need, (req, res) => openNew(frame, req, res))
    .post(path, need, (req, res) => add(frame, req, res))
    .get(`${path}/:id`, need, (req, res) => open(frame, req, res))
    .post(`${path}/:id`, need, (req, res) => save(frame, req, res))
  if (kept) return made
  return made
    .get(`${path}/:id/delete`, need, (req, res) => askRemove(frame, req, res))
    .post(`${path}/:id/delete`, need, (req, res) => remove(frame, req, res))
}

async function openNew(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(frame, req, res)
  const values = (await frame.kind.initial?.(asked.ctx, asked.place, req.query)) ?? {}
  const options = { ...asked.options, readonly: frame.kind.fixedNew ?? [] }
  show(frame.kind, asked, frame.form.show({ ...values, requestId: randomUUID() }, {}, options))
}

async function add(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const { kind, form } = frame
  const asked = await askedOf(frame, req, res)
  const parsed = form.parse(req.body, asked.options)
  if (!parsed.ok) return show(kind, asked, parsed.view, { status: 422 })
  const { ctx, place } = asked
  const { requestId: key, ...body } = parsed.data
  try {
    const row = await kind.row(ctx, place, typedOf(parsed.data))
    const request = key === undefined ? undefined : { path: place.at, key: String(key), body }
    await once(ctx.db, ctx.actor.id, request, (db) => storeRecord(frame, { ...ctx, db }, row))
    done(kind, asked, `The ${kind.noun} is added.`)
  } catch (error) {
    const [status, errors] = failedSave(error)
    const typed = { ...(req.body as object), ...(status === 409 ? { requestId: randomUUID() } : {}) }
    show(kind, asked, form.show(typed, errors, { ...asked.options, readonly: kind.fixedNew ?? [] }), { status })
  }
}

async function open(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(frame, req, res)
  const found = await foundOf(frame, asked)
  const more = await frame.kind.more?.(asked.ctx, asked.place, found)
  show(frame.kind, asked, withSeen(formNow(frame, asked, found)), { found, more })
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
