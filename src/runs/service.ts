import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { fault, Stale } from '../ledger/faults.ts'
import { passGate } from '../ledger/gate.ts'
import { money, sum, text } from '../ledger/money.ts'
import type { Refusal } from '../ledger/result.ts'
import { compareAgain, comparePreviews } from './compare.ts'
import { ACCOUNT_FIELDS } from './criteria-field-rules.ts'
import { parseCriteria } from './criteria-rules.ts'
import type { Prepared, RunKind } from './kind.ts'
import { runTotals } from './preview-store.ts'
import { keepReceived, withoutReceived, withReceived } from './received.ts'
import type { Registry } from './registry.ts'
import { type Selection, selectAccounts } from './selection.ts'
import { makeStaging } from './staging.ts'
import { accountNumbers, findRun, type RunRow } from './store.ts'

export type { RunRow } from './store.ts'

export interface NewRun {
  kind: string
  options: unknown
  criteria?: unknown
  actor: number
}

/**
 * Enters a run as preparing; no account is read yet. Refuses options or criteria that cannot be, naming the field or
 * clause; then there is no run.
 */
export async function startRun(db: Db, registry: Registry, asked: NewRun): Promise<number> {
  const kind = registry.get(asked.kind)
  const options = parseOptions(kind, asked.options)
  const criteria = parseCriteria(asked.criteria ?? {}, ACCOUNT_FIELDS)
  if (!criteria.ok) throw criteriaRefused(criteria)
  await kind.check?.(db, options)
  const row = await one<{ id: number }>(
    db,
    sql`select ledger.start_run(${kind.kind}, ${JSON.stringify(withoutReceived(kind, options))}::jsonb,
    ${JSON.stringify(asked.criteria ?? {})}::jsonb, ${kind.factsKind}, ${asked.actor})::int as id`,
  )
  if (!row) throw new Error('start_run gave no row')
  await keepReceived(db, kind, { id: row.id, actor: asked.actor }, options)
  return row.id
}

function criteriaRefused({ refusal, detail }: Refusal): Refused {
  const clause = detail.clause ?? 'criteria'
  const about = Object.entries(detail)
    .filter(([name]) => name !== 'clause')
    .map(([name, value]) => `${name} ${value}`)
  const sentence = `${clause}: ${[refusal.replaceAll('_', ' '), ...about].join(', ')}`
  return new Refused('criteria', sentence, { [clause]: sentence })
}

function parseOptions(kind: RunKind, given: unknown): unknown {
  const parsed = kind.options.safeParse(given ?? {})
  if (parsed.success) return parsed.data
  const errors: Record<string, string> = {}
  for (const issue of parsed.error.issues) errors[issue.path.join('.') || 'options'] ??= issue.message
  const [field, message] = Object.entries(errors)[0] ?? ['options', 'not understood']
  throw new Refused('options', `${field}: ${message}`, errors)
}

/**
 * Prepares a run: reads facts, asks the kind's rules, writes the staged rows that are its preview. Needs the pool that
 * sees all. A run that another backend is preparing is left alone; one that broke says so and posted nothing.
 */
export async function prepareRun(db: Db, registry: Registry, runId: number, today: Day): Promise<RunRow> {
  const run = await mustFind(db, runId)
  const kind = registry.get(run.kind)
  const staging = makeStaging()
  try {
    const criteria = parseCriteria(run.criteria, ACCOUNT_FIELDS)
    if (!criteria.ok) throw new Error('criteria were checked at the start')
    const selection = narrowed(run, await selectAccounts(db, criteria.value, today))
    const progress = async (done: number, total: number) => {
      await db.execute(sql`select ledger.run_progress(${runId}, ${done}, ${total}, ${selection.outside})`)
    }
    await progress(0, 0)
    const prepared = await kind.prepare(
      { db, runId, actor: run.preparedBy, today, selected: selection.accountIds, stage: staging, progress },
      await withReceived(db, kind, run),
    )
    await staging.flush(db, runId, run.preparedBy)
    const { total, fees } = run.lastPreview?.again ? await totalsOf(db, kind, runId) : prepared
    await db.execute(sql`select ledger.prepare_run(${runId}, ${total ?? null}::numeric, ${fees ?? null}::numeric)`)
    await (run.lastPreview?.again ? compareAgain : comparePreviews)(db, runId)
  } catch (error) {
    const said = fault(error)
    await db.execute(
      sql`select ledger.fail_run(${runId}, ${said instanceof Refused ? said.message : 'Preparing broke off. Nothing was posted.'})`,
    )
    throw said
  }
  return mustFind(db, runId)
}

