import type Big from 'big.js'
import type { Request, Response } from 'express'
import { Refused } from '../errors.ts'
import { formatDay } from '../ledger/calendar.ts'
import { placeOf } from '../panel/record-service.ts'
import type { Place } from '../panel/records.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { failedSave, refusedErrors } from '../web/refused.ts'
import { type Feature, idParam, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { readForm, readsForm } from './forms.ts'
import { beginning, type ReadKind, registerText, spansOf } from './rules.ts'
import {
  changeRead,
  deleteRead,
  enterReads,
  lastOf,
  type Outcome,
  outcomesOf,
  type Placed,
  placedOf,
  type TypedRead,
} from './service.ts'

/** Enter Reads of a location, and its last reads corrected [001-331]. */
export function addReads(made: Feature): void {
  made
    .get('/panel/:number/reads', 'meters.edit', open)
    .post('/panel/:number/reads', 'meters.edit', save)
    .get('/panel/:number/reads/:id', 'meters.edit', openRead)
    .post('/panel/:number/reads/:id', 'meters.edit', saveRead)
    .get('/panel/:number/reads/:id/delete', 'meters.edit', askRemoveRead)
    .post('/panel/:number/reads/:id/delete', 'meters.edit', removeRead)
}

interface Asked {
  place: Place
  placed: Placed[]
  /** Those that stand there now. */
  meters: Placed[]
}

async function askedOf(req: Request, res: Response): Promise<Asked> {
  const { db } = context(res)
  const place = await placeOf(db, param(req, 'number'), 'reads')
  const placed = await placedOf(db, place.locationId)
  return { place, placed, meters: placed.filter(({ earlier, removeDate }) => earlier === null && removeDate === null) }
}

async function open(req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const kinds = Object.fromEntries(asked.meters.map(({ meterId }) => [`kind-${meterId}`, 'actual']))
  show(req, res, asked, readsForm(asked.meters).show({ date: context(res).today, ...kinds }))
}

/** Save stores what is sound; Check only says what it makes of it. */
async function save(req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const form = readsForm(asked.meters)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return show(req, res, asked, parsed.view, { status: 422 })
  const data = parsed.data as Record<string, unknown>
  const date = String(data.date)
  const typed = typedReads(asked.meters, data)
  const outcomes = outcomesOf(asked.placed, date, typed)
  if (data.check) return show(req, res, asked, form.show(req.body as object), { outcomes })
  try {
    const count = await enterReads(context(res), asked.place.locationId, date, typed)
    flash(req, `${count} read${count === 1 ? ' is' : 's are'} saved.`)
    goTo(req, res, asked.place.at)
  } catch (error) {
    show(req, res, asked, form.show(req.body as object, refusedErrors(error)), { outcomes, status: 422 })
  }
}

const typedReads = (meters: readonly Placed[], data: Record<string, unknown>): TypedRead[] =>
  meters.flatMap(({ meterId }) => {
    const read = data[`read-${meterId}`] as Big | undefined
    const kind = data[`kind-${meterId}`] as ReadKind
    return read === undefined
      ? []
      : [{ meterId, reading: read.toFixed(), kind, accept: data[`accept-${meterId}`] === true }]
  })

interface Shown {
  outcomes?: Outcome[]
  status?: number
}

function show(req: Request, res: Response, asked: Asked, form: FormView, { outcomes = [], status = 200 }: Shown = {}) {
  const { place, meters } = asked
  const panel = `/panel/${encodeURIComponent(place.number)}`
  const data = {
    title: `Enter reads for ${place.number}`,
    crumbs: [{ label: place.number, href: `${panel}/location` }],
    panel,
    action: place.at,
    form,
    meters: meters.map((meter, at) => meterRow(meter, form, outcomes, at === 0)),
    recent: asked.placed.flatMap(recentReads).sort((a, b) => (a.date < b.date ? 1 : -1)),
  }
  view(req, res, 'metering/reads', data, { status })
}

function meterRow(meter: Placed, form: FormView, outcomes: readonly Outcome[], first: boolean) {
  const { meterId: id, number, service, serviceName, size, dials } = meter
  const last = spansOf(meter, meter.reads, meter.moved).at(-1)?.to ?? beginning(meter)
  const outcome = outcomes.find(({ meterId }) => meterId === id)
  return {
    number,
    service: `${service} ${serviceName}`,
    size,
    first,
    last: last && { shows: registerText(last.reading, dials), date: last.date, kind: last.kind },
    usage: outcome?.checked?.usage?.toFixed() ?? null,
    days: outcome?.checked?.days ?? 0,
    warnings: outcome?.warnings ?? [],
    refusal: outcome?.refusal ?? '',
    // shown with the field by `enterReads`; a mere Check has no errors
    read: form.by[`read-${id}`],
    kind: form.by[`kind-${id}`],
    accept: form.by[`accept-${id}`],
  }
}

const RECENT = 12

/** The latest reads of an installation; the last of the meter can be corrected. */
function recentReads(meter: Placed) {
  const spans = spansOf(meter, meter.reads, meter.moved).slice(-RECENT)
  const lastDate = meter.reads.at(-1)?.date
  return spans.map(({ to, usage, days }) => ({
    number: meter.number,
    date: to.date,
    shows: registerText(to.reading, meter.dials),
    kind: to.kind,
    usage: usage?.toFixed() ?? '',
    days,
    id: meter.earlier === null && to.date === lastDate ? (meter.reads.find((each) => each === to)?.id ?? null) : null,
  }))
}

async function openRead(req: Request, res: Response): Promise<void> {
  const { place } = await askedOf(req, res)
  const { meter, read } = await lastOf(context(res).db, place.locationId, idParam(req, 'id', 'read'))
  showRead(req, res, place, meter, readForm.show({ ...read }))
}

async function saveRead(req: Request, res: Response): Promise<void> {
  const { place } = await askedOf(req, res)
  const id = idParam(req, 'id', 'read')
  const { meter } = await lastOf(context(res).db, place.locationId, id)
  const parsed = readForm.parse(req.body)
  if (!parsed.ok) return showRead(req, res, place, meter, parsed.view, 422)
  const { reading, version = 0, ...data } = parsed.data
  try {
    const typed = { ...data, version, meterId: meter.meterId, reading: reading.toFixed() }
    await changeRead(context(res), place.locationId, id, typed)
    flash(req, `The read of meter ${meter.number} is saved.`)
    goTo(req, res, place.at)
  } catch (error) {
    const [status, errors] = failedSave(error)
    showRead(req, res, place, meter, readForm.show(req.body as object, errors), status)
  }
}

/** Delete asks once, and says which read goes. */
async function askRemoveRead(req: Request, res: Response): Promise<void> {
  const { place } = await askedOf(req, res)
  const { meter, read } = await lastOf(context(res).db, place.locationId, idParam(req, 'id', 'read'))
  const at = `${place.at}/${param(req, 'id')}`
  view(req, res, 'panel/record-delete', {
    title: `Delete the read of meter ${meter.number}`,
    crumbs: [{ label: `Enter reads for ${place.number}`, href: place.at }],
    noun: 'read',
    found: { name: `of meter ${meter.number}, ${formatDay(read.date)}`, version: read.version },
    goesToo: '',
    action: `${at}/delete`,
    back: at,
  })
}

async function removeRead(req: Request, res: Response): Promise<void> {
  const { place } = await askedOf(req, res)
  const id = idParam(req, 'id', 'read')
  try {
    const number = await deleteRead(
      context(res),
      place.locationId,
      id,
      Number((req.body as { version?: unknown }).version) || undefined,
    )
    flash(req, `The last read of meter ${number} is deleted.`)
    goTo(req, res, place.at)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { meter, read } = await lastOf(context(res).db, place.locationId, id)
    showRead(req, res, place, meter, readForm.show({ ...read }, refusedErrors(error)), 422)
  }
}

function showRead(req: Request, res: Response, place: Place, meter: Placed, form: FormView, status = 200): void {
  const data = {
    title: `Read of meter ${meter.number}`,
    crumbs: [{ label: `Enter reads for ${place.number}`, href: place.at }],
    form,
    action: `${place.at}/${param(req, 'id')}`,
    back: place.at,
    removable: true,
    theirs: [],
    whoElse: '',
  }
  view(req, res, 'panel/record', data, { status })
}
