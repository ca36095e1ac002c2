import { Refused } from '../errors.ts'
import { demandActingDate } from '../ledger/acting-date.ts'
import { orKnown } from '../ledger/answered.ts'
import type { Day } from '../ledger/calendar.ts'
import type { MethodFacts } from '../ledger/facts.ts'
import { sum, text } from '../ledger/money.ts'
import type { RequestKey } from '../ledger/post.ts'
import { settings } from '../organization/settings.ts'
import { acceptedMethod } from './accepted.ts'
import { type AdjustmentInput, chargeNamed } from './adjust.ts'
import { entryNeeds } from './batch.ts'
import { addEntry, dropEntry, type EntryAnswer, type EntryRow, mustBeEntry, storeEntry } from './batch-store.ts'
import { adjustCharge } from './change-rules.ts'
import { paymentWords, previewOf, receiptOf } from './document.ts'
import { atField, dayOf, demandRight, mustHaveFacts, requestOf, type Who } from './door.ts'
import { payable } from './facts.ts'
import { refusedAdjustment } from './refusals.ts'
import { Changed, decide, type PaymentInput, signatureOf } from './service.ts'

/** Whether what the counter enters is posted at once or waits in the clerk's batch (organization setting). */
export const postsByBatch = async (who: Pick<Who, 'db'>): Promise<boolean> =>
  (await settings(who.db)).counterPosting === 'batch'

/**
 * Enters a payment into the clerk's batch: it is decided as it would be posted now, gets its receipt, and waits as an
 * unposted row (product.md 1.3). Refuses what taking it at once refuses. Under one key it is entered once, and every
 * further call gets the first answer, whatever became of the account since.
 */
export async function addPayment(
  who: Who,
  number: string,
  input: PaymentInput & { runId?: number | undefined },
  idempotencyKey?: string,
  shown?: string,
): Promise<EntryAnswer & { balanceAfter: string }> {
  demandRight(who, entryNeeds('Pmt'))
  const { amount, date, method, checkNumber } = input
  const body = { amount: text(amount), date, method, checkNumber, allocations: partsOf(input) }
  const request = requestOf(`/accounts/${number}/unposted-payments`, idempotencyKey, body)
  return enteredOnce(who, request, async () => {
    const found = await payable(who.db, number, dayOf(date))
    const accepted = acceptedMethod(found, input)
    const decision = decide(found, input)
    if (shown !== undefined && shown !== signatureOf(decision)) throw new Changed()
    const entry = paymentEntry(found.account.id, input, accepted)
    const { balanceAfter } = previewOf(decision)
    return addEntry(who.db, { actor: who.actor.id, request, runId: input.runId, ...entry, answer: { balanceAfter } })
  })
}

const partsOf = ({ allocations }: PaymentInput) =>
  allocations?.map(({ service, amount }) => ({ service, amount: text(amount) }))

function paymentEntry(accountId: number, input: PaymentInput, method: MethodFacts) {
  const { amount, date, checkNumber } = input
  const allocations = partsOf(input)
  return {
    accountId,
    type: 'Pmt' as const,
    date,
    amount: text(amount.times('-1')),
    description: paymentWords({ method, checkNumber }),
    method: method.code,
    reference: checkNumber,
    receipt: { ...receiptOf({ amount, date, method, checkNumber }), total: text(amount) },
    input: allocations ? { allocations } : {},
  }
}

/** Enters under a request key; where deciding refuses what was entered under it before, the first answer is given. */
const enteredOnce = <Kept extends EntryAnswer>(
  who: Who,
  request: RequestKey | undefined,
  work: () => Promise<Kept>,
): Promise<Kept> => orKnown(who.db, who.actor.id, request, work, (kept: Kept) => kept)

/** Enters an adjustment of a posted charge into the clerk's batch (001-379). Refuses what adjusting at once refuses. */
export async function addAdjustment(
  who: Who,
  number: string,
  input: AdjustmentInput,
  idempotencyKey?: string,
): Promise<EntryAnswer> {
  demandRight(who, entryNeeds('Adj'))
  const body = { ...input, changes: input.changes.map(({ service, change }) => ({ service, change: text(change) })) }
  const request = requestOf(`/transactions/${number}/unposted-adjustment`, idempotencyKey, body)
  return enteredOnce(who, request, async () => {
    const { entry, account } = await adjustmentEntry(who, number, input)
    const facts = await mustHaveFacts(who, account)
    return addEntry(who.db, { actor: who.actor.id, request, accountId: facts.id, type: 'Adj', ...entry })
  })
}

async function adjustmentEntry(who: Who, number: string, { changes, reason, date }: AdjustmentInput) {
  if (reason.trim() === '') throw atField('reason_missing', 'reason', 'Say why it is adjusted.')
  const charge = await chargeNamed(who, number)
  const decided = adjustCharge(charge.lines, changes)
  if (!decided.ok) throw refusedAdjustment(decided)
  const lines = decided.value.map(({ service, change }) => ({ service, change: text(change) }))
  return {
    account: charge.found.account,
    entry: {
      date: demandActingDate(dayOf(date), charge.found.date, who.today),
      amount: text(sum(decided.value.map(({ change }) => change))),
      description: `${charge.found.description} adjusted`,
      input: { of: [charge.found.id], changes: lines, reason },
    },
  }
}

/** Edit Adjustment (001-380): an unposted adjustment gets other lines, another date or reason. */
export async function changeAdjustment(
  who: Who,
  id: number,
  input: { changes: AdjustmentInput['changes']; reason: string; date: Day; version: number },
): Promise<EntryRow> {
  demandRight(who, entryNeeds('Adj'))
  const row = await mustBeEntry(who.db, id)
  if (row.type !== 'Adj') throw new Refused('not_an_adjustment', 'Only an unposted adjustment is edited here.')
  const { entry } = await adjustmentEntry(who, row.input.of?.[0] ?? '', input)
  await storeEntry(who.db, { id, version: input.version }, who.actor.id, entry)
  return row
}

/**
 * Delete Unposted Payment (001-383): takes an unposted row out of its batch. Its receipt keeps its number and shows as
 * void; the audit trail has the row. A posted one is reversed instead.
 */
export async function removeUnposted(who: Who, id: number, reason: string): Promise<EntryRow> {
  const row = await mustBeEntry(who.db, id)
  demandRight(who, entryNeeds(row.type))
  if (!row.open) throw new Refused('posted', 'This is posted. Reverse it instead.')
  await dropEntry(who.db, id, who.actor.id, reason)
  return row
}

export { unpostedJson } from './batch-store.ts'
