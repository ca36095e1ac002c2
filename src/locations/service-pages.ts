import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { stored } from '../customers/customers.ts'
import { serviceForm } from '../customers/forms.ts'
import { refuseUnknownRate } from '../customers/rates.ts'
import { addRow, type Choice, changeRow, removeRow } from '../customers/rows.ts'
import { one, rows } from '../db/db.ts'
import { accountService } from '../db/tables/customers.ts'
import { NotFound, Refused } from '../errors.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { failedSave, refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'

const SENTENCES = { account_service_once: ['serviceId', 'The account has this service already.'] as [string, string] }

interface Of {
  id: number
  number: string
  choices: Choice[]
}

async function accountOf(req: Request, res: Response): Promise<Of> {
  const { db } = context(res)
  const number = param(req, 'number')
  const found = await one<{ id: number }>(db, sql`select id from account where number = ${number}`)
  if (!found) throw new NotFound('account')
  const choices = await rows<Choice>(
    db,
    sql`select id::text as value, code || ' ' || name as label from service s where id <> 0 and (allow_new_billings and active
      or exists (select from account_service x where x.service_id = s.id and x.account_id = ${found.id})) order by sort, code`,
  )
  return { id: found.id, number, choices }
}

const lists = (of: Of) => ({ options: { serviceId: of.choices } })

/** Utility Maintenance: Add and Edit of a service on the account [001-330]. */
export const pages: FeatureMaker = () => {
  const made = feature('location-services')
  made
    .get('/panel/:number/services/new', 'customers.edit', newService)
    .post('/panel/:number/services', 'customers.edit', addService)
    .get('/panel/:number/services/:service', 'customers.edit', editService)
    .post('/panel/:number/services/:service', 'customers.edit', saveService)
    .post('/panel/:number/services/:service/delete', 'customers.edit', removeService)
  return made
}

async function newService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const values = { quantity: '1', units: '1', frequency: 'monthly', connectDate: context(res).today }
  show(req, res, of, serviceForm.show(values, {}, lists(of)))
}

async function addService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const { db, actor } = context(res)
  const parsed = serviceForm.parse(req.body, lists(of))
  if (!parsed.ok) return show(req, res, of, parsed.view, { status: 422 })
  try {
    await refuseUnknownRate(db, parsed.data.rate, 'rate')
    await addRow(db, accountService, { accountId: of.id, ...rowOf(parsed.data) }, actor.id, SENTENCES)
    done(req, res, of, 'The service is added.')
  } catch (error) {
    show(req, res, of, serviceForm.show(req.body as object, refusedErrors(error), lists(of)), { status: 422 })
  }
}

interface Kept {
  id: number
  version: number
  code: string
  values: object
}

async function serviceOf(req: Request, res: Response, of: Of): Promise<Kept> {
  const row = await one<Kept>(
    context(res).db,
    sql`select x.id, x.version, s.code, json_build_object('serviceId', x.service_id, 'rate', x.rate, 'quantity', trim_scale(x.quantity)::text,
        'units', trim_scale(x.units)::text, 'frequency', x.frequency, 'connectDate', x.connect_date, 'disconnectDate', x.disconnect_date,
        'version', x.version) as values
      from account_service x join service s on s.id = x.service_id where x.account_id = ${of.id} and s.code = ${param(req, 'service')}`,
  )
  if (!row) throw new NotFound('service of this account')
  return row
}

async function editService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const kept = await serviceOf(req, res, of)
  show(req, res, of, serviceForm.show(kept.values, {}, lists(of)), { kept })
}

async function saveService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const kept = await serviceOf(req, res, of)
  const { db, actor } = context(res)
  const parsed = serviceForm.parse(req.body, lists(of))
  if (!parsed.ok) return show(req, res, of, parsed.view, { kept, status: 422 })
  try {
    const at = { id: kept.id, version: parsed.data.version ?? 0 }
    await refuseUnknownRate(db, parsed.data.rate, 'rate')
    await changeRow(db, accountService, at, rowOf(parsed.data), actor.id, SENTENCES)
    done(req, res, of, 'The service is saved.')
  } catch (error) {
    const [status, errors] = failedSave(error)
    show(req, res, of, serviceForm.show(req.body as object, errors, lists(of)), { kept, status })
  }
}

/** Takes a service off the account. What it still owes stays; a service that was billed is disconnected by its date instead. */
async function removeService(req: Request, res: Response): Promise<void> {
  const of = await accountOf(req, res)
  const kept = await serviceOf(req, res, of)
  const { db, actor } = context(res)
  await removeRow(db, accountService, kept, actor.id, 'This service is used. Give it a disconnect date instead.')
  done(req, res, of, 'The service is taken off the account.')
}

function rowOf({ version, quantity, units, ...data }: ReturnType<typeof serviceForm.schema.parse>) {
  if (data.disconnectDate && data.connectDate && data.disconnectDate < data.connectDate) {
    const sentence = 'The disconnect date is before the connect date.'
    throw new Refused('dates', sentence, { disconnectDate: sentence })
  }
  return { ...stored(data), quantity: quantity.toFixed(), units: units.toFixed() }
}

const panelOf = (number: string): string => `/panel/${encodeURIComponent(number)}`

function done(req: Request, res: Response, of: Of, text: string): void {
  flash(req, text)
  goTo(req, res, `${panelOf(of.number)}/location`)
}

function show(
  req: Request,
  res: Response,
  of: Of,
  form: FormView,
  { kept, status = 200 }: { kept?: Kept; status?: number } = {},
): void {
  const base = panelOf(of.number)
  const data = {
    title: kept ? `Service ${kept.code} of ${of.number}` : `Add service to ${of.number}`,
    crumbs: [{ label: of.number, href: `${base}/location` }],
    form,
    action: `${base}/services${kept ? `/${encodeURIComponent(kept.code)}` : ''}`,
    removable: kept !== undefined,
  }
  view(req, res, 'locations/service', data, { status })
}
