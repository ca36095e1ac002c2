import type { Db } from '../db/db.ts'
import { money, text } from '../ledger/money.ts'
import { type PrivateShare, privateShares } from './preview-store.ts'
import type { LastPreview, RunRow } from './store.ts'

/**
 * Runs as the person of this pool sees them: without the accounts of private customers, in counts and totals too
 * (product.md 3.20), or what is hidden would be the difference. `all` is the pool that sees all.
 */
export async function runsAsSeen(db: Db, all: Db, runs: RunRow[]): Promise<RunRow[]> {
  return db === all || runs.length === 0 ? runs : withoutPrivate(all, runs)
}

/** Runs without the accounts of private customers. Needs the pool that sees all. */
export async function withoutPrivate(db: Db, runs: RunRow[]): Promise<RunRow[]> {
  const shares = await privateShares(
    db,
    runs.map((run) => run.id),
  )
  const of = new Map(shares.map((share) => [share.id, share]))
  return runs.map((run) => withoutShare(run, of.get(run.id)))
}

/** The same for one run. */
export async function asSeen(db: Db, all: Db, run: RunRow): Promise<RunRow> {
  return (await runsAsSeen(db, all, [run]))[0] ?? run
}

function withoutShare(run: RunRow, share: PrivateShare | undefined): RunRow {
  // its rows are gone, so nobody can tell whose they were
  if (run.state === 'cancelled')
    return { ...run, count: 0, excluded: 0, total: '0.00', fees: '0.00', lastPreview: null }
  const { accounts = 0, excluded = 0, amount = '0.00', fees = '0.00' } = share ?? {}
  const seen = {
    ...run,
    count: run.count - accounts,
    posted: Math.max(0, run.posted - accounts),
    excluded: run.excluded - excluded,
    total: text(money(run.total).minus(money(amount))),
    fees: text(money(run.fees).minus(money(fees))),
  }
  return { ...seen, lastPreview: run.lastPreview && publicPreview(run.lastPreview, seen) }
}

/** Where the figures without private customers are not known, none are shown to differ. */
function publicPreview(last: LastPreview, seen: RunRow): LastPreview {
  const { publicCount = seen.count, publicTotal = seen.total, publicFees = seen.fees } = last
  return { ...last, count: publicCount, total: publicTotal, fees: publicFees }
}
