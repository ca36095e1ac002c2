import type { Db } from '../db/db.ts'
import { money, ZERO } from '../ledger/money.ts'
import { moneyText } from '../web/format.ts'
import { townFacts } from '../web/town.ts'
import { withoutPrivate } from './as-seen.ts'
import { keepFile, outdatedRegisters } from './files.ts'
import type { RunColumn, RunKind } from './kind.ts'
import { columnsOf, presentRun, type Term } from './present.ts'
import { privateAccounts, type RunTotals, runTotals } from './preview-store.ts'
import { csvRegister } from './register-csv.ts'
import { pdfRegister } from './register-pdf.ts'
import type { Registry } from './registry.ts'
import { mustFind } from './service.ts'
import { type RunAccount, type RunExclusion, type RunRow, runAccounts, runExclusions } from './store.ts'

/** What stands at the head of a register, and its totals. */
export interface RegisterHead {
  town: string
  title: string
  terms: Term[]
  columns: Required<RunColumn>[]
  totals: RunTotals
}

const BLOCK = 1000

/**
 * Makes and keeps the register of a posted run as `register.pdf` and `register.csv`: every account with its lines,
 * before, after, fees and effects, who was left out and why, totals, options, criteria, who and when. Where the run
 * holds private accounts that pair is for administrators, and a second one, `register-public`, leaves them out, in its
 * counts and totals too. Needs the pool that sees all. Made again, it takes the place of the earlier one.
 */
export async function keepRegister(db: Db, registry: Registry, runId: number): Promise<void> {
  const run = await mustFind(db, runId)
  const kind = registry.list.find((known) => known.kind === run.kind)
  const hidden = await privateAccounts(db, runId)
  await keepPair(db, run, await headOf(db, kind, run, 'all'), 'register', hidden.size > 0, new Set())
  if (hidden.size === 0) return
  const [seen = run] = await withoutPrivate(db, [run])
  await keepPair(db, seen, await headOf(db, kind, seen, 'public'), 'register-public', false, hidden)
}

/** Makes the registers anew that were made before one of their customers became private. Needs the pool that sees all. */
export async function renewRegisters(db: Db, registry: Registry): Promise<void> {
  for (const runId of await outdatedRegisters(db)) await keepRegister(db, registry, runId)
}

async function headOf(db: Db, kind: RunKind | undefined, run: RunRow, whose: 'all' | 'public'): Promise<RegisterHead> {
  const [town, totals] = [await townFacts(db), await runTotals(db, run.id, whose)]
  const shown = presentRun(kind, run, town.timezone)
  const term = (label: string, value: string) => ({ label, value })
  return {
    town: town.name,
    title: `${shown.title}, run ${run.number}`,
    columns: columnsOf(kind, totals),
    totals,
    terms: [
      term('Run', run.number),
      term('Posted', `${shown.postedAt} by ${shown.postedBy}`),
      term('Prepared', `${shown.preparedAt} by ${shown.preparedBy}`),
      ...shown.options,
      term('Selection Criteria', shown.criteria),
      term('Accounts', String(run.count)),
      term('Total', moneyText(run.total)),
      ...(money(run.fees).eq(ZERO) ? [] : [term('Fees', moneyText(run.fees))]),
      term('Left out', String(run.excluded)),
      term('Outside the criteria', String(run.outsideCriteria)),
    ],
  }
}

async function keepPair(
  db: Db,
  run: RunRow,
  head: RegisterHead,
  name: string,
  holdsPrivate: boolean,
  skip: Set<string>,
): Promise<void> {
  const pdf = pdfRegister(head)
  const csv = csvRegister(head)
  for await (const account of each<RunAccount>((page) => runAccounts(db, run.id, page))) {
    if (skip.has(account.accountNumber)) continue
    pdf.account(account)
    csv.account(account)
  }
  for await (const exclusion of each<RunExclusion>((page) => runExclusions(db, run.id, page))) {
    if (skip.has(exclusion.accountNumber)) continue
    pdf.exclusion(exclusion)
    csv.exclusion(exclusion)
  }
  const common = { runId: run.id, holdsPrivate, actor: run.postedBy ?? run.preparedBy }
  for (const [at, bytes] of (await pdf.end()).entries()) {
    const file = at === 0 ? `${name}.pdf` : `${name}-${at + 1}.pdf`
    await keepFile(db, { ...common, name: file, mediaType: 'application/pdf', bytes })
  }
  await keepFile(db, { ...common, name: `${name}.csv`, mediaType: 'text/csv', bytes: csv.end() })
}

/** The rows of a list, read a block at a time. */
async function* each<T>(read: (page: { limit: number; offset: number }) => Promise<T[]>): AsyncGenerator<T> {
  for (let offset = 0; ; offset += BLOCK) {
    const block = await read({ limit: BLOCK, offset })
    yield* block
    if (block.length < BLOCK) return
  }
}
