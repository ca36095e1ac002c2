import type { Request, Response } from 'express'
import type { Db } from '../db/db.ts'
import { Conflict, Refused } from '../errors.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { view } from '../web/view.ts'
import { asSeen } from './as-seen.ts'
import { dependentsIn, dependentsSentence, type NamedDependents, nameDependents } from './dependents.ts'
import { isMaking, runFiles } from './files.ts'
import { mayOpen, type RunKind } from './kind.ts'
import { presentRun, sinceLastPreview, titleOf } from './present.ts'
import { reversingRun } from './preview-store.ts'
import type { Registry } from './registry.ts'
import { planReversal } from './reversal-plan.ts'
import { linksOf, placeOf, runPart, timezoneOf, windowOf } from './screen-view.ts'
import { findRun, type RunRow } from './store.ts'

/** What the handlers of the pages of all runs share. */
export interface RunPages {
  registry: Registry
  deps: Deps
}

/** The kind of a run; undefined for those without a screen of their own, such as a reversal. */
export const kindOf = ({ registry }: RunPages, run: RunRow): RunKind | undefined =>
  registry.list.find((known) => known.kind === run.kind)

interface How {
  /** Every row, for the printer. */
  whole?: boolean
  /** Why Reverse did not, and what was typed. */
  refused?: Conflict | Refused
  reason?: string
}

/** A run's permanent page: options, criteria, accounts, who was left out, files, who and when, Reverse. */
export async function showRun(
  pages: RunPages,
  req: Request,
  res: Response,
  given: RunRow,
  how: How = {},
): Promise<void> {
  const { db, may } = context(res)
  const all = pages.deps.databases.private
  const kind = kindOf(pages, given)
  const run = await asSeen(db, all, given)
  const timezone = timezoneOf(res)
  const { limit, ...window } = windowOf(req)
  const part = await runPart(db, kind, run, how.whole || !limit ? window : { ...window, limit })
  const shown = presentRun(kind, run, timezone)
  const mayDo = rights(kind, run, may)
  const files = await runFiles(db, run.id)
  const data = {
    title: `${titleOf(kind, run.kind)}, run ${run.number}`,
    ...placeOf(kind, may),
    path: kind?.path ?? '',
    run: shown,
    since: sinceLastPreview(run, timezone) ?? null,
    files,
    making: await isMaking(all, run.id, files),
    ...part,
    links: how.whole ? null : linksOf(req, run, `/runs/${run.id}`, part),
    ...(await related(pages, run)),
    may: mayDo,
    dependents: mayDo.reverse ? await dependentsOf(pages, db, run) : null,
    refused: how.refused ? await saidOf(db, how.refused) : '',
    reason: how.reason ?? '',
  }
  view(req, res, how.whole ? 'runs/print' : 'runs/run', data, { status: how.refused?.status ?? 200 })
}

/** Why it was not reversed; what rests on the run is named as far as this person may see it. */
async function saidOf(db: Db, refused: Conflict | Refused): Promise<string> {
  const found = dependentsIn(refused)
  return found ? dependentsSentence(await nameDependents(db, found)) : refused.message
}

/** The runs this one reverses and is reversed by. */
async function related({ deps }: RunPages, run: RunRow) {
  const all = deps.databases.private
  const link = async (id: number | undefined | null) => {
    const found = id ? await findRun(all, id) : undefined
    return found ? { id: found.id, number: found.number } : null
  }
  return {
    reverses: await link(run.reversesRunId),
    reversedBy: run.state === 'reversed' ? await link(await reversingRun(all, run.id)) : null,
  }
}

/** What rests on a run that this person may reverse; null where nothing does, or nothing can be reversed. */
async function dependentsOf({ deps, registry }: RunPages, db: Db, run: RunRow): Promise<NamedDependents | null> {
  try {
    const { runs, transactions } = await planReversal(deps.databases.private, registry, run.id)
    return runs.length + transactions.length === 0 ? null : await nameDependents(db, { dependents: runs, transactions })
  } catch (error) {
    // Reverse says it, when it is pressed
    if (error instanceof Refused || error instanceof Conflict) return null
    throw error
  }
}

/** What this person may do with this run now. */
function rights(kind: RunKind | undefined, run: RunRow, may: (permission: RunKind['may']['post']) => boolean) {
  const open = run.state === 'prepared' || run.state === 'failed'
  const use = mayOpen(kind, may)
  return {
    open: use && (open || run.state === 'preparing'),
    cancel: use && (open || run.state === 'preparing'),
    again: use && open,
    reverse: kind !== undefined && may(kind.may.reverse) && run.state === 'posted',
    register: kind !== undefined && may(kind.may.post) && (run.state === 'posted' || run.state === 'reversed'),
    use,
  }
}
