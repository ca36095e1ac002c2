import type { Request, Response } from 'express'
import type { z } from 'zod'
import { BadRequest, Conflict, NotFound, Refused } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { moneyText } from '../web/format.ts'
import type { defineForm, ShowOptions } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import type { Db } from '../db/db.ts'
import { criteriaOf, isCriteriaName, typedLines } from './criteria-form.ts'
import { type CriteriaError, type CriteriaTyped, typedOf } from './criteria-view.ts'
import { changeCriteria } from './criteria-steps.ts'
import type { RunKind } from './kind.ts'
import { dropReplaced, prepareSoon, registerSoon } from './prepare.ts'
import { makeRegistry, type Registry } from './registry.ts'
import { type Shown, showProgress, showScreen, staleOf } from './screen-view.ts'
import { cancelRun, goRun, mustFind, prepareAgain, startRun } from './service.ts'
import type { RunRow } from './store.ts'

type Shape = Record<string, z.ZodType>

/** How the options of a routine are asked on its screen. */
export interface OptionsScreen<Options, S extends Shape = Shape> {
  form: ReturnType<typeof defineForm<S>>
  /** Lists and values in use, from the database. */
  lists?(db: Db): Promise<ShowOptions>
  /** What the fields show for options: the kind's defaults, last time's, those of a preview. */
  show(options: Partial<Options>): object
  /** The options as the API takes them, from what was typed. */
  read(typed: z.infer<z.ZodObject<S>>): unknown
  /** Fields that stand under the selection criteria, with their heading. */
  aside?: { title: string; fields: string[] }
  /** Options that "Same as last time" does not take over, such as the date. */
  fresh?: (keyof Options & string)[]
}

/** What the handlers of one routine's screen share. */
export interface Frame {
  kind: RunKind
  screen: OptionsScreen<unknown>
  registry: Registry
  deps: Deps
}

/**
 * The screen of a batch routine: options, selection criteria, preview, GO. Every routine has the same one (product.md
 * 1.3). The first submit button is Preview; GO is a form of its own that carries the hash of the preview shown.
 */
export function runScreens<Options, S extends Shape>(
  declared: RunKind<Options>,
  screen: OptionsScreen<Options, S>,
): FeatureMaker {
  const kind = declared as RunKind
  return (deps) => {
    const frame: Frame = {
      kind,
      screen: screen as unknown as OptionsScreen<unknown>,
      registry: makeRegistry([kind]),
      deps,
    }
    const { prepare, post } = kind.may
    const handler = (handle: Handle) => (req: Request, res: Response) => handle(frame, req, res)
    return feature(kind.kind)
      .get(kind.path, prepare, handler(open), { menu: `${kind.menu} > ${kind.title}` })
      .get(`${kind.path}/changed`, prepare, handler(changed), { passive: true })
      .post(`${kind.path}/criteria`, prepare, handler(criteria), { repeats: true })
      .post(`${kind.path}/preview`, prepare, handler(preview), { repeats: true })
      .post(`${kind.path}/again`, prepare, handler(again))
      .post(`${kind.path}/cancel`, prepare, handler(cancel))
      .post(`${kind.path}/go`, post, handler(go))
  }
}

type Handle = (frame: Frame, req: Request, res: Response) => Promise<void> | void

async function open(frame: Frame, req: Request, res: Response): Promise<void> {
  const { kind, deps } = frame
  const run = await runOf(frame, req.query['run'])
  if (!run) return showScreen(frame, req, res, await opening(frame, req, context(res)))
  if (run.state === 'posted' || run.state === 'reversed') return goTo(req, res, `/runs/${run.id}`)
  if (run.state === 'preparing' || run.state === 'posting') return showProgress(frame, req, res, run)
  const shown: Shown = { options: run.options as object, criteria: typedOf(run.criteria) }
  if (run.state === 'prepared') shown.run = run
  if (run.state === 'failed') shown.errors = { '': run.failure ?? 'Preparing broke off. Nothing was posted.' }
  const today = deps.today()
  shown.options = { ...(await kind.defaults?.(deps.databases.private, today)), ...shown.options }
  return showScreen(frame, req, res, shown)
}

