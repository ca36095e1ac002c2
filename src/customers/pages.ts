import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { feature, idParam, param } from '../web/routes.ts'
import { goTo } from '../web/view.ts'
import { addAlert, endAlert } from './alerts.ts'
import { customers } from './customers.ts'
import { alertForm } from './forms.ts'
import { locations } from './locations.ts'
import { addOwnerPages } from './owner-pages.ts'
import { addPersonPages } from './person-pages.ts'
import { addPersonalPages } from './personal-pages.ts'
import { placesPage } from './places.ts'
import { addRecord } from './record.ts'
import { addWebLoginPages } from './web-login-pages.ts'

/** Customers and locations as records, what the Customer and Owner tabs write, and the alert messages of a customer. */
export const pages: FeatureMaker = (deps) => {
  const made = feature('customers').get('/customers/places', 'customers.view', placesPage)
  addRecord(made, customers)
  addRecord(made, locations)
  addPersonPages(made)
  addOwnerPages(made)
  addPersonalPages(made, deps)
  addWebLoginPages(made, deps)
  return made
    .post('/customers/:number/alerts', 'customers.edit', postAlert)
    .post('/customers/:number/alerts/:id/end', 'customers.edit', postEnd)
}

const backTo = (req: Request): string => `/customers/${encodeURIComponent(param(req, 'number'))}`

async function postAlert(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const parsed = alertForm.parse(req.body)
  if (parsed.ok) {
    const added = await addAlert(ctx, param(req, 'number'), parsed.data.text)
    flash(
      req,
      added ? 'The alert message is added.' : 'The customer has this alert message already.',
      added ? 'ok' : 'info',
    )
  } else flash(req, parsed.view.summary.map((error) => error.said ?? error.text).join(' '), 'bad')
  goTo(req, res, backTo(req))
}

async function postEnd(req: Request, res: Response): Promise<void> {
  await endAlert(context(res), param(req, 'number'), idParam(req, 'id', 'alert message'))
  flash(req, 'The alert message is ended.')
  goTo(req, res, backTo(req))
}
