import { z } from 'zod'
import type { Permission } from '../auth/permissions.ts'
import type { Db } from '../db/db.ts'
import { deferredKey } from '../deferred-charges/rules.ts'
import { Conflict, Refused } from '../errors.ts'
import { type AccountFacts, bucketsOf } from '../ledger/facts.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import { adjustmentTransaction, chargeNamed } from './adjust.ts'
import { type EntryRow, entriesOf } from './batch-store.ts'
import { afterPostings, balanceIn, bucketsIn } from './change-rules.ts'
import { paymentTransactions } from './document.ts'
import { booksOf } from './door.ts'
import { type Payable, payable } from './facts.ts'
import { movedBy } from './lines.ts'
import { transfersOfRun } from './movement-store.ts'
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

async function prepare(preparing: Preparing): Promise<Prepared> {
  const { db, runId, stage, progress } = preparing
  const entries = await entriesOf(db, runId)
  const accounts = [...Map.groupBy(entries, ({ account }) => account)]
  let done = 0
  for (const [number, mine] of accounts) {
    await stageAccount(db, stage, number, mine)
    done += 1
    if (done % 50 === 0) await progress(done, accounts.length)
  }
  return {}
}

async function stageAccount(db: Db, stage: Preparing['stage'], number: string, entries: EntryRow[]): Promise<void> {
  const first = entries[0]
  if (!first) return
  let found = await payable(db, number, first.date)
  const fingerprint = found.account.version
  const before = balanceIn(booksOf(found.account))
  const staged: NewTransaction[] = []
  for (const entry of entries) {
    if (entry !== first) found = onTop(await payable(db, number, entry.date), staged)
    staged.push(...(await decided(db, found, entry, staged)))
  }
  for (const transaction of staged) stage.transaction(transaction)
  stage.account({
    accountId: first.accountId,
    fingerprint,
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
async function decided(db: Db, found: Payable, entry: EntryRow, staged: readonly NewTransaction[]) {
  try {
    return await transactionOf(db, found, entry, staged)
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Conflict)) throw error
    const which = entry.receipt ? `${entry.description}, receipt ${entry.receipt}` : entry.description
    throw new Refused('row_refused', `${which}: ${error.message} Change this row or take it out.`)
  }
}

/** The account as the rows staged before leave it. */
function onTop(found: Payable, staged: readonly NewTransaction[]): Payable {
  if (staged.length === 0) return found
  const { account, facts } = found
  const books = afterPostings(booksOf(account), movedBy(account, staged))
  const buckets = [null, ...account.services].flatMap((service) =>
    bucketsIn(books, service?.code ?? null).map((bucket) => ({ ...bucket, serviceId: service?.id ?? 0 })),
  )
  const next: AccountFacts = { ...account, buckets }
  return {
    ...found,
    account: next,
    facts: {
      ...facts,
      accountCredit: sum(bucketsOf(next, 0).map(({ unpaid }) => unpaid)),
      services: facts.services.map((service) => ({ ...service, buckets: bucketsIn(books, service.service) })),
      deferred: facts.deferred && {
        ...facts.deferred,
        charges: facts.deferred.charges.filter(({ code }) => !isStaged(staged, found, code)),
      },
    },
  }
}

const isStaged = (staged: readonly NewTransaction[], { account, facts }: Payable, code: string): boolean => {
  const key = deferredKey(code, account.number, facts.deferred?.statement?.number ?? null)
  return staged.some(({ sourceKey }) => sourceKey === key)
}

async function transactionOf(
  db: Db,
  found: Payable,
  entry: EntryRow,
  staged: readonly NewTransaction[],
): Promise<NewTransaction[]> {
  const sourceKey = `batch/${entry.runId}/${entry.id}`
  const receipt = entry.receipt ?? undefined
  const own = (made: NewTransaction): NewTransaction => ({
    ...made,
    receipt,
    facts: { ...(made.facts as object), entry: markOf(entry) },
  })
  if (entry.type === 'Adj') return [own(await adjustmentOf(db, found.account, entry, staged, sourceKey))]
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

async function adjustmentOf(
  db: Db,
  facts: AccountFacts,
  { input, date }: EntryRow,
  staged: readonly NewTransaction[],
  sourceKey: string,
): Promise<NewTransaction> {
  const charge = await chargeNamed({ db }, input.of?.[0] ?? '')
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
  return adjustmentTransaction(facts, booksOf(facts), order, sourceKey)
}

/** What a staged adjustment takes off or adds to the charge that these numbers name. */
function adjustedBy(kept: unknown, of: string[]): { service: string; change: Money }[] {
  const found = (kept as { adjustment?: { of: string[]; lines: { service: string; change: string }[] } }).adjustment
  if (!found?.of.some((number) => of.includes(number))) return []
  return found.lines.map(({ service, change }) => ({ service, change: money(change) }))
}

/** What it takes to enter, change and take out an unposted row of this type. */
export const entryNeeds = (type: 'Pmt' | 'Adj'): Permission =>
  type === 'Pmt' ? 'payments.batch' : 'transactions.adjust'
