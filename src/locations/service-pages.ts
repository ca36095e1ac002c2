import type { Request, Response } from 'express'
import { serviceForm } from '../customers/forms.ts'
import { whoChanged } from '../customers/rows.ts'
import { toldOf } from '../customers/told.ts'
import { accountService } from '../db/tables/customers.ts'
import { Conflict } from '../errors.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { failedSave, refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { withSeen } from '../web/seen.ts'
import { goTo, view } from '../web/view.ts'
import {
  addService,
  type Billable,
  billable,
  changeService,
  type KeptService,
  NEW_SERVICE,
  removeService,
  serviceOf,
} from './services.ts'

const accountOf = (req: Request, res: Response) => billable(context(res).db, param(req, 'number'))
const keptOf = (req: Request, res: Response, of: Billable) => serviceOf(context(res).db, of, param(req, 'service'))

const lists = (of: Billable) => ({ options: { serviceId: of.choices } })

/** Utility Maintenance: Add and Edit of a service on the account [001-330]. */
export const pages: FeatureMaker = () => {
  const made = feature('location-services')
  made
    .get('/panel/:number/services/new', 'customers.edit', newService)
    .post('/panel/:number/services', 'customers.edit', postService)
    .get('/panel/:number/services/:service', 'customers.edit', editService)
    .post('/panel/:number/services/:service', 'customers.edit', saveService)
    .post('/panel/:number/services/:service/delete', 'customers.edit', deleteService)
  return made
}

async function newService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const values = { ...NEW_SERVICE, connectDate: context(res).today }
  show(req, res, of, serviceForm.show(values, {}, lists(of)))
}

async function postService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const parsed = serviceForm.parse(req.body, lists(of))
  if (!parsed.ok) return show(req, res, of, parsed.view, { status: 422 })
  try {
    await addService(context(res), of, parsed.data)
    done(req, res, of, 'The service is added.')
  } catch (error) {
    show(req, res, of, serviceForm.show(req.body as object, refusedErrors(error), lists(of)), { status: 422 })
  }
}

async function editService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const kept = await keptOf(req, res, of)
  show(req, res, of, withSeen(serviceForm.show(kept.values, {}, lists(of))), { kept })
}

async function saveService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const kept = await keptOf(req, res, of)
  const parsed = serviceForm.parse(req.body, lists(of))
  if (!parsed.ok) return show(req, res, of, parsed.view, { kept, status: 422 })
  try {
    const at = { id: kept.id, version: parsed.data.version ?? 0 }
    await changeService(context(res), kept, at, parsed.data)
    done(req, res, of, 'The service is saved.')
  } catch (error) {
    if (error instanceof Conflict) return tell(req, res, of, error)
    show(req, res, of, serviceForm.show(req.body as object, refusedErrors(error), lists(of)), { kept, status: 422 })
  }
}

/** Somebody else was quicker: their changes, field by field, and the form to go on with. */
async function tell(req: Request, res: Response, of: Billable, conflict: Conflict): Promise<void> {
  const kept = await keptOf(req, res, of)
  const { form, theirs } = toldOf(kept.values, { form: serviceForm, body: req.body, options: lists(of), conflict })
  const whoElse = (await whoChanged(context(res).db, accountService, kept.id)) ?? ''
  show(req, res, of, form, { kept, status: 409, theirs, whoElse })
}

async function deleteService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const kept = await keptOf(req, res, of)
  try {
    await removeService(context(res), kept)
    done(req, res, of, 'The service is taken off the account.')
  } catch (error) {
    const [status, errors] = failedSave(error)
    show(req, res, of, serviceForm.show(kept.values, errors, lists(of)), { kept, status })
  }
}

const panelOf = (number: string): string => `/panel/${encodeURIComponent(number)}`

function done(req: Request, res: Response, of: Billable, text: string): void {
  flash(req, text)
  goTo(req, res, `${panelOf(of.number)}/location`)
}

interface Shown {
  kept?: KeptService
  status?: number
  /** What somebody else changed meanwhile, in words, and who. */
  theirs?: readonly string[]
  whoElse?: string
}

function show(
  req: Request,
  res: Response,
  of: Billable,
  form: FormView,
  { kept, status = 200, theirs = [], whoElse = '' }: Shown = {},
): void {
  const base = panelOf(of.number)
  const data = {
    title: kept ? `Service ${kept.code} of ${of.number}` : `Add service to ${of.number}`,
    crumbs: [{ label: of.number, href: `${base}/location` }],
    form,
    action: `${base}/services${kept ? `/${encodeURIComponent(kept.code)}` : ''}`,
    removable: kept !== undefined && !kept.billed,
    theirs,
    whoElse,
  }
  view(req, res, 'locations/service', data, { status })
}
