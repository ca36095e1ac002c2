import type { Request, Response } from 'express'
import type { Db } from '../db/db.ts'
import { Conflict, type Refused } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import type { FieldView, FormView } from '../web/form.ts'
import { menuHref } from '../web/menu.ts'
import { pageNumber, paging } from '../web/paging.ts'
import type { TownFacts } from '../web/town.ts'
import { view } from '../web/view.ts'
import { asSeen, runsAsSeen } from './as-seen.ts'
import { type CriteriaError, type CriteriaTyped, criteriaView } from './criteria-view.ts'
import { runFiles } from './files.ts'
import { mayOpen, type RunKind } from './kind.ts'
import { presentAgain, presentProgress, presentRun, presentTable, sinceLastPreview } from './present.ts'
import { preparedAgain, previewedBalances, runTotals } from './preview-store.ts'
import { isReceived } from './received.ts'
import { savedSets } from './saved-criteria.ts'
import type { Frame } from './screens.ts'
import { listRuns, type RunRow, runAccounts, runExclusions } from './store.ts'

const PAGE = 200

/** What a routine's screen shows: options as they are or as they were typed, and a preview where there is one. */
export interface Shown {
  options?: object
  /** Fields as they were typed. */
  raw?: Record<string, unknown>
  form?: FormView
  errors?: Record<string, string>
  criteria: CriteriaTyped
  criteriaError?: CriteriaError
  /** Something about the criteria that was just done. */
  said?: string
  /** The criteria builder alone is asked for. */
  fragment?: boolean
  run?: RunRow
  stale?: Stale
}

interface Stale {
  message: string
  /** Accounts changed, and not only the preview that was shown. */
  changed: boolean
  accounts: { number: string; before: string; now: string }[]
}

export const timezoneOf = (res: Response): string => (res.locals.town as TownFacts).timezone

export async function showScreen(frame: Frame, req: Request, res: Response, shown: Shown, status = 200): Promise<void> {
  const { kind, deps } = frame
  const ctx = context(res)
  const form = await formOf(frame, ctx.db, shown)
  const all = deps.databases.private
  const run = shown.run && (await asSeen(ctx.db, all, shown.run))
  const preview = run ? await previewOf(frame, req, ctx.db, run) : null
  const postable = run !== undefined && (run.count > 0 || preview?.files.some((file) => !isReceived(file)) === true)
  const data = {
    title: kind.title,
    path: kind.path,
    form,
    heading: frame.screen.heading ?? 'Options',
    ...placed(frame, form),
    file: frame.screen.file ?? null,
    help: frame.screen.help ?? '',
    criteria: criteriaView(shown.criteria, await savedSets(ctx.db, kind.kind), shown.criteriaError),
    said: shown.said ?? '',
    fragment: shown.fragment ?? false,
    last: await lastTime(kind, ctx.db, all, timezoneOf(res)),
    run: run ? presentRun(kind, run, timezoneOf(res)) : null,
    stale: shown.stale ?? null,
    onlyChanged: shown.stale?.changed === true && kind.eachAlone !== undefined,
    whole: kind.eachAlone === undefined,
    tools: toolsOf(shown, postable && ctx.may(kind.may.post)),
    mayPost: ctx.may(kind.may.post),
    since: run ? (sinceLastPreview(run, timezoneOf(res)) ?? null) : null,
    postable,
    preview,
  }
  view(req, res, 'runs/screen', data, { status, ...(shown.fragment ? { block: 'criteria' } : {}) })
}

/** The primary button of the screen: what CTRL+G presses. */
function toolsOf(shown: Shown, mayGo: boolean): 'preview' | 'go' | 'again' {
  if (shown.stale) return 'again'
  return mayGo ? 'go' : 'preview'
}

async function formOf({ screen }: Frame, db: Db, shown: Shown): Promise<FormView> {
  if (shown.form) return shown.form
  const lists = (await screen.lists?.(db)) ?? {}
  return screen.form.show(shown.raw ?? screen.show(shown.options ?? {}), shown.errors ?? {}, lists)
}

/** The fields of the options and those that stand under the criteria. */
function placed(
  { screen }: Frame,
  form: FormView,
): { main: FieldView[]; aside: { title: string; fields: FieldView[] } | null } {
  const below = new Set(screen.aside?.fields ?? [])
  return {
    main: form.fields.filter((field) => !below.has(field.name)),
    aside: screen.aside
      ? { title: screen.aside.title, fields: form.fields.filter((field) => below.has(field.name)) }
      : null,
  }
}

