import type { Request, Response } from 'express'
import type { Conflict, Refused } from '../errors.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { view } from '../web/view.ts'
import { asSeen } from './as-seen.ts'
import { runFiles } from './files.ts'
import type { RunKind } from './kind.ts'
import { presentRun, sinceLastPreview, titleOf } from './present.ts'
import { reversingRun } from './preview-store.ts'
import type { Registry } from './registry.ts'
import { linksOf, runPart, timezoneOf, windowOf } from './screen-view.ts'
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
  const data = {
    title: `${titleOf(kind, run.kind)}, run ${run.number}`,
    crumbs: [{ label: 'Runs', href: '/runs' }],
    path: kind?.path ?? '',
    run: shown,
    since: sinceLastPreview(run, timezone) ?? null,
    files: await runFiles(db, run.id),
    ...part,
    links: how.whole ? null : linksOf(req, run, `/runs/${run.id}`, part),
    ...(await related(pages, kind, run)),
    may: rights(kind, run, may),
    refused: how.refused?.message ?? '',
    reason: how.reason ?? '',
  }
  view(req, res, how.whole ? 'runs/print' : 'runs/run', data, { status: how.refused?.status ?? 200 })
}

/** The runs this one reverses, is reversed by, and those that rest on it. */
async function related({ deps }: RunPages, kind: RunKind | undefined, run: RunRow) {
  const all = deps.databases.private
  const link = async (id: number | undefined | null) => {
    const found = id ? await findRun(all, id) : undefined
    return found ? { id: found.id, number: found.number } : null
  }
  const dependents = run.state === 'posted' ? ((await kind?.dependents?.(all, run.id)) ?? []) : []
  return {
    reverses: await link(run.reversesRunId),
    reversedBy: run.state === 'reversed' ? await link(await reversingRun(all, run.id)) : null,
    dependents: (await Promise.all(dependents.map(link))).filter((found) => found !== null),
  }
}

/** What this person may do with this run now. */
function rights(kind: RunKind | undefined, run: RunRow, may: (permission: RunKind['may']['post']) => boolean) {
  const open = run.state === 'prepared' || run.state === 'failed'
  return {
    open: kind !== undefined && may(kind.may.prepare) && (open || run.state === 'preparing'),
    cancel: kind !== undefined && may(kind.may.prepare) && (open || run.state === 'preparing'),
    again: kind !== undefined && may(kind.may.prepare) && open,
    reverse: kind !== undefined && may(kind.may.reverse) && run.state === 'posted',
    register: kind !== undefined && may(kind.may.post) && (run.state === 'posted' || run.state === 'reversed'),
    use: kind !== undefined && may(kind.may.prepare),
  }
}