/** Where only accounts that changed are prepared again: those of them that still meet the criteria. */
function narrowed({ lastPreview, outsideCriteria }: RunRow, selection: Selection): Selection {
  if (!lastPreview?.again) return selection
  const wanted = Object.keys(lastPreview.again).map(Number)
  const met = new Set(selection.accountIds ?? wanted)
  const accountIds = wanted.filter((id) => met.has(id)).sort((a, b) => a - b)
  return { accountIds, outside: outsideCriteria + wanted.length - accountIds.length }
}

/** Total and fees of all that is staged, of the line types that the kind names. */
async function totalsOf(db: Db, { eachAlone }: RunKind, runId: number): Promise<Prepared> {
  const { types } = await runTotals(db, runId)
  const of = (names: string[]) =>
    text(sum(types.filter(({ type }) => names.includes(type)).map(({ amount }) => money(amount))))
  return {
    ...(eachAlone?.total ? { total: of(eachAlone.total) } : {}),
    ...(eachAlone?.fees ? { fees: of(eachAlone.fees) } : {}),
  }
}

export async function mustFind(db: Db, runId: number): Promise<RunRow> {
  const run = Number.isSafeInteger(runId) ? await findRun(db, runId) : undefined
  if (!run?.kind.includes('.')) throw new NotFound('run')
  return run
}

/**
 * GO: posts exactly the staged rows of the preview with this hash, in one statement. A posted run with its hash answers
 * its state. Accounts whose facts changed are named and nothing is posted. Refuses a run with nothing to post.
 */
export async function goRun(db: Db, runId: number, previewHash: string, actor: number): Promise<RunRow> {
  passGate()
  const run = await mustFind(db, runId)
  if (run.state === 'prepared' && run.count === 0 && !(await hasRows(db, runId))) {
    throw new Refused('nothing_to_post', 'There is nothing to post.')
  }
  try {
    await db.execute(sql`select ledger.post_run(${runId}, ${previewHash}, ${actor})`)
  } catch (error) {
    const said = fault(error)
    if (said instanceof Stale) throw await staleConflict(db, said)
    throw said
  }
  return mustFind(db, runId)
}

async function hasRows(db: Db, runId: number): Promise<boolean> {
  const row = await one<{ any: boolean }>(
    db,
    sql`select exists (select from ledger.staged_effect where run_id = ${runId})
    or exists (select from ledger.run_file where run_id = ${runId} and name not like 'received-%') as any`,
  )
  return row?.any ?? false
}

async function staleConflict(db: Db, stale: Stale): Promise<Conflict> {
  const accounts = await accountNumbers(db, stale.accountIds)
  // who may not see an account is not told that there is one
  const named = accounts.map((account) => account.number).slice(0, 20)
  return new Conflict(
    `Changed since the preview: ${named.join(', ') || 'some of it'}. Nothing was posted; prepare these again.`,
    {
      accounts: accounts.map((account) => ({ accountNumber: account.number, balance: account.balance })),
    },
  )
}

/** Back to preparing with the same options; the frame's job or caller prepares it anew. */
export async function prepareAgain(db: Db, runId: number): Promise<void> {
  await mustFind(db, runId)
  await guarded(db, sql`select ledger.prepare_again(${runId})`)
}

/**
 * Back to preparing only the accounts that changed since the preview; what is staged of the others stays. Where the kind
 * cannot, or none changed, the whole run. The frame's job or caller prepares it then.
 */
export async function prepareChangedAgain(db: Db, registry: Registry, runId: number): Promise<void> {
  const run = await mustFind(db, runId)
  if (registry.get(run.kind).eachAlone === undefined) return prepareAgain(db, runId)
  try {
    const row = await one<{ n: number }>(db, sql`select ledger.prepare_changed_again(${runId}) as n`)
    if (row?.n === 0) await prepareAgain(db, runId)
  } catch (error) {
    throw fault(error)
  }
}

/** Throws a preview away: its staged rows go, the run stays as a record. */
export async function cancelRun(db: Db, runId: number, actor: number): Promise<void> {
  await mustFind(db, runId)
  await guarded(db, sql`select ledger.cancel_run(${runId}, ${actor})`)
}

async function guarded(db: Db, statement: ReturnType<typeof sql>): Promise<void> {
  try {
    await db.execute(statement)
  } catch (error) {
    throw fault(error)
  }
}
