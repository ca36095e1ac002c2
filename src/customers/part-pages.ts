import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { one } from '../db/db.ts'
import { Conflict, NotFound } from '../errors.ts'
import { once } from '../panel/once.ts'
import { type Person, personOf, personRoute } from '../panel/person.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { failedSave } from '../web/refused.ts'
import { type Feature, param } from '../web/routes.ts'
import { withSeen } from '../web/seen.ts'
import { goTo, view } from '../web/view.ts'
import type { Part, PartKind } from './part.ts'
import { type PersonFacts, type PersonLists, readPerson } from './person-facts.ts'
import { toldOf } from './told.ts'

/** What every form of a part sends beside its own fields. */
interface Sent {
  version?: number | undefined
  requestId?: string | undefined
}

type Handler = (req: Request, res: Response) => unknown

/** Routes of a kind for the customer and the owner of an account, and for a customer by itself. */
export function addPart<T extends Sent>(made: Feature, kind: PartKind<T>): void {
  const everywhere = (method: 'get' | 'post', path: string, handler: Handler) => {
    personRoute(made, method, path, 'customers.edit', handler)
    made[method](`/customers/:number/${path}`, 'customers.edit', handler)
  }
  const { path } = kind
  everywhere('get', `${path}/new`, (req, res) => open(kind, req, res))
  everywhere('post', path, (req, res) => save(kind, req, res))
  everywhere('get', `${path}/:key`, (req, res) => open(kind, req, res))
  everywhere('post', `${path}/:key`, (req, res) => save(kind, req, res))
  everywhere('get', `${path}/:key/delete`, (req, res) => askDelete(kind, req, res))
  everywhere('post', `${path}/:key/delete`, (req, res) => remove(kind, req, res))
}

interface Asked extends Omit<Person, 'who'> {
  ctx: Context
  facts: PersonFacts
  lists: PersonLists
}

/** The person that the address names, by account or by customer number; absent and hidden answer 404 alike. */
async function askedOf(req: Request, res: Response): Promise<Asked> {
  const ctx = context(res)
  const person = req.params.who === undefined ? await customerOf(req, ctx) : await personOf(req, res)
  const read = await readPerson(ctx.db, person.id)
  if (!read) throw new NotFound('customer')
  return { ...person, ctx, facts: read.person, lists: read.lists }
}

async function customerOf(req: Request, { db }: Context): Promise<Omit<Person, 'who'>> {
  const number = param(req, 'number')
  const found = await one<Omit<Person, 'who' | 'base'>>(
    db,
    sql`select c.id, c.version, c.number, c.name from customer c where c.number = ${number}`,
  )
  if (!found) throw new NotFound('customer')
  return { ...found, base: `/customers/${encodeURIComponent(number)}` }
}

async function partOf<T>(kind: PartKind<T>, req: Request, { ctx, facts }: Asked): Promise<Part | undefined> {
  const written = req.params.key
  if (written === undefined) return undefined
  const key = written === 'primary' ? 'primary' : /^[1-9]\d{0,8}$/.test(String(written)) ? Number(written) : undefined
  const found = key === undefined ? undefined : await kind.find(facts, key, ctx)
  if (!found) throw new NotFound(kind.noun)
  return found
}

async function open<T>(kind: PartKind<T>, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const part = await partOf(kind, req, asked)
  const { values, readonly } = part ?? kind.initial(asked.facts)
  const options = { ...kind.options(asked.lists), readonly }
  const beside = part ? { version: part.version } : { requestId: randomUUID() }
  show(kind, asked, req, res, withSeen(kind.form.show({ ...values, ...beside }, {}, options)), part)
}

async function save<T extends Sent>(kind: PartKind<T>, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const part = await partOf(kind, req, asked)
  const { readonly } = part ?? kind.initial(asked.facts)
  const options = { ...kind.options(asked.lists), readonly }
  const parsed = kind.form.parse(req.body, options)
  if (!parsed.ok) return show(kind, asked, req, res, parsed.view, part, { status: 422 })
  try {
    if (part) await kind.save(asked.ctx, asked.facts, parsed.data, { ...part, version: parsed.data.version ?? 0 })
    else await addOnce(kind, asked, parsed.data)
    flash(req, `The ${kind.noun} is ${part ? 'saved' : 'added'}.`)
    goTo(req, res, asked.base)
  } catch (error) {
    if (error instanceof Conflict && part) return tell(kind, req, res, error)
    const [status, errors] = failedSave(error)
    const typed = { ...(req.body as object), ...(status === 409 ? { requestId: randomUUID() } : {}) }
    show(kind, asked, req, res, kind.form.show(typed, errors, options), part, { status })
  }
}

/** A new one, once for its form: the same one sent again adds nothing. */
async function addOnce<T extends Sent>(kind: PartKind<T>, { ctx, facts, base }: Asked, data: T): Promise<void> {
  const { requestId: key, ...body } = data
  const request = key === undefined ? undefined : { path: `${base}/${kind.path}`, key, body }
  await once(ctx.db, ctx.actor.id, request, (db) => kind.save({ ...ctx, db }, facts, data))
}

/** Somebody else was quicker: their changes, and the form to go on with. */
async function tell<T>(kind: PartKind<T>, req: Request, res: Response, conflict: Conflict): Promise<void> {
  const asked = await askedOf(req, res)
  const part = await partOf(kind, req, asked)
  const options = { ...kind.options(asked.lists), readonly: part?.readonly ?? [] }
  const stored = { ...part?.values, version: part?.version }
  const { form, theirs } = toldOf(stored, { form: kind.form, body: req.body, options, conflict })
  show(kind, asked, req, res, form, part, { status: 409, theirs })
}

async function askDelete<T>(kind: PartKind<T>, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const part = await partOf(kind, req, asked)
  const crumbs = [{ label: asked.name, href: asked.base }]
  view(req, res, 'customers/delete-part', {
    title: `Delete ${kind.noun}`,
    crumbs,
    part,
    noun: kind.noun,
    back: asked.base,
  })
}

async function remove<T>(kind: PartKind<T>, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const part = await partOf(kind, req, asked)
  if (!part) throw new NotFound(kind.noun)
  await kind.remove(asked.ctx, asked.facts, {
    key: part.key,
    version: Number((req.body as { version?: string }).version),
  })
  flash(req, `The ${kind.noun} ${part.name} is deleted.`)
  goTo(req, res, asked.base)
}

function show<T>(
  kind: PartKind<T>,
  asked: Asked,
  req: Request,
  res: Response,
  form: FormView,
  part?: Part,
  { status = 200, theirs = [] }: { status?: number; theirs?: string[] } = {},
): void {
  const data = {
    title: part ? `${kind.title}: ${part.name}` : kind.title,
    crumbs: [{ label: asked.name, href: asked.base }],
    form,
    heading: `${asked.number} ${asked.name}`,
    action: `${asked.base}/${kind.path}${part ? `/${part.key}` : ''}`,
    back: asked.base,
    removable: part !== undefined,
    theirs,
  }
  view(req, res, 'customers/part', data, { status })
}
