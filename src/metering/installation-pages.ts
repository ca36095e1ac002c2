import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Db, rows } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import { placeOf } from '../panel/record-service.ts'
import type { Place } from '../panel/records.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { failedSave } from '../web/refused.ts'
import { type Feature, idParam, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { correctForm, exchangeForm, factsOf, installForm, removeForm } from './forms.ts'
import { correctInstallation, exchangeMeter, installMeter, putBack, removeMeter } from './installations.ts'
import { meteredServices } from './meters.ts'
import { registerText, spansOf, totalUsage } from './rules.ts'
import { type Placed, placedOf } from './service.ts'

/** Manage installations: the device history of a location, and what can be done about it [001-332]. */
export function addInstallations(made: Feature): void {
  const path = '/panel/:number/installations'
  made
    .get(path, 'meters.view', list)
    .get(`${path}/new`, 'meters.edit', (req, res) => open(INSTALL, req, res))
    .post(path, 'meters.edit', (req, res) => save(INSTALL, req, res))
    .post(`${path}/:meter/put-back`, 'meters.edit', back)
  for (const each of [REMOVE, EXCHANGE, CORRECT]) {
    made
      .get(`${path}/:meter/${each.path}`, 'meters.edit', (req, res) => open(each, req, res))
      .post(`${path}/:meter/${each.path}`, 'meters.edit', (req, res) => save(each, req, res))
  }
}

interface Form {
  show(values?: object, errors?: Record<string, string>, options?: ShowOptions): FormView
  parse(body: unknown, options?: ShowOptions): { ok: true; data: object } | { ok: false; view: FormView }
}

interface Asked {
  ctx: Context
  place: Place
  /** The meter that is meant; absent for a new one. */
  meter: Placed | undefined
}

/** One thing that is done about a location's meters: a form on a page of its own. */
interface Step<T> {
  path: string
  title: string
  hint: string
  form: Form
  initial(asked: Asked): object
  go(asked: Asked, data: T): Promise<void>
  said(number: string): string
}

const step = <T>(declared: Step<T>): Step<never> => declared as unknown as Step<never>

const ownFacts = ({ meter }: Asked): object => (meter ? { ...meter, number: '', reading: '' } : {})

type InstallData = ReturnType<typeof installForm.schema.parse>

const INSTALL = step<InstallData>({
  path: 'new',
  title: 'Install a meter',
  hint: 'A meter number that is in stock takes that meter; what a meter from stock is stays as it is. Any other number makes a new meter.',
  form: installForm,
  initial: ({ ctx }) => ({ date: ctx.today, multiplier: '1' }),
  go: ({ ctx, place }, { date, number, service, reading, ...facts }) =>
    installMeter(ctx, place.locationId, {
      ...factsOf(facts),
      date,
      number,
      service: service ?? '',
      reading: reading?.toFixed(),
    }),
  said: () => 'The meter is installed.',
})

const REMOVE = step<ReturnType<typeof removeForm.schema.parse>>({
  path: 'remove',
  title: 'Remove',
  hint: 'The meter goes to stock with its final read.',
  form: removeForm,
  initial: ({ ctx }) => ({ date: ctx.today, kind: 'actual' }),
  go: ({ ctx, place, meter }, { final, ...data }) =>
    removeMeter(ctx, place.locationId, meter?.meterId ?? 0, { ...data, reading: final.toFixed() }),
  said: (number) => `Meter ${number} is removed.`,
})

const EXCHANGE = step<ReturnType<typeof exchangeForm.schema.parse>>({
  path: 'exchange',
  title: 'Exchange',
  hint: 'The final read of the old meter and the beginning read of the new one. The usage of both adds up.',
  form: exchangeForm,
  initial: (asked) => ({ ...ownFacts(asked), date: asked.ctx.today, kind: 'actual', reading: '0' }),
  go: ({ ctx, place, meter }, { date, final, kind, accept, number, reading, ...facts }) =>
    exchangeMeter(ctx, place.locationId, meter?.meterId ?? 0, {
      removal: { date, reading: final.toFixed(), kind, accept },
      install: { ...factsOf(facts), date, number, service: '', reading: reading?.toFixed() },
    }),
  said: (number) => `Meter ${number} is exchanged.`,
})

const CORRECT = step<ReturnType<typeof correctForm.schema.parse>>({
  path: 'edit',
  title: 'Correct the installation of',
  hint: 'The day and the read that the meter began with here.',
  form: correctForm,
  initial: ({ meter }) => ({ date: meter?.installDate, reading: meter?.installRead, version: meter?.version }),
  go: ({ ctx, place, meter }, { date, reading, version = 0 }) =>
    correctInstallation(
      ctx,
      place.locationId,
      { meterId: meter?.meterId ?? 0, version },
      { date, reading: reading.toFixed() },
    ),
  said: (number) => `The installation of meter ${number} is saved.`,
})

async function askedOf(req: Request, res: Response): Promise<Asked> {
  const ctx = context(res)
  const place = await placeOf(ctx.db, param(req, 'number'), 'installations')
  if (req.params.meter === undefined) return { ctx, place, meter: undefined }
  const id = idParam(req, 'meter', 'meter')
  const meter = (await placedOf(ctx.db, place.locationId)).find((each) => each.meterId === id && each.earlier === null)
  if (!meter) throw new NotFound('meter')
  return { ctx, place, meter }
}

async function list(req: Request, res: Response): Promise<void> {
  const { ctx, place } = await askedOf(req, res)
  const placed = await placedOf(ctx.db, place.locationId)
  const panel = `/panel/${encodeURIComponent(place.number)}`
  const data = {
    title: `Installations of ${place.number}`,
    crumbs: [{ label: place.number, href: `${panel}/location` }],
    panel,
    at: place.at,
    mayEdit: ctx.may('meters.edit'),
    rows: placed.map(installationRow).sort((a, b) => ((a.installDate ?? '') < (b.installDate ?? '') ? 1 : -1)),
  }
  view(req, res, 'metering/installations', data)
}

function installationRow(meter: Placed) {
  const spans = spansOf(meter, meter.reads, meter.moved)
  const final = meter.removeDate === null ? undefined : spans.at(-1)?.to
  return {
    id: meter.meterId,
    number: meter.number,
    service: `${meter.service} ${meter.serviceName}`,
    size: meter.size,
    installDate: meter.installDate,
    installRead: meter.installRead === null ? '' : registerText(meter.installRead, meter.dials),
    removeDate: meter.removeDate,
    final: final ? registerText(final.reading, meter.dials) : '',
    usage: totalUsage(spans)?.toFixed() ?? '',
    latest: meter.earlier === null,
  }
}

async function lists(db: Db): Promise<ShowOptions> {
  const stock = await rows<{ number: string }>(
    db,
    sql`select number from meter where location_id is null or remove_date is not null order by ledger.number_order(number) limit 200`,
  )
  return {
    options: { service: await meteredServices(db) },
    suggestions: { number: stock.map(({ number }) => number) },
  }
}

async function open(step: Step<never>, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  show(step, asked, req, res, step.form.show(step.initial(asked), {}, await lists(asked.ctx.db)))
}

async function save(step: Step<never>, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const options = await lists(asked.ctx.db)
  const own = 'service' in (req.body as object) ? options : { suggestions: options.suggestions ?? {} }
  const parsed = step.form.parse(req.body, own)
  if (!parsed.ok) return show(step, asked, req, res, parsed.view, 422)
  try {
    await step.go(asked, parsed.data as never)
    flash(req, step.said(asked.meter?.number ?? ''))
    goTo(req, res, asked.place.at)
  } catch (error) {
    const [status, errors] = failedSave(error)
    show(step, asked, req, res, step.form.show(req.body as object, errors, options), status)
  }
}

/** Undoes a removal. */
async function back(req: Request, res: Response): Promise<void> {
  const { ctx, place, meter } = await askedOf(req, res)
  if (!meter || meter.removeDate === null) throw new Refused('not_removed', 'This meter stands here.')
  const number = await putBack(ctx, place.locationId, meter.meterId)
  flash(req, `Meter ${number} is back in its place.`)
  goTo(req, res, place.at)
}

function show(step: Step<never>, { place, meter }: Asked, req: Request, res: Response, form: FormView, status = 200) {
  const data = {
    title: meter ? `${step.title} meter ${meter.number}` : step.title,
    crumbs: [{ label: `Installations of ${place.number}`, href: place.at }],
    form,
    action: meter ? `${place.at}/${meter.meterId}/${step.path}` : place.at,
    back: place.at,
    hint: step.hint,
    last: meter?.reads.at(-1) ?? null,
    lastShows: meter?.reads.length ? registerText(meter.reads.at(-1)?.reading ?? '0', meter.dials) : '',
  }
  view(req, res, 'metering/installation', data, { status })
}
