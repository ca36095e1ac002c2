import type { Request } from 'express'
import { BadRequest, Forbidden, NotFound } from '../errors.ts'
import type { Context } from '../web/context.ts'
import { criteriaOf, isCriteriaName, typedLines } from './criteria-form.ts'
import type { CriteriaError, CriteriaTyped } from './criteria-view.ts'
import type { RunKind } from './kind.ts'
import type { Frame } from './screens.ts'
import { mustFind } from './service.ts'
import type { RunRow } from './store.ts'

const body = (req: Request) => req.body as Record<string, unknown>

/** Fields of the frame itself, which are no options. */
const FRAME_FIELDS = new Set(['_csrf', 'run', 'do', 'set', 'set-name'])

interface Typed {
  options: Record<string, unknown>
  criteria: CriteriaTyped
}

/** What was typed, options and criteria apart. */
export function typedBody(req: Request): Typed {
  const all = Object.entries(body(req))
  const options = all.filter(([name]) => !FRAME_FIELDS.has(name) && !isCriteriaName(name))
  return { options: Object.fromEntries(options), criteria: { lines: typedLines(body(req)), ...keptOf(req) } }
}

function keptOf(req: Request): { kept?: unknown } {
  const sent = body(req).criteria
  if (typeof sent !== 'string' || sent === '') return {}
  try {
    return { kept: JSON.parse(sent) as unknown }
  } catch {
    throw new BadRequest('The criteria cannot be read')
  }
}

/** The criteria in the grammar of the API, or the line that is wrong. */
export function readCriteria(typed: CriteriaTyped): { criteria: unknown } | { error: CriteriaError } {
  if (typed.kept !== undefined) return { criteria: typed.kept }
  const read = criteriaOf(typed.lines)
  return read.ok ? { criteria: read.criteria } : { error: { line: read.line, message: read.message } }
}

/** A run of this routine by its number; undefined when none is named. Runs of other routines are not found. */
export async function runOf({ kind, deps }: Frame, given: unknown): Promise<RunRow | undefined> {
  if (given === undefined || given === '') return undefined
  if (typeof given !== 'string' || !/^[1-9]\d{0,8}$/.test(given)) throw new NotFound('run')
  const run = await mustFind(deps.databases.private, Number(given))
  if (run.kind !== kind.kind) throw new NotFound('run')
  return run
}

/** The run that a form names. */
export async function mustBe(frame: Frame, req: Request): Promise<RunRow> {
  const run = await runOf(frame, body(req).run)
  if (!run) throw new NotFound('run')
  return run
}

/** The hash of the preview that the form showed; nothing is as good as a wrong one. */
export const hashOf = (req: Request): string => String(body(req).hash ?? '')

/** Whether only the accounts that changed are to be prepared again. */
export const asksForChanged = (req: Request): boolean => body(req).only === 'changed'

/** Refuses who may prepare the routine but not with these options. Options that cannot be are refused at the start. */
export function demand(kind: RunKind, options: unknown, { may }: Pick<Context, 'may'>): void {
  const parsed = kind.options.safeParse(options)
  const missing = parsed.success ? kind.needs?.(parsed.data).find((permission) => !may(permission)) : undefined
  if (missing) throw new Forbidden(missing)
}
