import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Db } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { type Upload, upload } from '../web/body.ts'
import { type Context, context } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import type { defineForm, ShowOptions } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { asSeen } from './as-seen.ts'
import { changeCriteria } from './criteria-steps.ts'
import { typedOf } from './criteria-view.ts'
import type { RunKind } from './kind.ts'
import { dropReplaced, prepareSoon } from './prepare.ts'
import { withReceived } from './received.ts'
import { makeRegistry, type Registry } from './registry.ts'
import { demand, readCriteria, runOf, typedBody } from './screen-input.ts'
import { again, cancel, go } from './screen-post.ts'
import { type Shown, showProgress, showScreen } from './screen-view.ts'
import { startRun } from './service.ts'
import type { RunRow } from './store.ts'

type Shape = Record<string, z.ZodType>

/** How the options of a routine are asked on its screen. */
export interface OptionsScreen<Options, S extends Shape = Shape> {
  form: ReturnType<typeof defineForm<S>>
  /** Lists and values in use, from the database. */
  lists?(db: Db): Promise<ShowOptions>
  /** What the fields show for options: the kind's defaults, last time's, those of a preview. */
  show(options: Partial<Options>): object
  /** The options as the API takes them, from what was typed and the file that was chosen. */
  read(typed: z.infer<z.ZodObject<S>>, given: Given<Options>): unknown
  /** Over the options; absent = Options. */
  heading?: string
  /** A file the routine reads, chosen on the screen. */
  file?: { name: string; label: string; accept: string; hint: string }
  /** Fields that stand under the selection criteria, with their heading. */
  aside?: { title: string; fields: string[] }
  /** Options that "Same as last time" does not take over, such as the date. */
  fresh?: (keyof Options & string)[]
  /** A template that says what the routine does; F1 opens it, with the keys of the screen at its end. */
  help?: string
}

export interface Given<Options> {
  /** The file that was chosen; absent when none was. */
  file?: Upload
  /** The options of the preview that stood on the screen, whose file is taken again where no other is chosen. */
  before?: Partial<Options>
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
    const typed = { repeats: true, upload: screen.file !== undefined } as const
    return feature(kind.kind)
      .get(kind.path, prepare, handler(open), { menu: `${kind.menu} > ${kind.title}` })
      .get(`${kind.path}/changed`, prepare, handler(changed), { passive: true })
      .post(`${kind.path}/criteria`, prepare, handler(criteria), typed)
      .post(`${kind.path}/preview`, prepare, handler(preview), typed)
      .post(`${kind.path}/again`, prepare, handler(again))
      .post(`${kind.path}/cancel`, prepare, handler(cancel))
      .post(`${kind.path}/go`, post, handler(go))
  }
}

type Handle = (frame: Frame, req: Request, res: Response) => Promise<void> | void

async function open(frame: Frame, req: Request, res: Response): Promise<void> {
  const { kind, deps } = frame
  const run = await runOf(frame, req.query.run)
  if (!run) return showScreen(frame, req, res, await opening(frame, req, context(res)))
  if (run.state === 'posted' || run.state === 'reversed') return goTo(req, res, `/runs/${run.id}`)
  if (run.state === 'preparing' || run.state === 'posting') return showProgress(frame, req, res, run)
  const { criteria } = await asSeen(context(res).db, deps.databases.private, run)
  const shown: Shown = { options: run.options as object, criteria: typedOf(criteria) }
  if (run.state === 'prepared') shown.run = run
  if (run.state === 'failed') shown.errors = { '': run.failure ?? 'Preparing broke off. Nothing was posted.' }
  const today = deps.today()
  shown.options = { ...(await kind.defaults?.(deps.databases.private, today)), ...shown.options }
  return showScreen(frame, req, res, shown)
}

/** The options the screen opens with: the kind's own, or last time's where they were asked for. */
async function opening(frame: Frame, req: Request, { db, today }: Context): Promise<Shown> {
  const { kind, screen, deps } = frame
  const defaults = (await kind.defaults?.(deps.databases.private, today)) ?? {}
  const same = await runOf(frame, req.query.same)
  if (!same) return { options: defaults, criteria: { lines: [] } }
  const fresh = new Set<string>(screen.fresh ?? [])
  const seen = await asSeen(db, deps.databases.private, same)
  const kept = Object.entries(same.options as object).filter(([name]) => !fresh.has(name))
  return { options: { ...defaults, ...Object.fromEntries(kept) }, criteria: typedOf(seen.criteria) }
}

/** An option was changed after the preview: what stands there now is Preview, not GO. */
function changed(frame: Frame, req: Request, res: Response): void {
  const { kind } = frame
  // only a piece of the screen stands at this address
  if (req.get('HX-Request') !== 'true') goTo(req, res, kind.path)
  else
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
    const replaced = await runOf(frame, (req.body as { run?: unknown }).run)
    const options = screen.read(parsed.data, await chosenFile(frame, res, replaced))
    demand(kind, options, context(res))
    const asked = { kind: kind.kind, options, criteria: chosen.criteria, actor: actor.id }
    const runId = await startRun(deps.databases.private, registry, asked)
    const run = await prepareSoon(deps, registry, runId)
    await dropReplaced(deps.databases.private, replaced, run, actor.id)
    goTo(req, res, `${kind.path}?run=${runId}`)
  } catch (error) {
    const shown: Shown = { raw: typed.options, criteria: typed.criteria, errors: errorsOf(frame, error) }
    return showScreen(frame, req, res, shown, 422)
  }
}

/** The file of the screen, or that of the preview before; refuses when there is neither. */
async function chosenFile({ kind, screen, deps }: Frame, res: Response, replaced?: RunRow): Promise<Given<unknown>> {
  const file = screen.file && upload(res, screen.file.name)
  if (screen.file && !file && !replaced) throw new Refused('file_missing', `${screen.file.label}: choose a file.`)
  const before = replaced && ((await withReceived(deps.databases.private, kind, replaced)) as object)
  return { ...(file ? { file } : {}), ...(before ? { before } : {}) }
}

/** A field's error stands at its field; what the form has no field for stands in the summary. */
function errorsOf({ screen }: Frame, error: unknown): Record<string, string> {
  const found = Object.entries(refusedErrors(error)).filter(([, text]) => typeof text === 'string')
  const mine = found.filter(([name]) => Object.hasOwn(screen.form.shape, name))
  const others = found.filter(([name]) => !Object.hasOwn(screen.form.shape, name)).map(([, text]) => text)
  const rest = found.length === 0 ? (error as Refused).message : others.join(' ')
  return { ...Object.fromEntries(mine), ...(rest ? { '': rest } : {}) }
}
