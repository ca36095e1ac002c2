import type { Request, Response } from 'express'
import { BadRequest, Refused } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { menuHref } from '../web/menu.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { type Feature, feature, idParam } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import type { Values } from './merge.ts'
import { cell, formData, theirChanges } from './present.ts'
import {
  getRow,
  keptFields,
  linkOptions,
  listRows,
  moveRow,
  removeRow,
  type Saved,
  saveRow,
  startValues,
  valuesOf,
  whyKept,
} from './service.ts'
import { userName } from './store.ts'
import { metaOf, type Row, type TableFrame } from './table.ts'

const PAGE = 50

/** The screens of the set-up tables. */
export const tablePages =
  (tables: readonly TableFrame[]): FeatureMaker =>
  () =>
    tables.reduce(addTable, feature('tables'))

/** List with lookup, New, form with Save, Delete. */
function addTable(pages: Feature, frame: TableFrame): Feature {
  const { path, menu } = frame
  pages
    .get(path, 'tables.view', (req, res) => showList(frame, req, res), { menu })
    .get(`${path}/new`, 'tables.edit', (req, res) => showForm(frame, req, res))
    .post(`${path}/new`, 'tables.edit', (req, res) => submit(frame, req, res))
    .get(`${path}/:id`, 'tables.view', (req, res) => showForm(frame, req, res, idOf(frame, req)))
    .post(`${path}/:id`, 'tables.edit', (req, res) => submit(frame, req, res, idOf(frame, req)))
    .get(`${path}/:id/delete`, 'tables.edit', (req, res) => askDelete(frame, req, res))
    .post(`${path}/:id/delete`, 'tables.edit', (req, res) => doDelete(frame, req, res))
  if (frame.attempt) {
    pages.post(`${path}/new/try`, 'tables.edit', (req, res) => attempt(frame, req, res))
    pages.post(`${path}/:id/try`, 'tables.edit', (req, res) => attempt(frame, req, res, idOf(frame, req)))
  }
  if (frame.order === 'sort') pages.post(`${path}/:id/move`, 'tables.edit', (req, res) => move(frame, req, res))
  return pages
}

const idOf = (frame: TableFrame, req: Request): number => idParam(req, 'id', frame.singular)

async function showList(frame: TableFrame, req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const query = typeof req.query.q === 'string' ? req.query.q : ''
  const found = await listRows(db, frame, query)
  const pages = paging(frame.path, { q: query }, pageNumber(req.query.page), found.length, PAGE)
  const rows = found.slice((pages.page - 1) * PAGE, pages.page * PAGE)
  const data = {
    frame,
    title: frame.title,
    heading: upper(frame.plural),
    query,
    total: found.length,
    pages,
    heads: frame.columns.map((name) => ({
      label: metaOf(frame, name).label,
      amount: metaOf(frame, name).input === 'money',
    })),
    rows: rows.map((row) => ({ id: row.id, cells: frame.columns.map((name) => cell(frame, row, name)) })),
    mayEdit: may('tables.edit'),
    ordered: frame.order === 'sort' && query === '' && may('tables.edit'),
  }
  view(req, res, 'tables/list', data, { block: 'rows' })
}

async function showForm(frame: TableFrame, req: Request, res: Response, id?: number): Promise<void> {
  const row = id === undefined ? undefined : await getRow(context(res).db, frame, id)
  const values = row ? valuesOf(frame, row) : startValues(frame)
  const options = await optionsOf(frame, context(res), row)
  const form = frame.form.show({ ...values, ...(row ? { seen: seenOf(frame, row) } : {}) }, {}, options)
  await render(frame, req, res, pageOf(frame, context(res), row, form), 200)
}

/** The form in the frame's own template, with what that asks for beside it. */
async function render(
  frame: TableFrame,
  req: Request,
  res: Response,
  page: { form: FormView },
  status: number,
  beside: Values = {},
) {
  const typed = page.form.fields.map(({ name, input, value, checked }) => [
    name,
    input === 'checkbox' ? (checked ? 'on' : '') : value,
  ])
  const more = (await frame.more?.(context(res).db, { ...beside, ...Object.fromEntries(typed) })) ?? {}
  view(
    req,
    res,
    frame.template ?? 'tables/form',
    { ...page, ...more },
    { status, ...(frame.attempt ? { block: 'editor' } : {}) },
  )
}

/** A press of a button inside the form's own editor: the form as it would be, nothing stored. */
async function attempt(frame: TableFrame, req: Request, res: Response, id?: number): Promise<void> {
  const row = id === undefined ? undefined : await getRow(context(res).db, frame, id)
  const options = await optionsOf(frame, context(res), row)
  const { _csrf, ...body } = req.body as Values
  const typed = withKept(body, row && valuesOf(frame, row), options.readonly, frame)
  const values = frame.attempt?.(typed) ?? typed
  await render(frame, req, res, pageOf(frame, context(res), row, frame.form.show(values, {}, options)), 200, values)
}

const seenOf = (frame: TableFrame, row: Row): string =>
  JSON.stringify({ version: row.version, values: valuesOf(frame, row) })