/** The options the screen opens with: the kind's own, or last time's where they were asked for. */
async function opening(frame: Frame, req: Request, { today }: Context): Promise<Shown> {
  const { kind, screen, deps } = frame
  const defaults = (await kind.defaults?.(deps.databases.private, today)) ?? {}
  const same = await runOf(frame, req.query['same'])
  if (!same) return { options: defaults, criteria: { lines: [] } }
  const fresh = new Set<string>(screen.fresh ?? [])
  const kept = Object.entries(same.options as object).filter(([name]) => !fresh.has(name))
  return { options: { ...defaults, ...Object.fromEntries(kept) }, criteria: typedOf(same.criteria) }
}

/** An option was changed after the preview: what stands there now is Preview, not GO. */
function changed(frame: Frame, req: Request, res: Response): void {
  const { kind } = frame
  view(req, res, 'runs/screen', { title: kind.title, path: kind.path, run: null, tools: 'preview' }, { block: 'go' })
}

/** Adds or removes a line, loads, keeps or deletes a saved set; what was typed in the options stays. */
async function criteria(frame: Frame, req: Request, res: Response): Promise<void> {
  const typed = typedBody(req)
  const step = await changeCriteria(context(res), frame.kind.kind, typed.criteria, req.body as Record<string, unknown>)
  const shown: Shown = { raw: typed.options, criteria: step.criteria, fragment: true }
  if (step.error) shown.criteriaError = step.error
  if (step.said) shown.said = step.said
  return showScreen(frame, req, res, shown, step.error ? 422 : 200)
}

async function preview(frame: Frame, req: Request, res: Response): Promise<void> {
  const { kind, screen, deps, registry } = frame
  const { actor, db } = context(res)
  const typed = typedBody(req)
  const chosen = readCriteria(typed.criteria)
  const parsed = screen.form.parse(typed.options, (await screen.lists?.(db)) ?? {})
  if (!parsed.ok || 'error' in chosen) {
    const shown: Shown = { raw: typed.options, criteria: typed.criteria }
    if (!parsed.ok) shown.form = parsed.view
    if ('error' in chosen) shown.criteriaError = chosen.error
    return showScreen(frame, req, res, shown, 422)
  }
  try {
    const options = screen.read(parsed.data)
    const asked = { kind: kind.kind, options, criteria: chosen.criteria, actor: actor.id }
    const runId = await startRun(deps.databases.private, registry, asked)
    const run = await prepareSoon(deps, registry, runId)
    await dropReplaced(deps.databases.private, await replacedBy(frame, req), run, actor.id)
    goTo(req, res, `${kind.path}?run=${runId}`)
  } catch (error) {
    const shown: Shown = { raw: typed.options, criteria: typed.criteria, errors: errorsOf(error) }
    return showScreen(frame, req, res, shown, 422)
  }
}

/** A field's error belongs to a field of the form; what the form has no field for stands in the summary. */
function errorsOf(error: unknown): Record<string, string> {
  const errors = refusedErrors(error)
  return Object.values(errors).every((text) => typeof text === 'string') && Object.keys(errors).length > 0
    ? errors
    : { '': (error as Refused).message }
}

async function go(frame: Frame, req: Request, res: Response): Promise<void> {
  const run = await mustBe(frame, req)
  const { actor, db } = context(res)
  if (run.state === 'posted' || run.state === 'reversed') return alreadyPosted(req, res, run)
  try {
    const posted = await goRun(db, run.id, String(body(req)['hash'] ?? ''), actor.id)
    await registerSoon(frame.deps, frame.registry, run.id)
    const fees = Number(posted.fees) === 0 ? '' : ` and fees of ${moneyText(posted.fees)}`
    flash(req, `Posted: ${posted.count} accounts, ${moneyText(posted.total)}${fees}.`)
    goTo(req, res, `/runs/${run.id}`)
  } catch (error) {
    await notPosted(frame, req, res, run, error)
  }
}

