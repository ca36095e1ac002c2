import type { Request, Response } from 'express'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { feature, idParam, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { asSeen, runsAsSeen } from './as-seen.ts'
import { isMaking, readRunFile, runFiles } from './files.ts'
import type { RunKind } from './kind.ts'
import { registerSoon } from './prepare.ts'
import { cellsOf, columnsOf, presentProgress, presentRun, titleOf } from './present.ts'
import { countRuns, findRunAccount, runTotals } from './preview-store.ts'
import type { Registry } from './registry.ts'
import { reverseRun } from './reverse.ts'
import { kindOf, type RunPages, showRun } from './run-view.ts'
import { placeOf, timezoneOf } from './screen-view.ts'
import { mustFind } from './service.ts'
import { listRuns, type RunRow } from './store.ts'

/** The pages of all runs: the list, each run's own page with its register, files and Reverse. */
export const runPages =
  (registry: Registry): FeatureMaker =>
  (deps) => {
    const pages: RunPages = { registry, deps }
    const handler =
      (handle: (pages: RunPages, req: Request, res: Response) => unknown) => (req: Request, res: Response) =>
        handle(pages, req, res)
    const routes = feature('runs')
      .get('/runs', 'runs.view', handler(list))
      .get('/runs/:id', 'runs.view', handler(show))
      .get('/runs/:id/print', 'runs.view', handler(print))
      .get('/runs/:id/progress', 'runs.view', handler(progress), { passive: true })
      .get('/runs/:id/files', 'runs.view', handler(files), { passive: true })
      .get('/runs/:id/files/:name', 'runs.view', handler(download))
      .get('/runs/:id/accounts/:number', 'runs.view', handler(account))
    for (const kind of registry.list) {
      routes.post(`${kind.path}/reverse`, kind.may.reverse, (req, res) => reverse(pages, kind, req, res))
      routes.post(`${kind.path}/register`, kind.may.post, (req, res) => remake(pages, kind, req, res))
    }
    return routes
  }

const LIST_PAGE = 50

async function list({ registry, deps }: RunPages, req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const asked = req.query.kind
  const kind = typeof asked === 'string' && asked !== '' ? asked : undefined
  const links = paging('/runs', req.query, pageNumber(req.query.page), await countRuns(db, kind), LIST_PAGE)
  const all = deps.databases.private
  const found = await listRuns(all, { kind, limit: LIST_PAGE, offset: (links.page - 1) * LIST_PAGE })
  const of = (run: RunRow) => registry.list.find((known) => known.kind === run.kind)
  const kinds = registry.list.map((known) => ({ value: known.kind, label: known.title, selected: known.kind === kind }))
  const seen = await runsAsSeen(db, all, found)
  const runs = seen.map((run) => presentRun(of(run), run, timezoneOf(res)))
  view(req, res, 'runs/list', {
    title: 'Runs',
    crumbs: [{ label: 'Home', href: '/' }],
    runs,
    kinds,
    links,
    filtered: kind ? titleOf(undefined, kind) : '',
  })
}

const found = (pages: RunPages, req: Request) => mustFind(pages.deps.databases.private, idParam(req, 'id', 'run'))

async function show(pages: RunPages, req: Request, res: Response): Promise<void> {
  await showRun(pages, req, res, await found(pages, req))
}

async function print(pages: RunPages, req: Request, res: Response): Promise<void> {
  await showRun(pages, req, res, await found(pages, req), { whole: true })
}

/** How far preparing has come. When it has ended, htmx goes on to what came out. */
async function progress(pages: RunPages, req: Request, res: Response): Promise<void> {
  const run = await asSeen(context(res).db, pages.deps.databases.private, await found(pages, req))
  const kind = kindOf(pages, run)
  const path = kind?.path ?? '/runs'
  if (run.state !== 'preparing') return goTo(req, res, kind ? `${path}?run=${run.id}` : `/runs/${run.id}`)
  const data = {
    title: `Run ${run.number}`,
    path,
    run: presentRun(kind, run, timezoneOf(res)),
    progress: presentProgress(run),
  }
  view(req, res, 'runs/progress', data, { block: 'progress' })
}

async function files(pages: RunPages, req: Request, res: Response): Promise<void> {
  const run = await found(pages, req)
  const data = { title: `Run ${run.number}`, run: presentRun(kindOf(pages, run), run, timezoneOf(res)) }
  const seen = await runFiles(context(res).db, run.id)
  const making = await isMaking(pages.deps.databases.private, run.id, seen)
  view(req, res, 'runs/files', { ...data, files: seen, making }, { block: 'files' })
}

/** What a run makes; anything else is served as bytes without a meaning. */
const SERVED: Record<string, string> = {
  'application/pdf': 'application/pdf',
  'text/csv': 'text/csv; charset=utf-8',
  'text/plain': 'text/plain; charset=utf-8',
}

async function download(pages: RunPages, req: Request, res: Response): Promise<void> {
  const run = await found(pages, req)
  const file = await readRunFile(context(res).db, run.id, param(req, 'name'))
  if (!file) throw new NotFound('file')
  res.set('Content-Type', SERVED[file.mediaType] ?? 'application/octet-stream')
  res.set('X-Content-Type-Options', 'nosniff')
  res.attachment(`run-${run.number}-${file.name}`.replace(/[^\w.-]/g, '_'))
  // attachment() guesses a type from the name
  res.set('Content-Type', SERVED[file.mediaType] ?? 'application/octet-stream')
  res.send(file.content)
}

/** One account of a run: its lines by service, what is changed besides, and how the amounts came about. */
async function account(pages: RunPages, req: Request, res: Response): Promise<void> {
  const run = await found(pages, req)
  const kind = kindOf(pages, run)
  const row = await findRunAccount(context(res).db, run.id, param(req, 'number'))
  if (!row) throw new NotFound('account')
  const columns = columnsOf(kind, await runTotals(context(res).db, run.id))
  view(req, res, 'runs/account', {
    title: `${row.accountNumber} in run ${run.number}`,
    ...placeOf(kind, context(res).may),
    crumbs: [...placeOf(kind, context(res).may).crumbs, { label: `Run ${run.number}`, href: `/runs/${run.id}` }],
    run: presentRun(kind, run, timezoneOf(res)),
    row,
    lines: row.lines.map((line) => ({ ...line, label: columns.find((c) => c.type === line.type)?.label ?? line.type })),
    sums: cellsOf(row.lines, columns).map((amount, at) => ({ label: columns[at]?.label ?? '', amount })),
    explained: kind?.explain?.({ facts: row.facts, lines: row.lines }) ?? [],
  })
}

/** Reverses a posted run. What is refused stands above the run's page, with the runs that rest on it. */
async function reverse(pages: RunPages, kind: RunKind, req: Request, res: Response): Promise<void> {
  const { deps, registry } = pages
  const { run, fields } = await named(pages, kind, req)
  const order = {
    runId: run.id,
    reason: fields.reason ?? '',
    withDependents: fields.withDependents !== undefined,
    actor: context(res).actor.id,
    today: deps.today(),
  }
  try {
    await reverseRun(deps.databases.private, registry, order)
  } catch (error) {
    if (!(error instanceof Conflict) && !(error instanceof Refused)) throw error
    return showRun(pages, req, res, run, { refused: error, reason: order.reason })
  }
  flash(req, `Run ${run.number} is reversed.`)
  goTo(req, res, `/runs/${run.id}`)
}

/** Makes the register again, where its job was lost. */
async function remake(pages: RunPages, kind: RunKind, req: Request, res: Response): Promise<void> {
  const { run } = await named(pages, kind, req)
  if (run.state !== 'posted' && run.state !== 'reversed')
    throw new Refused('not_posted', 'Only a posted run has a register.')
  await registerSoon(pages.deps, pages.registry, run.id)
  goTo(req, res, `/runs/${run.id}`)
}

async function named(pages: RunPages, kind: RunKind, req: Request) {
  const fields = req.body as Record<string, string>
  const id = /^[1-9]\d{0,8}$/.test(fields.run ?? '') ? Number(fields.run) : 0
  const run = await mustFind(pages.deps.databases.private, id)
  if (run.kind !== kind.kind) throw new NotFound('run')
  return { run, fields }
}
