import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { idParam, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { placeOf } from './record-service.ts'
import type { Found, Kind, Place, RecordFrame } from './records.ts'

/** A request for a record or for a new one: who asks, under which account, and the lists of the form. */
export interface Asked {
  req: Request
  res: Response
  ctx: Context
  place: Place
  options: ShowOptions
}

export async function askedOf({ kind }: RecordFrame, req: Request, res: Response): Promise<Asked> {
  const ctx = context(res)
  const place = await placeOf(ctx.db, param(req, 'number'), kind.tab)
  const id = req.params.id === undefined ? undefined : idParam(req, 'id', kind.noun)
  return { req, res, ctx, place, options: (await kind.options?.(ctx, place, id)) ?? {} }
}

/** The record of the address; NotFound where it is not of this account, or not for this person. */
export async function foundOf({ kind }: RecordFrame, { ctx, place, req }: Asked): Promise<Found> {
  const found = await kind.find(ctx, place, idParam(req, 'id', kind.noun))
  if (!found) throw new NotFound(kind.noun)
  return found
}

/** The form of a record as it is now. */
export const formNow = ({ form }: RecordFrame, { options }: Asked, found: Found, errors = {}): FormView =>
  form.show({ ...found.values, version: String(found.version) }, errors, { ...options, readonly: found.fixed ?? [] })

export const backOf = ({ back }: Kind, place: Place): string =>
  back === undefined ? place.at : `/panel/${encodeURIComponent(place.number)}/${back}`

/** Says what was done and goes back to the tab. */
export function done(kind: Kind, { req, res, place }: Asked, text: string): void {
  flash(req, text)
  goTo(req, res, backOf(kind, place))
}

interface Shown {
  status?: number
  found?: Found
  more?: object | undefined
}

/** The page of a record, or of a new one where none was found. */
export function show(
  kind: Kind,
  { req, res, place }: Asked,
  form: FormView,
  { status = 200, found, more = {} }: Shown = {},
): void {
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