/** Somebody was faster, accounts changed, or it is refused: nothing was posted by this press. */
async function notPosted(frame: Frame, req: Request, res: Response, run: RunRow, error: unknown): Promise<void> {
  if (!(error instanceof Conflict) && !(error instanceof Refused)) throw error
  const now = await mustFind(frame.deps.databases.private, run.id)
  if (now.state === 'posted' || now.state === 'reversed') return alreadyPosted(req, res, now)
  const shown: Shown = { options: run.options as object, criteria: typedOf(run.criteria), run: now }
  shown.stale = await staleOf(context(res).db, run.id, error)
  return showScreen(frame, req, res, shown, error.status)
}

function alreadyPosted(req: Request, res: Response, run: RunRow): void {
  flash(req, `This run is posted already, by ${run.postedByName ?? 'someone else'}. Nothing was posted twice.`, 'info')
  goTo(req, res, `/runs/${run.id}`)
}

async function again(frame: Frame, req: Request, res: Response): Promise<void> {
  const run = await mustBe(frame, req)
  await prepareAgain(frame.deps.databases.private, run.id)
  try {
    await prepareSoon(frame.deps, frame.registry, run.id)
  } catch (error) {
    // the run says it itself, on the page that comes next
    if (!(error instanceof Refused)) throw error
  }
  goTo(req, res, `${frame.kind.path}?run=${run.id}`)
}

async function cancel(frame: Frame, req: Request, res: Response): Promise<void> {
  const run = await mustBe(frame, req)
  await cancelRun(frame.deps.databases.private, run.id, context(res).actor.id)
  flash(req, `The preview of run ${run.number} was thrown away. Nothing was posted.`, 'info')
  goTo(req, res, `/runs/${run.id}`)
}

const body = (req: Request) => req.body as Record<string, unknown>

/** Fields of the frame itself, which are no options. */
const FRAME_FIELDS = new Set(['_csrf', 'run', 'do', 'set', 'set-name'])

interface Typed {
  options: Record<string, unknown>
  criteria: CriteriaTyped
}

function typedBody(req: Request): Typed {
  const all = Object.entries(body(req))
  const options = all.filter(([name]) => !FRAME_FIELDS.has(name) && !isCriteriaName(name))
  return { options: Object.fromEntries(options), criteria: { lines: typedLines(body(req)), ...keptOf(req) } }
}

function keptOf(req: Request): { kept?: unknown } {
  const sent = body(req)['criteria']
  if (typeof sent !== 'string' || sent === '') return {}
  try {
    return { kept: JSON.parse(sent) as unknown }
  } catch {
    throw new BadRequest('The criteria cannot be read')
  }
}

function readCriteria(typed: CriteriaTyped): { criteria: unknown } | { error: CriteriaError } {
  if (typed.kept !== undefined) return { criteria: typed.kept }
  const read = criteriaOf(typed.lines)
  return read.ok ? { criteria: read.criteria } : { error: { line: read.line, message: read.message } }
}

/** A run of this routine by its number; undefined when none is named. Runs of other routines are not found. */
async function runOf({ kind, deps }: Frame, given: unknown): Promise<RunRow | undefined> {
  if (given === undefined || given === '') return undefined
  if (typeof given !== 'string' || !/^[1-9]\d{0,8}$/.test(given)) throw new NotFound('run')
  const run = await mustFind(deps.databases.private, Number(given))
  if (run.kind !== kind.kind) throw new NotFound('run')
  return run
}

async function mustBe(frame: Frame, req: Request): Promise<RunRow> {
  const run = await runOf(frame, body(req)['run'])
  if (!run) throw new NotFound('run')
  return run
}

const replacedBy = (frame: Frame, req: Request) => runOf(frame, body(req)['run'])
