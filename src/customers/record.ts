import type { Request, Response } from 'express'
import type { Permission } from '../auth/permissions.ts'
import { Conflict, NotFound } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, param, queryText } from '../web/routes.ts'
import { withSeen } from '../web/seen.ts'
import { goTo, view } from '../web/view.ts'
import type { At, Versioned } from './rows.ts'
import { conflictTold } from './told.ts'

export type Form<T> = {
  show(values?: object, errors?: Record<string, string>, options?: ShowOptions): FormView
  parse(body: unknown, options?: ShowOptions): { ok: true; data: T } | { ok: false; view: FormView }
}

export interface KeptRecord extends At {
  number: string
  values: object
}

interface Needs {
  view: Permission
  edit: Permission
}

const CUSTOMERS: Needs = { view: 'customers.view', edit: 'customers.edit' }

/** Customers, locations, accounts and meters: listed, looked up, added, edited and deleted in the same way. */
export interface RecordKind<T extends { number: string; version?: number | undefined }> {
  /** Where they are: `/customers`. */
  path: string
  /** One of them, as in 'customer'. */
  noun: string
  table: Versioned
  title: string
  menu?: string
  listTemplate: string
  formTemplate: string
  form(ctx: Context): Form<T> | Promise<Form<T>>
  /** Who may see and who may change them; absent = as customers. */
  needs?: Needs
  /** Fields that share a name: boxes. */
  repeats?: readonly string[]
  /** Lists for its select fields; `found` = the record as it is. */
  options(ctx: Context, found?: KeptRecord): Promise<ShowOptions>
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
  const { path, needs = CUSTOMERS } = kind
  const repeats = kind.repeats ? { repeats: kind.repeats } : {}
  return made
    .get(path, needs.view, (req, res) => list(kind, req, res), kind.menu ? { menu: kind.menu } : {})
    .get(`${path}/new`, needs.edit, (req, res) => openNew(kind, req, res))
    .post(path, needs.edit, (req, res) => addOne(kind, req, res), repeats)
    .get(`${path}/:number${path === '/accounts' ? '/edit' : ''}`, needs.view, (req, res) => open(kind, req, res))
    .post(`${path}/:number`, needs.edit, (req, res) => save(kind, req, res), repeats)
    .post(`${path}/:number/delete`, needs.edit, (req, res) => remove(kind, req, res))
}

type Kind = RecordKind<never>

async function list(
  kind: Pick<Kind, 'list' | 'listTemplate' | 'title' | 'path' | 'noun' | 'needs'>,
  req: Request,
  res: Response,
): Promise<void> {
  const ctx = context(res)
  const q = queryText(req)
  const page = pageNumber(req.query.page)
  const { rows, total } = await kind.list(ctx, q, SIZE, (page - 1) * SIZE)
  const data = {
    title: kind.title,
    q,
    rows,
    total,
    path: kind.path,
    noun: kind.noun,
    mayEdit: mayEdit(kind, ctx),
  }
  view(
    req,
    res,
    kind.listTemplate,
    { ...data, paging: paging(kind.path, req.query, page, total, SIZE) },
    {
      block: 'list',
    },
  )
}

async function openNew<T extends { number: string }>(kind: RecordKind<T>, req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const options = await kind.options(ctx)
  const values = await kind.initial(ctx, req.query as Record<string, string>)
  show(kind, req, res, (await kind.form(ctx)).show(values, {}, options))
}

async function addOne<T extends { number: string }>(kind: RecordKind<T>, req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const [form, options] = [await kind.form(ctx), await kind.options(ctx)]
  const parsed = form.parse(req.body, options)
  if (!parsed.ok) return show(kind, req, res, parsed.view, 422)
  try {
    await kind.add(ctx, parsed.data)
    flash(req, `The ${kind.noun} ${parsed.data.number} is added.`)
    goTo(req, res, hrefOf(kind.path, parsed.data.number))
  } catch (error) {
    show(kind, req, res, form.show(req.body as object, refusedErrors(error), options), 422)
  }
}

async function open<T extends { number: string }>(kind: RecordKind<T>, req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const found = await findOne(kind, req, res)
  const [form, options] = [await kind.form(ctx), await kind.options(ctx, found)]
  // who may not edit reads
  const asSeen = mayEdit(kind, ctx) ? options : { ...options, readonly: 'all' as const }
  const shown = withSeen(form.show({ ...found.values, version: found.version }, {}, asSeen))
  show(kind, req, res, shown, 200, found, (await kind.more?.(ctx, found)) ?? {})
}

async function save<T extends { number: string; version?: number | undefined }>(
  kind: RecordKind<T>,
  req: Request,
  res: Response,
): Promise<void> {
  const ctx = context(res)
  const found = await findOne(kind, req, res)
  const [form, options] = [await kind.form(ctx), await kind.options(ctx, found)]
  const more = (await kind.more?.(ctx, found)) ?? {}
  const parsed = form.parse(req.body, options)
  if (!parsed.ok) return show(kind, req, res, parsed.view, 422, found, more)
  try {
    await kind.change(ctx, { id: found.id, version: parsed.data.version ?? 0 }, parsed.data)
    flash(req, `Saved: ${kind.noun} ${parsed.data.number}.`)
    goTo(req, res, hrefOf(kind.path, parsed.data.number))
  } catch (error) {
    if (error instanceof Conflict) return tell(kind, req, res, error)
    show(kind, req, res, form.show(req.body as object, refusedErrors(error), options), 422, found, more)
  }
}

/** Somebody else was quicker: their changes, field by field, and the form to go on with. */
async function tell<T extends { number: string }>(
  kind: RecordKind<T>,
  req: Request,
  res: Response,
  conflict: Conflict,
): Promise<void> {
  const ctx = context(res)
  const found = await findOne(kind, req, res)
  const [form, options] = [await kind.form(ctx), await kind.options(ctx, found)]
  const more = (await kind.more?.(ctx, found)) ?? {}
  const { form: shown, ...told } = await conflictTold(
    ctx.db,
    { ...found, table: kind.table },
    { form, body: req.body, options, conflict },
  )
  show(kind, req, res, shown, 409, found, { ...more, ...told })
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

const mayEdit = ({ needs = CUSTOMERS }: { needs?: Needs }, { may }: Context): boolean => may(needs.edit)

const hrefOf = (path: string, number: string): string => `${path}/${encodeURIComponent(number)}`

interface Shown {
  path: string
  noun: string
  title: string
  formTemplate: string
  needs?: Needs
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
    action: found ? hrefOf(kind.path, found.number) : kind.path,
    number: found?.number ?? '',
    version: found?.version ?? 0,
    noun: kind.noun,
    mayEdit: mayEdit(kind, context(res)),
    theirs: [] as string[],
    whoElse: '',
    ...more,
  }
  view(req, res, kind.formTemplate, data, { status })
}
