import type { Request, Response } from 'express'
import { NOT_SHOWN } from '../customers/owner-change.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { failedSave, refusedErrors } from '../web/refused.ts'
import { feature, param, queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { mustBeProperty, reconnectLandlord, saveProperty } from './agreement.ts'
import { finalBill, findLeaving, postFinalBill, undo } from './final-bill-pages.ts'
import { propertyForm } from './forms.ts'
import { nextConnect, nextOf } from './rules.ts'
import { properties, propertyCount, SHOWN } from './store.ts'

/** Customers > Landlords and Final bill: who owns what, tenants who leave and come, back to the landlord [003]. */
export const pages: FeatureMaker = () =>
  feature('landlords')
    .get('/landlords', 'customers.view', list, { menu: 'Customers > Landlords' })
    .get('/landlords/:location', 'customers.view', show)
    .post('/landlords/:location', 'customers.edit', save)
    .post('/landlords/:location/reconnect', 'customers.edit', reconnect)
    .get('/final-bill', 'customers.edit', findLeaving, { menu: 'Customers > Final bill' })
    .get('/final-bill/:number', 'customers.edit', finalBill)
    .post('/final-bill/:number', 'customers.edit', postFinalBill)
    .post('/final-bill/:number/undo', 'customers.edit', undo)

const SIZE = 100

async function list(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const which = SHOWN.find((each) => each === req.query.show) ?? 'rental'
  const q = queryText(req)
  const links = paging('/landlords', req.query, pageNumber(req.query.page), await propertyCount(db, which, q), SIZE)
  const rows = await properties(db, which, q, SIZE, (links.page - 1) * SIZE)
  view(req, res, 'landlords/list', { title: 'Landlords', rows, which, q, links, mayEdit: may('customers.edit') })
}

const hrefOf = (req: Request): string => `/landlords/${encodeURIComponent(param(req, 'location'))}`

async function show(req: Request, res: Response): Promise<void> {
  const row = await mustBeProperty(context(res).db, param(req, 'location'))
  const landlord = row.hidden ? NOT_SHOWN : (row.landlord ?? '')
  const values = { ...row, landlord, autoConnect: row.since === null ? true : row.autoConnect }
  await render(req, res, propertyForm.show(values))
}

async function render(req: Request, res: Response, form: FormView, status = 200): Promise<void> {
  const { db, may, today } = context(res)
  const row = await mustBeProperty(db, param(req, 'location'))
  const data = {
    title: `Location ${row.location}`,
    crumbs: [{ label: 'Landlords', href: '/landlords' }],
    ...{ row, form, action: hrefOf(req) },
    next: nextOf({ ...row, landlord: row.landlord !== null }),
    connect: nextConnect(row.lastDate, today),
    mayEdit: may('customers.edit'),
  }
  view(req, res, 'landlords/property', data, { status })
}

async function save(req: Request, res: Response): Promise<void> {
  const parsed = propertyForm.parse(req.body)
  if (!parsed.ok) return render(req, res, parsed.view, 422)
  try {
    await saveProperty(context(res), param(req, 'location'), parsed.data)
    flash(req, 'Saved.')
    goTo(req, res, hrefOf(req))
  } catch (error) {
    const [status, errors] = failedSave(error)
    await render(req, res, propertyForm.show(req.body as object, errors), status)
  }
}

async function reconnect(req: Request, res: Response): Promise<void> {
  try {
    const account = await reconnectLandlord(context(res), param(req, 'location'))
    flash(req, `Service is connected to the landlord: account ${account}.`)
    goTo(req, res, `/panel/${encodeURIComponent(account)}`)
  } catch (error) {
    flash(req, Object.values(refusedErrors(error)).join(' '), 'bad')
    goTo(req, res, hrefOf(req))
  }
}
