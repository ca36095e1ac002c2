import { may } from '../auth/permissions.ts'
import type { Db } from '../db/db.ts'
import { money, text } from '../ledger/money.ts'
import { type PrivateShare, privateAmong, privateShares } from './preview-store.ts'
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
  const unsaid = await privateAmong(
    db,
    runs.flatMap((run) => [...textsIn(run.criteria), ...wordsOf(run.failure)]),
  )
  return runs.map((run) => ({
    ...withoutShare(run, of.get(run.id)),
    criteria: isByOneWhoSees(run) ? without(run.criteria, unsaid) : run.criteria,
    failure: wordsOf(run.failure).some((word) => unsaid.has(word)) ? 'Preparing broke off.' : run.failure,
  }))
}

/** Whoever sees no private customers may have typed anything: what stands there as typed says nothing. */
const isByOneWhoSees = (run: RunRow): boolean => run.preparedRole === null || may(run.preparedRole, 'private.view')

const wordsOf = (text: string | null): string[] => (text ?? '').match(/[\w.-]*\w/g) ?? []

/** Every text of a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

/** The same value without these texts. */
function without(value: unknown, unsaid: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return unsaid.has(value) ? 'not shown' : value
  if (Array.isArray(value)) return value.map((each) => without(each, unsaid))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, without(each, unsaid)]))
}

/** The same for one run. */
export async function asSeen(db: Db, all: Db, run: RunRow): Promise<RunRow> {
  return (await runsAsSeen(db, all, [run]))[0] ?? run
}

const NOTHING = {
  ...{ count: 0, excluded: 0, outsideCriteria: 0, total: '0.00', fees: '0.00', lastPreview: null },
  ...{ done: 0, all: 0 },
}

function withoutShare(run: RunRow, share: PrivateShare | undefined): RunRow {
  // its rows are gone, so nobody can tell whose they were
  if (run.state === 'cancelled') return { ...run, ...NOTHING }
  const { accounts = 0, excluded = 0, known = 0, amount = '0.00', fees = '0.00' } = share ?? {}
  const seen = {
    ...run,
    count: run.count - accounts,
    posted: Math.max(0, run.posted - accounts),
    excluded: run.excluded - excluded,
    outsideCriteria: Math.max(0, run.outsideCriteria - Math.max(0, known - accounts - excluded)),
    total: text(money(run.total).minus(money(amount))),
    fees: text(money(run.fees).minus(money(fees))),
  }
  const lastPreview = run.lastPreview && publicPreview(run.lastPreview, seen)
  return { ...seen, ...progressAsSeen(seen), lastPreview }
}

/** Of a run that was prepared the accounts that are seen; while it is preparing, or where it broke off, percent. */
function progressAsSeen({ state, count, excluded, done, all }: RunRow): Pick<RunRow, 'done' | 'all' | 'inPercent'> {
  if (state !== 'preparing' && state !== 'failed') return { done: count + excluded, all: count + excluded }
  if (all === 0) return { done: 0, all: 0, inPercent: true }
  return { done: Math.min(100, Math.floor((done * 100) / all)), all: 100, inPercent: true }
}

/** Where the figures without private customers are not known, none are shown to differ. */
function publicPreview(last: LastPreview, seen: RunRow): LastPreview {
  const { publicCount = seen.count, publicTotal = seen.total, publicFees = seen.fees } = last
  return { ...last, count: publicCount, total: publicTotal, fees: publicFees }
}
