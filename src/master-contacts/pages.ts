import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { addRecord } from '../customers/record.ts'
import { one } from '../db/db.ts'
import { BadRequest } from '../errors.ts'
import { type Person, personOf, personRoute } from '../panel/person.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { feature, param, queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { masterContacts } from './records.ts'
import {
  assign,
  listMasters,
  masterOf,
  masterOfCustomer,
  merge,
  type RecordKind,
  takeOff,
  undoMerge,
} from './service.ts'

const MOST = 50

/** Customers > Master Contacts, and the choice of one for the customer or the owner of an account. */
export const pages: FeatureMaker = () => {
  const made = addRecord(feature('master-contacts'), masterContacts)
    .post('/master-contacts/:number/records', 'customers.edit', postRecord)
    .get('/master-contacts/:number/merge', 'customers.edit', chooseOther)
    .post('/master-contacts/:number/merge', 'customers.edit', postMerge)
    .post('/master-contacts/:number/undo', 'customers.edit', postUndo)
  personRoute(made, 'get', 'master-contact', 'customers.edit', choose)
  personRoute(made, 'post', 'master-contact', 'customers.edit', chosen)
  return made
}

const hrefOf = (number: string): string => `/master-contacts/${encodeURIComponent(number)}`
const fieldsOf = (req: Request) => req.body as Record<string, string | undefined>

/** `record` is `customer:100` or `contact:1001`; `remove` takes it off this master contact. */
async function postRecord(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const master = await masterOf(ctx.db, param(req, 'number'))
  const { record: sent = '', customer, remove } = fieldsOf(req)
  const [kind, number = ''] = customer ? ['customer', customer.trim()] : split(sent)
  if (kind !== 'customer' && kind !== 'contact') throw new BadRequest('Choose a customer or a contact')
  const record = { kind: kind as RecordKind, number }
  const name = await (remove ? takeOff : assign)(ctx, record, master)
  flash(req, remove ? `${name} is no longer of this master contact.` : `${name} is of this master contact.`)
  goTo(req, res, hrefOf(master.number))
}

function split(record: string): [string, string] {
  const at = record.indexOf(':')
  return [record.slice(0, at), record.slice(at + 1)]
}

async function chooseOther(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const master = await masterOf(db, param(req, 'number'))
  const q = queryText(req)
  const found = await listMasters(db, q, MOST, 0)
  const base = hrefOf(master.number)
  const data = {
    title: `Merge into ${master.name}`,
    crumbs: [{ label: master.name, href: base }],
    base: `${base}/merge`,
    heading: `Which master contact goes into ${master.number} ${master.name}?`,
    button: 'Merge',
    field: 'other',
    q,
    list: found.rows.filter(({ id }) => id !== master.id),
    total: found.total,
    current: null,
    customer: null,
    back: base,
  }
  view(req, res, 'master-contacts/choose', data, { block: 'list' })
}

async function postMerge(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const kept = await masterOf(ctx.db, param(req, 'number'))
  const other = await masterOf(ctx.db, fieldsOf(req).other ?? '')
  await merge(ctx, kept, other)
  flash(req, `${other.name} went into ${kept.name}. Undo stands below.`)
  goTo(req, res, hrefOf(kept.number))
}

async function postUndo(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const kept = await masterOf(ctx.db, param(req, 'number'))
  const other = await masterOf(ctx.db, fieldsOf(req).other ?? '')
  await undoMerge(ctx, kept, other)
  flash(req, `${other.name} is a master contact of its own again.`)
  goTo(req, res, hrefOf(kept.number))
}

interface Current {
  number: string
  name: string
}

const currentOf = (res: Response, { id }: Person): Promise<Current | undefined> =>
  one<Current>(
    context(res).db,
    sql`select m.number, m.name from customer c join master_contact m on m.id = c.master_contact_id where c.id = ${id}`,
  )

/** Master Contact of a customer: search for one, add one, or none [003-035 to 003-037]. */
async function choose(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const person = await personOf(req, res)
  const q = queryText(req)
  const found = q === '' ? { rows: [], total: 0 } : await listMasters(db, q, MOST, 0)
  const current = await currentOf(res, person)
  const data = {
    title: `Master contact of ${person.number} ${person.name}`,
    crumbs: [{ label: person.name, href: person.base }],
    base: `${person.base}/master-contact`,
    heading: `Master contact of ${person.number} ${person.name}`,
    button: 'Choose',
    field: 'master',
    q,
    list: found.rows,
    total: found.total,
    current: current ?? null,
    customer: person.name,
    back: person.base,
  }
  view(req, res, 'master-contacts/choose', data, { block: 'list' })
}

/** `master` is a number, `new`, or empty for none. */
async function chosen(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const person = await personOf(req, res)
  const { master = '', add } = fieldsOf(req)
  if (add) {
    const number = await masterOfCustomer(ctx, person.number)
    flash(req, `Master contact ${number} is made of ${person.name}.`)
    return goTo(req, res, hrefOf(number))
  }
  const found = master === '' ? undefined : await masterOf(ctx.db, master)
  await assign(ctx, { kind: 'customer', number: person.number }, found)
  flash(req, found ? `${found.name} is the master contact of ${person.name}.` : `${person.name} has no master contact.`)
  goTo(req, res, person.base)
}
