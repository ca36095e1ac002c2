import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { type Day, formatDay } from '../ledger/calendar.ts'
import { type Money, text, ZERO } from '../ledger/money.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import type { Test } from '../runs/stage.ts'
import { stageAccountUpdates } from './account-updates.ts'
import {
  adjustmentsDated,
  type Certification,
  certificationsWhere,
  included,
  ofAccounts,
  originalsOf,
  othersInForce,
} from './certification-store.ts'
import { dependentRuns, dependentTransactions } from './dependents.ts'
import { type UpdateOptions, updateOptions } from './forms.ts'
import { describeAccountUpdate, describeUpdate, explainUpdate } from './present.ts'
import { openPeriod, townFacts } from './town-facts.ts'
import { decideAccount, stageAccount } from './update-account.ts'
import type { Posting } from './update-postings.ts'
import { checkUpdateDate, DEFAULT_DESCRIPTION, description } from './update-rules.ts'

/**
 * Tax Certification > Update Customer Balances: one PAdj per certification takes what is certified and still unpaid off
 * the account and onto the certification balance; the fee is its own transaction (product.md 3.10 to 3.12). What a
 * certification adjustment moved is in both books since it was entered: the preview names it and the run leaves it alone.
 */
export const updateCustomerBalances: RunKind<UpdateOptions> = {
  kind: 'tax-certification.update-customer-balances',
  menu: 'Tax Certification',
  title: 'Update Customer Balances',
  path: '/tax-certification/update-customer-balances',
  may: { prepare: 'certification.prepare', post: 'certification.post', reverse: 'certification.reverse' },
  options: updateOptions,
  factsKind: 'certified_buckets',
  eachAlone: { fees: ['Fee'] },
  columns: [
    { type: 'Rev', label: 'Reversed first' },
    { type: 'PAdj', label: 'Certified (PAdj)' },
    { type: 'Paid before update', label: 'Paid before update', apart: true },
    { type: 'Fee', label: 'Fee, to taxes', apart: true },
  ],
  describe: (options) => [...describeUpdate(options), ...describeAccountUpdate(options)],
  explain: explainUpdate,
  needs: (options) => (options.updateAlreadyUpdated ? ['certification.repost'] : []),
  prepare,
  defaults,
  // a county file or notice made since stays true when the balances go back
  dependents: (db, runId) =>
    dependentRuns(db, runId, updatedHere(db, runId), sql`r.kind = 'tax-certification.update-customer-balances'`),
  dependentTransactions: (db, runId) => dependentTransactions(db, runId, updatedHere(db, runId)),
}

/** The certifications that a run updated, and those that took a fee over from one of them. */
const updatedHere = async (db: Db, runId: number): Promise<number[]> => {
  const found = await rows<{ id: number }>(
    db,
    sql`select id from ledger.certification where updated_run_id = ${runId} and run_number is null
      union select target from ledger.run_effect where run_id = ${runId} and kind = 'certification'`,
  )
  return found.map(({ id }) => id)
}

/** The Date opens with that of the last Create Tax Certification Records run (000-015). */
async function defaults(db: Db, today: Day): Promise<Partial<UpdateOptions>> {
  const last = await one<{ date: Day }>(
    db,
    sql`select r.options->>'date' as date from ledger.run r where r.kind = 'tax-certification.create-records' and r.state = 'posted'
      and not exists (select from ledger.run v where v.reverses_run_id = r.id and v.state = 'posted') order by r.id desc limit 1`,
  )
  return { date: last?.date ?? today, description: DEFAULT_DESCRIPTION, include: { unupdated: true } }
}

async function prepare(preparing: Preparing, options: UpdateOptions): Promise<Prepared> {
  const { db, selected, stage } = preparing
  const town = await townFacts(db)
  const period = openPeriod(town, options.date)
  const found = await certificationsWhere(db, sql`${included(options.include)} ${ofAccounts(selected)}`)
  const again = options.updateAlreadyUpdated ?? false
  const taken = found.filter(({ withdrawn, updatedDate }) => !withdrawn && (again || updatedDate === null))
  refuseEarlierDate(options.date, taken)
  const others = await othersInForce(db, taken)
  const posting: Posting = {
    town,
    date: options.date,
    period,
    description: description(options.description || DEFAULT_DESCRIPTION, options.date),
    reason: options.reason ?? '',
    originals: await originalsOf(db, taken),
  }
  const accounts = [...Map.groupBy(taken, ({ accountId }) => accountId)].map(([id, certifications]) =>
    decideAccount(posting, certifications, others.get(id) ?? []),
  )
  const bearers = accounts.flatMap((account) => account.bearers.map(({ other }) => other))
  for (const [id, fee] of await originalsOf(db, bearers)) posting.originals.set(id, fee)
  const adjusted = await adjustments(db, options, selected)
  let fees = ZERO
  const reduced: { id: number; customerId: number }[] = []
  for (const [place, account] of accounts.entries()) {
    const { accountId, customerId } = account.first
    const done = stageAccount(stage, posting, account, adjusted)
    fees = fees.plus(done.fees)
    if (done.postsSomething) reduced.push({ id: accountId, customerId })
    if (place % 500 === 499) await preparing.progress(place + 1, accounts.length)
  }
  excludeOthers(preparing, found, new Set(taken.map(({ accountId }) => accountId)), adjusted)
  await stageAccountUpdates(db, stage, options, reduced, options.date)
  await preparing.progress(accounts.length, accounts.length)
  return { fees: text(fees as Money) }
}

function refuseEarlierDate(date: Day, taken: Certification[]): void {
  if (taken.length === 0) return
  const checked = checkUpdateDate(
    date,
    taken.map((certification) => certification.date),
  )
  if (checked.ok) return
  const latest = formatDay(checked.detail.certificationDate ?? date)
  const sentence = `The Date ${formatDay(date)} is before a certification dated ${latest}. Choose that day or a later one.`
  throw new Refused(checked.refusal, sentence, { date: sentence })
}

export interface Adjusted {
  count: number
  total: string
}

async function adjustments(db: Db, { include }: UpdateOptions, selected: number[] | undefined) {
  if (!('from' in include)) return new Map<number, Adjusted>()
  const found = await adjustmentsDated(db, include, selected)
  return new Map(found.map(({ accountId, count, total }) => [accountId, { count, total }]))
}

/** Who has certifications of the choice, or adjustments in its range, and nothing that this run posts: named, with the reason. */
function excludeOthers(
  { stage }: Preparing,
  found: Certification[],
  taken: Set<number>,
  adjusted: Map<number, Adjusted>,
): void {
  const reasons = new Map<number, Test[]>()
  const add = (accountId: number, test: Test) => {
    if (!taken.has(accountId)) reasons.set(accountId, [...(reasons.get(accountId) ?? []), test])
  }
  for (const { accountId, number, withdrawn, updatedDate } of found) {
    const value = withdrawn ? 'withdrawn' : `updated ${updatedDate === null ? '' : formatDay(updatedDate)}`
    add(accountId, {
      test: `Certification ${number} is not yet updated`,
      value,
      threshold: 'not yet updated',
      passed: false,
    })
  }
  for (const [accountId, { count, total }] of adjusted) {
    const test = 'Certification adjustments of these dates, in both books since they were entered'
    add(accountId, { test, value: `${count}, together ${total}`, threshold: 'nothing left to post', passed: false })
  }
  for (const [accountId, tests] of reasons) stage.exclude(accountId, tests)
}