function pageOf(
  frame: TableFrame,
  { may }: Context,
  row: Row | undefined,
  form: ReturnType<TableFrame['form']['show']>,
) {
  const kept = row && frame.kept?.(row)
  const groups = frame.groups ?? [
    { title: row ? String(row[frame.code]) : `New ${frame.singular}`, fields: Object.keys(frame.fields) },
  ]
  return {
    frame,
    title: row ? `${String(row[frame.code])} ${String(row.name ?? '')}`.trim() : `New ${frame.singular}`,
    crumbs: [menuCrumb(frame.menu), { label: frame.title, href: frame.path }],
    form,
    groups: groups.map(({ title, fields }) => ({ title, fields: fields.map((name) => form.by[name]) })),
    row,
    action: row ? `${frame.path}/${row.id}` : `${frame.path}/new`,
    mayEdit: may('tables.edit') && kept?.fields.length !== Object.keys(frame.fields).length,
    mayDelete: may('tables.edit') && row !== undefined && !kept,
    audit: row && may('audit.view') ? `/reports/audit-trail?subject=${frame.name}&key=${row.id}` : '',
    kept: kept?.says ?? '',
    theirs: [] as ReturnType<typeof theirChanges>,
    who: '',
  }
}

/** Where the table stands in the menus: 'Organization > Cycles'. */
function menuCrumb(menu: string) {
  const label = menu.split(' > ')[0] ?? ''
  return { label, href: menuHref(label) }
}

interface TableOptions extends Required<ShowOptions> {
  readonly: readonly string[]
}

async function optionsOf(frame: TableFrame, { db, may }: Context, row?: Row): Promise<TableOptions> {
  const options = await linkOptions(db, frame)
  const readonly = may('tables.edit') ? keptFields(frame, row).fields : Object.keys(frame.fields)
  return { options, readonly, suggestions: (await frame.suggestions?.(db)) ?? {} }
}

async function submit(frame: TableFrame, req: Request, res: Response, id?: number): Promise<void> {
  const { db, actor } = context(res)
  const row = id === undefined ? undefined : await getRow(db, frame, id)
  const options = await optionsOf(frame, context(res), row)
  const sent = Object.entries(req.body as Values).filter(([name]) => !frame.beside?.includes(name))
  const body = withKept(Object.fromEntries(sent), row && valuesOf(frame, row), options.readonly, frame)
  const parsed = frame.form.parse(body, options)
  if (!parsed.ok) return render(frame, req, res, pageOf(frame, context(res), row, parsed.view), 422)
  try {
    const { seen, data } = formData(parsed.data)
    const saved = await saveRow(db, frame, {
      data,
      by: actor.id,
      ...(row ? { id: row.id } : {}),
      ...(seen ? { seen } : {}),
    })
    if (!saved.ok) return await tellChanges(frame, req, res, saved)
    flash(req, `Saved. ${upper(frame.singular)} ${String(saved.row[frame.code])}.`)
    goTo(req, res, `${frame.path}/${saved.row.id}`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const errors = (error.detail as Record<string, string> | undefined) ?? { '': error.message }
    const known = Object.values(errors).every((text) => typeof text === 'string') ? errors : { '': error.message }
    await render(frame, req, res, pageOf(frame, context(res), row, frame.form.show(body, known, options)), 422)
  }
}

/** A field that is shown and not typed is not sent by every browser: its stored value stands in. */
function withKept(body: Values, stored: Values | undefined, readonly: readonly string[], frame: TableFrame): Values {
  if (!stored) return body
  const typed = { ...body }
  for (const name of readonly) {
    if (typed[name] !== undefined) continue
    if (metaOf(frame, name).input === 'checkbox' && stored[name] === '') continue
    typed[name] = stored[name] ?? ''
  }
  return typed
}

async function tellChanges(
  frame: TableFrame,
  req: Request,
  res: Response,
  saved: Saved & { ok: false },
): Promise<void> {
  const { db } = context(res)
  const options = await optionsOf(frame, context(res), saved.row)
  const form = frame.form.show({ ...saved.values, seen: seenOf(frame, saved.row) }, {}, options)
  const page = pageOf(frame, context(res), saved.row, form)
  const who = await userName(db, saved.row.changedBy)
  await render(frame, req, res, { ...page, theirs: theirChanges(frame, saved.theirs), who } as never, 409)
}

async function askDelete(frame: TableFrame, req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const row = await getRow(db, frame, idOf(frame, req))
  const why = await whyKept(db, frame, row)
  const title = `Delete ${frame.singular} ${String(row[frame.code])}`
  const crumbs = [
    { label: frame.title, href: frame.path },
    { label: String(row[frame.code]), href: `${frame.path}/${row.id}` },
  ]
  view(req, res, 'tables/delete', { frame, row, why, title, crumbs })
}

async function doDelete(frame: TableFrame, req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const version = Number((req.body as Values).version)
  if (!Number.isInteger(version)) throw new BadRequest('The form does not say what it was shown')
  const row = await removeRow(db, frame, { id: idOf(frame, req), version, by: actor.id })
  flash(req, `Deleted. ${upper(frame.singular)} ${String(row[frame.code])}.`)
  goTo(req, res, frame.path)
}

async function move(frame: TableFrame, req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  await moveRow(db, frame, idOf(frame, req), (req.body as Values).to === 'up', actor.id)
  goTo(req, res, frame.path)
}

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
