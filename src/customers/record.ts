import type { Request, Response } from 'express'
import { blank } from '../accounts/blank.ts'
import { Conflict, NotFound } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import type { At } from './rows.ts'

type Form<T> = {
  show(values?: object, errors?: Record<string, string>, options?: ShowOptions): FormView
  parse(body: unknown, options?: ShowOptions): { ok: true; data: T } | { ok: false; view: FormView }
}

export interface KeptRecord extends At {
  number: string
  values: object
}

/** Customers, locations and accounts: listed, looked up, added, edited and deleted in the same way. */
export interface RecordKind<T extends { number: string; version?: number | undefined }> {
  /** Where they are: `/customers`. */
  path: string
  /** One of them, as in 'customer'. */
  noun: string
  title: string
  menu?: string
  listTemplate: string
  formTemplate: string
  form(ctx: Context): Form<T>
  /** Lists for its select fields. */
  options(ctx: Context): Promise<ShowOptions>
  /** What a new one opens with; `query` is the address's. */
  initial(ctx: Context, query: Record<string, string>): Promise<object>
  find(ctx: Context, number: string): Promise<KeptRecord | undefined>
  list(ctx: Context, query: string, limit: number, offset: number): Promise<{ rows: object[]; total: number }>
  add(ctx: Context, data: T): Promise<void>
  change(ctx: Context, at: At, data: T): Promise<void>
  remove(ctx: Context, at: At): Promise<void>
  /** What its form shows beside the fields. */
  more?(ctx: Context, found: KeptRecord): Promise<object>
}

const SIZE = 100

/** Routes of one kind of record: list, New, the form, Save, Delete. */
export function addRecord<T extends { number: string; version?: number | undefined }>(
  made: Feature,
  kind: RecordKind<T>,
): Feature {
  const { path } = kind
  return made
    .get(path, 'customers.view', (req, res) => list(kind, req, res), kind.menu ? { menu: kind.menu } : {})
    .get(`${path}/new`, 'customers.edit', (req, res) => openNew(kind, req, res))
    .post(path, 'customers.edit', (req, res) => addOne(kind, req, res))
    .get(`${path}/:number${path === '/accounts' ? '/edit' : ''}`, 'customers.view', (req, res) => open(kind, req, res))
    .post(`${path}/:number`, 'customers.edit', (req, res) => save(kind, req, res))
    .post(`${path}/:number/delete`, 'customers.edit', (req, res) => remove(kind, req, res))
}

type Kind = RecordKind<never>

async function list(
  kind: Pick<Kind, 'list' | 'listTemplate' | 'title' | 'path' | 'noun'>,
  req: Request,
  res: Response,
): Promise<void> {
  const ctx = context(res)
  const q = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 100) : ''
  const page = pageNumber(req.query.page)
  const { rows, total } = await kind.list(ctx, q, SIZE, (page - 1) * SIZE)
  const data = {
    title: kind.title,
    q,
    rows,
    total,
    path: kind.path,
    noun: kind.noun,
    mayEdit: ctx.may('customers.edit'),
  }
  view(req, res, kind.listTemplate, blank({ ...data, paging: paging(kind.path, req.query, page, total, SIZE) }), {
    block: 'list',
  })
}

async function openNew<T extends { number: string }>(kind: RecordKind<T>, req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const options = await kind.options(ctx)
  const values = await kind.initial(ctx, req.query as Record<string, string>)
  show(kind, req, res, kind.form(ctx).show(values, {}, options))
}

async function addOne<T extends { number: string }>(kind: RecordKind<T>, req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const options = await kind.options(ctx)
  const parsed = kind.form(ctx).parse(req.body, options)
  if (!parsed.ok) return show(kind, req, res, parsed.view, 422)
  try {
    await kind.add(ctx, parsed.data)
    flash(req, `The ${kind.noun} ${parsed.data.number} is added.`)
    goTo(req, res, addressOf(kind.path, parsed.data.number))
  } catch (error) {
    show(kind, req, res, kind.form(ctx).show(req.body as object, refusedErrors(error), options), 422)
  }
}

async function open<T extends { number: string }>(kind: RecordKind<T>, req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const found = await findOne(kind, req, res)
  const options = await kind.options(ctx)
  const values = { ...found.values, version: String(found.version) }
  show(kind, req, res, kind.form(ctx).show(values, {}, options), 200, found, (await kind.more?.(ctx, found)) ?? {})
}

async function save<T extends { number: string; version?: number | undefined }>(
  kind: RecordKind<T>,
  req: Request,
  res: Response,
): Promise<void> {
  const ctx = context(res)
  const found = await findOne(kind, req, res)
  const options = await kind.options(ctx)
  const more = (await kind.more?.(ctx, found)) ?? {}
  const parsed = kind.form(ctx).parse(req.body, options)
  if (!parsed.ok) return show(kind, req, res, parsed.view, 422, found, more)
  try {
    await kind.change(ctx, { id: found.id, version: parsed.data.version ?? 0 }, parsed.data)
    flash(req, `Saved: ${kind.noun} ${parsed.data.number}.`)
    goTo(req, res, addressOf(kind.path, parsed.data.number))
  } catch (error) {
    const [status, errors] = error instanceof Conflict ? [409, { '': error.message }] : [422, refusedErrors(error)]
    show(kind, req, res, kind.form(ctx).show(req.body as object, errors, options), status, found, more)
  }
}

async function remove<T extends { number: string }>(kind: RecordKind<T>, req: Request, res: Response): Promise<void> {
  const found = await findOne(kind, req, res)
  await kind.remove(context(res), found)
  flash(req, `The ${kind.noun} ${found.number} is deleted.`)
  goTo(req, res, kind.path)
}

async function findOne<T extends { number: string }>(
  kind: RecordKind<T>,
  req: Request,
  res: Response,
): Promise<KeptRecord> {
  const found = await kind.find(context(res), param(req, 'number'))
  if (!found) throw new NotFound(kind.noun)
  return found
}

const addressOf = (path: string, number: string): string => `${path}/${encodeURIComponent(number)}`

interface Shown {
  path: string
  noun: string
  title: string
  formTemplate: string
}

function show(
  kind: Shown,
  req: Request,
  res: Response,
  form: FormView,
  status = 200,
  found?: KeptRecord,
  more: object = {},
): void {
  const name = kind.noun[0]?.toUpperCase() + kind.noun.slice(1)
  const data = {
    title: found ? `${name} ${found.number}` : `New ${kind.noun}`,
    crumbs: [{ label: kind.title, href: kind.path }],
    form,
    action: found ? addressOf(kind.path, found.number) : kind.path,
    number: found?.number ?? '',
    version: found?.version ?? 0,
    noun: kind.noun,
    mayEdit: context(res).may('customers.edit'),
    ...more,
  }
  view(req, res, kind.formTemplate, blank(data), { status })
}