/** The last run of the routine that was posted, to look at and to take the options from. */
async function lastTime(kind: RunKind, db: Db, all: Db, timezone: string) {
  const [last] = await runsAsSeen(db, all, await listRuns(all, { kind: kind.kind, states: ['posted'], limit: 1 }))
  return last ? presentRun(kind, last, timezone) : null
}

/** A page of the preview for this person's eyes, and the files that the run has made. */
async function previewOf({ kind }: Frame, req: Request, db: Db, run: RunRow) {
  const part = await runPart(db, kind, run, windowOf(req))
  const again = run.lastPreview?.again ? await preparedAgain(db, run.id) : []
  return {
    ...part,
    links: linksOf(req, run, kind.path, part),
    files: await runFiles(db, run.id),
    again: presentAgain(kind, again),
  }
}

export interface Window {
  accounts: number
  excluded: number
  limit?: number
}

export const windowOf = (req: Request): Window => ({
  accounts: pageNumber(req.query.page),
  excluded: pageNumber(req.query.out),
  limit: PAGE,
})

/** The accounts of a run and those left out, a page of each, all of them without a limit. */
export async function runPart(db: Db, kind: RunKind | undefined, run: RunRow, window: Window) {
  const page = (at: number) => (window.limit ? { limit: window.limit, offset: (at - 1) * window.limit } : undefined)
  const [totals, accounts, exclusions] = await Promise.all([
    runTotals(db, run.id),
    runAccounts(db, run.id, page(window.accounts)),
    runExclusions(db, run.id, page(window.excluded)),
  ])
  return {
    table: presentTable(kind, totals, accounts),
    exclusions: { rows: exclusions, count: totals.excluded },
  }
}

type Part = Awaited<ReturnType<typeof runPart>>

/** Links between the pages of the two lists of a run. */
export function linksOf(req: Request, run: RunRow, path: string, { table, exclusions }: Part) {
  const { page: _, out: __, ...query } = req.query
  const at = windowOf(req)
  const kept = path === `/runs/${run.id}` ? query : { run: String(run.id) }
  const outOf = (href: string) => href.replace(/([?&])page=/, '$1out=')
  const out = paging(path, kept, at.excluded, exclusions.count, PAGE)
  return {
    accounts: paging(path, kept, at.accounts, table.count, PAGE),
    exclusions: { ...out, previous: outOf(out.previous), next: outOf(out.next) },
  }
}

/** The accounts that changed since the preview, with their balances before and now. */
export async function staleOf(db: Db, runId: number, error: Conflict | Refused): Promise<Stale> {
  const detail =
    error instanceof Conflict ? (error.detail as { accounts?: { accountNumber: string; balance: string }[] }) : {}
  const named = detail?.accounts ?? []
  const before = await previewedBalances(
    db,
    runId,
    named.map((account) => account.accountNumber),
  )
  const accounts = named.map((account) => ({
    number: account.accountNumber,
    before: before.get(account.accountNumber) ?? '',
    now: account.balance,
  }))
  return { message: error.message, changed: detail?.accounts !== undefined, accounts }
}

/** Where a run stands: in the menu of its routine, and under the routine for those who may open it, else under all runs. */
export function placeOf(kind: RunKind | undefined, may: Context['may']) {
  if (!kind || !mayOpen(kind, may)) return { inMenu: kind?.menu ?? '', crumbs: [{ label: 'Runs', href: '/runs' }] }
  return {
    inMenu: kind.menu,
    crumbs: [
      { label: kind.menu, href: menuHref(kind.menu) },
      { label: kind.title, href: kind.path },
    ],
  }
}

/** A run that is being prepared: it can be left and looked at again. */
export async function showProgress(
  frame: Pick<Frame, 'kind' | 'deps'>,
  req: Request,
  res: Response,
  given: RunRow,
): Promise<void> {
  const run = await asSeen(context(res).db, frame.deps.databases.private, given)
  const data = {
    title: `Run ${run.number}`,
    ...placeOf(frame.kind, context(res).may),
    path: frame.kind.path,
    run: presentRun(frame.kind, run, timezoneOf(res)),
    progress: presentProgress(run),
  }
  view(req, res, 'runs/progress', data)
}
