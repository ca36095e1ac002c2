import type { Request, Response } from 'express'
import { BadRequest, Refused } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { ShowOptions } from '../web/form.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { type Feature, idParam } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import type { Values } from './merge.ts'
import { cell, formData, theirChanges } from './present.ts'
import { getRow, keptFields, listRows, moveRow, removeRow, type Saved, saveRow, valuesOf, whyKept } from './service.ts'
import { linked, userName } from './store.ts'
import { metaOf, type Row, type TableFrame } from './table.ts'

const PAGE = 50

/** Adds the screens of a set-up table: list with lookup, New, form with Save, Delete. */
export function addTable(pages: Feature, frame: TableFrame): Feature {
  const { path, menu } = frame
  pages
    .get(path, 'tables.view', (req, res) => showList(frame, req, res), { menu })
    .get(`${path}/new`, 'tables.edit', (req, res) => showForm(frame, req, res))
    .post(`${path}/new`, 'tables.edit', (req, res) => submit(frame, req, res))
    .get(`${path}/:id`, 'tables.view', (req, res) => showForm(frame, req, res, idOf(frame, req)))
    .post(`${path}/:id`, 'tables.edit', (req, res) => submit(frame, req, res, idOf(frame, req)))
    .get(`${path}/:id/delete`, 'tables.edit', (req, res) => askDelete(frame, req, res))
    .post(`${path}/:id/delete`, 'tables.edit', (req, res) => doDelete(frame, req, res))
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
  view(req, res, 'tables/form', pageOf(frame, context(res), row, form))
}

/** A new row begins with what the table itself would put there: boxes as their columns default. */
function startValues(frame: TableFrame): Record<string, unknown> {
  const columns = frame.table as unknown as Record<string, { default?: unknown } | undefined>
  return Object.fromEntries(Object.keys(frame.fields).map((name) => [name, columns[name]?.default]))
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
    crumbs: [
      { label: 'Organization', href: '/menu/organization' },
      { label: frame.title, href: frame.path },
    ],
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

async function optionsOf(frame: TableFrame, { db, may }: Context, row?: Row): Promise<Required<ShowOptions>> {
  const options: Record<string, { value: string; label: string }[]> = {}
  for (const [name, link] of Object.entries(frame.links ?? {})) {
    options[name] = (await linked(db, link)).map(({ code, label }) => ({ value: code, label }))
  }
  const readonly = may('tables.edit') ? keptFields(frame, row).fields : Object.keys(frame.fields)
  return { options, readonly, suggestions: (await frame.suggestions?.(db)) ?? {} }
}

async function submit(frame: TableFrame, req: Request, res: Response, id?: number): Promise<void> {
  const { db, actor } = context(res)
  const row = id === undefined ? undefined : await getRow(db, frame, id)
  const options = await optionsOf(frame, context(res), row)
  const body = withKept(req.body as Values, row && valuesOf(frame, row), options.readonly, frame)
  const parsed = frame.form.parse(body, options)
  if (!parsed.ok) return view(req, res, 'tables/form', pageOf(frame, context(res), row, parsed.view), { status: 422 })
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
    view(req, res, 'tables/form', pageOf(frame, context(res), row, frame.form.show(body, known, options)), {
      status: 422,
    })
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
  view(req, res, 'tables/form', { ...page, theirs: theirChanges(frame, saved.theirs), who }, { status: 409 })
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
