import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { one } from '../db/db.ts'
import { location } from '../db/tables/customers.ts'
import { NotFound } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, param, queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { customers } from './customers.ts'
import { isHidden, ownerChange } from './owner-change.ts'
import { addCustomer } from './person.ts'
import { changeRow } from './rows.ts'

const MOST = 50

/** Who owns a rental: chosen of the customers, or a new one; kept when Rental is switched off and on [001-333]. */
export function addOwnerPages(made: Feature): void {
  made
    .get('/panel/:number/owner/choose', 'customers.edit', choose)
    .post('/panel/:number/owner/choose', 'customers.edit', chosen)
    .get('/panel/:number/owner/new', 'customers.edit', openNew)
    .post('/panel/:number/owner/new', 'customers.edit', addNew, { repeats: ['disallowedPayMethods'] })
}

interface Place {
  id: number
  version: number
  address: string
  ownerId: number | null
  owner: { number: string; name: string } | null
  base: string
}

/** The rental of the account. A private owner is not replaced by somebody for whom it is not there. */
async function placeOf(req: Request, { db }: Context): Promise<Place> {
  const number = param(req, 'number')
  const found = await one<Omit<Place, 'base'> & { rental: boolean; hidden: boolean }>(
    db,
    sql`select n.id, n.version, n.service_address as address, n.rental, ${isHidden(sql`n.owner_customer_id`)} as hidden, n.owner_customer_id as "ownerId",
      case when c.id is not null then json_build_object('number', c.number, 'name', c.name) end as owner
    from account a join location n on n.id = a.location_id left join customer c on c.id = n.owner_customer_id where a.number = ${number}`,
  )
  if (!found) throw new NotFound('account')
  if (!found.rental || found.hidden) throw new NotFound('page')
  return { ...found, base: `/panel/${encodeURIComponent(number)}/owner` }
}

async function choose(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const place = await placeOf(req, ctx)
  const q = queryText(req)
  const found = q === '' ? { rows: [], total: 0 } : await customers.list(ctx, q, MOST, 0)
  const data = { title: 'Choose the owner', crumbs: [{ label: 'Owner', href: place.base }], place, q, list: found.rows }
  view(req, res, 'customers/owner-choose', { ...data, total: found.total }, { block: 'list' })
}

async function chosen(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const place = await placeOf(req, ctx)
  const { customer = '', version = '' } = req.body as Record<string, string>
  const ownerId = await ownerChange(ctx.db, customer, place.ownerId, { field: 'customer', noun: 'owner' })
  await setOwner(ctx, { id: place.id, version: Number(version) }, ownerId)
  const owner = await one<{ name: string }>(ctx.db, sql`select name from customer where id = ${ownerId}`)
  flash(
    req,
    owner ? `${owner.name} is the owner of ${place.address}.` : `${place.address} has no owner on file any more.`,
  )
  goTo(req, res, place.base)
}

const setOwner = (
  { db, actor }: Pick<Context, 'db' | 'actor'>,
  at: { id: number; version: number },
  id: number | null,
) => changeRow(db, location, at, { ownerCustomerId: id }, actor.id, {})

async function openNew(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const place = await placeOf(req, ctx)
  const options = await customers.options(ctx)
  show(req, res, place, (await customers.form(ctx)).show(await customers.initial(ctx, {}), {}, options))
}

/** A new customer and the ownership, both or neither. */
async function addNew(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const place = await placeOf(req, ctx)
  const [form, options] = [await customers.form(ctx), await customers.options(ctx)]
  const parsed = form.parse(req.body, options)
  if (!parsed.ok) return show(req, res, place, parsed.view, 422)
  try {
    await ctx.db.transaction(async (tx) => {
      const id = await addCustomer({ ...ctx, db: tx }, parsed.data)
      await setOwner({ ...ctx, db: tx }, place, id)
    })
    flash(req, `The customer ${parsed.data.number} is added, and owns ${place.address}.`)
    goTo(req, res, place.base)
  } catch (error) {
    show(req, res, place, form.show(req.body as object, refusedErrors(error), options), 422)
  }
}

function show(req: Request, res: Response, place: Place, form: FormView, status = 200): void {
  const data = {
    title: 'New owner',
    crumbs: [{ label: 'Owner', href: place.base }],
    form,
    action: `${place.base}/new`,
    number: '',
    mayEdit: true,
    theirs: [],
    whoElse: '',
  }
  view(req, res, 'customers/customer', data, { status })
}
