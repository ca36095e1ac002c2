import { z } from 'zod'
import type { Permission } from '../auth/permissions.ts'
import type { Db } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import { adjustmentTransaction, type Charge, chargesNamed, demandCharge } from './adjust.ts'
import { type EntryRow, entriesOf, entryTypes } from './batch-store.ts'
import { balanceIn } from './change-rules.ts'
import { paymentTransactions } from './document.ts'
import { booksOf } from './door.ts'
import { type Payable, payables } from './facts.ts'
import { transfersOfRun } from './movement-store.ts'
import { onTop } from './on-top.ts'
import { decide } from './service.ts'

const batchOptions = z.strictObject({})

/**
 * Payments > Batches and drawer: rows that clerks enter one by one (product.md 1.3). Preparing decides each row anew, in
 * the order they were entered, on the ledger and on the rows before it; GO posts them.
 */
export const paymentBatch: RunKind<z.infer<typeof batchOptions>> = {
  kind: 'payments.batch',
  menu: 'Payments',
  title: 'Payment batch',
  path: '/payments/batches',
  may: { prepare: 'payments.batch', post: 'payments.batch', reverse: 'payments.reverse' },
  options: batchOptions,
  needsToPost: async (db, runId) => (await entryTypes(db, runId)).map(entryNeeds),
  factsKind: 'version',
  columns: [
    { type: 'Pmt', label: 'Payments' },
    { type: 'Adj', label: 'Adjustments' },
    { type: 'Misc', label: 'Deferred charges' },
  ],
  describe: () => [],
  explain: ({ facts }) => (facts as { says?: string[] } | null)?.says ?? [],
  prepare,
  dependentTransactions: transfersOfRun,
}

/** So many accounts are read at a time. */
const CHUNK = 200

async function prepare(preparing: Preparing): Promise<Prepared> {
  const { db, runId, stage, progress } = preparing
  const accounts = [...Map.groupBy(await entriesOf(db, runId), ({ account }) => account).values()]
  for (let at = 0; at < accounts.length; at += CHUNK) {
    await stageAccounts(db, stage, accounts.slice(at, at + CHUNK))
    await progress(Math.min(at + CHUNK, accounts.length), accounts.length)
  }
  return {}
}

/** Each row with what deciding it reads of the ledger. */
interface Row {
  entry: EntryRow
  found: Payable
  /** Of an adjustment: the charge that it is of. */
  charge: Charge | undefined
}

async function stageAccounts(db: Db, stage: Preparing['stage'], accounts: EntryRow[][]): Promise<void> {
  const asked = accounts.flatMap((entries) => {
    const since = entries.map(({ date }) => date).sort()[0]
    return entries.map((entry) => ({ entry, number: entry.account, date: entry.date, since }))
  })
  const found = await payables(db, asked)
  const chargeOf = ({ input }: EntryRow): string => input.of?.[0] ?? ''
  const adjusted = asked.map(({ entry }) => chargeOf(entry)).filter((number) => number !== '')
  const charges = await chargesNamed({ db }, adjusted)
  const read = asked.flatMap(({ entry }, at): Row[] => {
    const own = found[at]
    return own ? [{ entry, found: own, charge: charges.get(chargeOf(entry)) }] : []
  })
  for (const mine of Map.groupBy(read, ({ entry }) => entry.account).values()) stageAccount(stage, mine)
}

function stageAccount(stage: Preparing['stage'], read: Row[]): void {
  const first = read[0]
  if (!first) return
  const { account } = first.found
  const entries = read.map(({ entry }) => entry)
  const before = balanceIn(booksOf(account))
  const staged: NewTransaction[] = []
  for (const row of read) staged.push(...decided(row, staged))
  for (const transaction of staged) stage.transaction(transaction)
  stage.account({
    accountId: account.id,
    fingerprint: account.version,
    before,
    after: before.plus(sum(staged.map((each) => money(changeOf(each))))),
    lines: staged.map((each) => ({ type: each.type, service: null, amount: changeOf(each), taxYear: null })),
    facts: {
      says: entries.map(
        ({ description, by, receipt }) => `${description}, ${by}${receipt ? `, receipt ${receipt}` : ''}`,
      ),
    },
  })
}

const changeOf = ({ postings }: NewTransaction): string =>
  text(sum(postings.filter(({ book }) => book === 'utility').map(({ amount }) => amount)))

/** A row that cannot be posted stops the whole batch: else it would be left behind when the batch is closed. */
function decided(row: Row, staged: readonly NewTransaction[]): NewTransaction[] {
  const { entry } = row
  try {
    return transactionsOf(row, staged)
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Conflict)) throw error
    const which = entry.receipt ? `${entry.description}, receipt ${entry.receipt}` : entry.description
    throw new Refused('row_refused', `${which}: ${error.message} Change this row or take it out.`)
  }
}

function transactionsOf(row: Row, staged: readonly NewTransaction[]): NewTransaction[] {
  const { entry } = row
  const found = onTop(row.found, staged)
  const sourceKey = `batch/${entry.runId}/${entry.id}`
  const receipt = entry.receipt ?? undefined
  const own = (made: NewTransaction): NewTransaction => ({
    ...made,
    receipt,
    facts: { ...(made.facts as object), entry: markOf(entry) },
  })
  if (entry.type === 'Adj') return [own(adjustmentOf({ ...row, found }, staged, sourceKey))]
  const method = found.account.methods.find(({ code }) => code === entry.method)
  if (!method) throw new Refused('unknown_method', `There is no payment method ${entry.method}.`)
  const amount = money(entry.amount).times('-1')
  const allocations = entry.input.allocations?.map(({ service, amount: part }) => ({ service, amount: money(part) }))
  const order = { amount, date: entry.date, method, checkNumber: entry.reference ?? undefined }
  const made = paymentTransactions(found, decide(found, { amount, allocations }), order, sourceKey)
  return made.map((each, at) => (at === 0 ? own(each) : each))
}

/** Which row this is, as it was: GO compares it (drizzle/functions/guard_batch.sql). */
const markOf = ({ id, version, by }: EntryRow) => ({ id, version, by })

function adjustmentOf(
  { entry: { input, date }, found: { account }, charge }: Row,
  staged: readonly NewTransaction[],
  sourceKey: string,
): NewTransaction {
  if (!charge) throw new NotFound('transaction')
  demandCharge(charge.found)
  const earlier = staged.flatMap(({ facts: kept }) => adjustedBy(kept, charge.of))
  const lines = charge.lines.map((line) => ({
    ...line,
    adjusted: sum([
      line.adjusted,
      ...earlier.filter(({ service }) => service === line.service).map(({ change }) => change),
    ]),
  }))
  const changes = (input.changes ?? []).map(({ service, change }) => ({ service, change: money(change) }))
  const words = `${charge.found.description} adjusted`
  const order = { changes, reason: input.reason ?? '', date, of: charge.of, charge: lines, words }
  return adjustmentTransaction(account, booksOf(account), order, sourceKey)
}

/** What a staged adjustment takes off or adds to the charge that these numbers name. */
function adjustedBy(kept: unknown, of: string[]): { service: string; change: Money }[] {
  const found = (kept as { adjustment?: { of: string[]; lines: { service: string; change: string }[] } }).adjustment
  if (!found?.of.some((number) => of.includes(number))) return []
  return found.lines.map(({ service, change }) => ({ service, change: money(change) }))
}

/** What it takes to enter, change, take out, preview and post an unposted row of this type. */
export const entryNeeds = (type: 'Pmt' | 'Adj'): Permission =>
  type === 'Pmt' ? 'payments.batch' : 'transactions.adjust'
