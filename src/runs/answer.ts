import { z } from 'zod'
import type { Db } from '../db/db.ts'
import { runFiles } from './files.ts'
import type { RunKind } from './kind.ts'
import { findRun, type RunRow, runAccounts, runExclusions } from './store.ts'

/** A run kind with its options as JSON Schema (contract.md 3). */
export const kindAnswer = ({ kind, menu, title, options }: RunKind) => ({
  kind,
  menu,
  title,
  options: z.toJSONSchema(options, { io: 'input' }),
})

const PAGE = 500

/** The prepared run as the API and the command line answer it (contract.md 3). Pages count from 1. */
export async function runAnswer(db: Db, run: RunRow, page = 1) {
  const window = { limit: PAGE, offset: (page - 1) * PAGE }
  const [accounts, excluded, files, reversing] = await Promise.all([
    runAccounts(db, run.id, window),
    runExclusions(db, run.id, window),
    runFiles(db, run.id),
    run.reversesRunId ? findRun(db, run.reversesRunId) : undefined,
  ])
  return {
    runId: run.number,
    kind: run.kind,
    state: run.state,
    options: run.options,
    criteria: run.criteria,
    previewHash: run.previewHash,
    count: run.count,
    total: run.total,
    fees: run.fees,
    posted: run.posted,
    postedAt: run.postedAt && new Date(run.postedAt).toISOString(),
    outsideCriteria: run.outsideCriteria,
    accounts: accounts.map(({ accountNumber, before, after, lines }) => ({ accountNumber, before, after, lines })),
    excluded: excluded.map(({ accountNumber, reasons }) => ({ accountNumber, reasons })),
    progress: { done: run.done, total: run.all },
    register: files.find((file) => file.name === 'register.pdf')?.name ?? null,
    reversedBy: run.reversedBy,
    reverses: reversing?.number ?? null,
    failure: run.failure,
  }
}
