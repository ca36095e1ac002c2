import { randomUUID } from 'node:crypto'
import { postOnce } from '../ledger/answered.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import type { AccountFacts } from '../ledger/facts.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import type { Document } from '../ledger/post.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import { withoutDeferred } from '../payments/deferred-rules.ts'
import { plain } from '../payments/document.ts'
import { atField, dayOf, demandRight, mustHaveFacts, requestOf, type Who } from '../payments/door.ts'
import { payable } from '../payments/facts.ts'
import { counterLine, utilityLines } from '../payments/lines.ts'
import { balanceOf, retirePayment } from '../payments/rules.ts'
import { decide } from '../payments/service.ts'
import { takeOut } from './rules.ts'
import { depositLine, refuseAboveMaximum } from './service.ts'
import { customerHolding, holdings, keepTransferred, newLedgerDeposit } from './store.ts'

export interface ReleaseInput {
  /** Absent: all that is held (of an application: all that is owed, at most). */
  amount?: Money | undefined
  /** Number of one deposit; absent: all deposits of the account, by number. */
  deposit?: string | undefined
  reason: string
  date: Day
}

type Part = { deposit: string; id: number; serviceId: number; amount: Money }

/** The parts of an amount out of the deposits of an account. */
async function partsOf(who: Who, account: string, input: ReleaseInput, most?: Money): Promise<Part[]> {
  const held = (await holdings(who.db, account, input.deposit)).map((row) => ({ ...row, held: money(row.held) }))
  const all = sum(held.map((row) => row.held))
  const amount = input.amount ?? (most?.lt(all) ? most : all)
  if (amount.lte('0')) throw atField('nothing_held', 'amount', 'Nothing is held.')
  const parts = takeOut(held, amount)
  if (!parts.ok) throw atField(parts.refusal, 'amount', `${parts.detail.held} is held; no more can be taken.`)
  return parts.value
}

const total = (parts: Part[]): Money => sum(parts.map(({ amount }) => amount))

const released = (account: AccountFacts, parts: Part[]): NewPosting[] =>
  parts.map((part) => depositLine(account, part.id, part.serviceId, part.amount))

const named = (parts: Part[]): string => [...new Set(parts.map(({ deposit }) => deposit))].join(', ')

const keptOf = (parts: Part[], reason: string) => ({
  reason,
  parts: parts.map(({ deposit, amount }) => ({ deposit, amount: text(amount) })),
})

function needReason(reason: string): void {
  if (reason.trim() === '') throw atField('reason_missing', 'reason', 'Say why.')
}

/**
 * Applies deposits to what the account owes, by its own payment rules (DepApp: deposit down, receivable down). At most
 * what is owed and what is held. Under one key it posts once.
 */
export async function applyDeposit(who: Who, account: string, input: ReleaseInput, key?: string): Promise<string> {
  demandRight(who, 'payments.take')
  needReason(input.reason)
  const request = requestOf(`/accounts/${account}/deposits/application`, key, input)
  const answer = await postOnce(who.db, who.actor.id, request, () => applyDocument(who, account, input))
  return answer.transactionIds[0] ?? ''
}

async function applyDocument(who: Who, number: string, input: ReleaseInput): Promise<Document> {
  const date = dayOf(input.date)
  const found = withoutDeferred(await payable(who.db, number, date))
  const { account, facts } = found
  const owed = balanceOf(facts)
  if (owed.lte('0')) throw atField('nothing_owed', 'amount', 'The account owes nothing that a deposit could pay.')
  if (input.amount?.gt(owed)) throw atField('above_owed', 'amount', `${text(owed)} is owed; no more can be applied.`)
  const parts = await partsOf(who, number, input, owed)
  const amount = total(parts)
  const decision = decide(found, { amount })
  const { allocations, overpayment, rest, steps, basis, manual, balanceAfter } = decision
  const how = { balanceBefore: owed, allocations, overpayment, rest, steps, basis, manual, balanceAfter }
  return {
    kind: 'deposit',
    actor: who.actor.id,
    reason: input.reason,
    accounts: [{ id: account.id, version: account.version }],
    transactions: [
      {
        accountId: account.id,
        type: 'DepApp',
        date,
        period: periodOf(date, account.periods),
        description: `Deposit ${named(parts)} applied`,
        sourceKey: 'request/{id}',
        facts: plain({ payment: how, deposit: keptOf(parts, input.reason) }),
        postings: [...released(account, parts), ...utilityLines(account, retirePayment(facts, decision))],
      },
    ],
  }
}

/** Gives a deposit back (DepRef against `refund_gl`, else cash): it stands on the refund list for its check. */
export async function refundDeposit(who: Who, account: string, input: ReleaseInput, key?: string): Promise<string> {
  demandRight(who, 'payments.refund')
  needReason(input.reason)
  const request = requestOf(`/accounts/${account}/deposits/refund`, key, input)
  const answer = await postOnce(who.db, who.actor.id, request, () => refundDocument(who, account, input))
  return answer.transactionIds[0] ?? ''
}

async function refundDocument(who: Who, number: string, input: ReleaseInput): Promise<Document> {
  const date = dayOf(input.date)
  const account = await mustHaveFacts(who, number)
  const parts = await partsOf(who, number, input)
  return {
    kind: 'deposit',
    actor: who.actor.id,
    reason: input.reason,
    accounts: [{ id: account.id, version: account.version }],
    transactions: [
      {
        accountId: account.id,
        type: 'DepRef',
        date,
        period: periodOf(date, account.periods),
        description: `Deposit ${named(parts)} refunded`,
        sourceKey: 'request/{id}',
        facts: { refund: { reason: input.reason, amount: text(total(parts)) }, deposit: keptOf(parts, input.reason) },
        postings: [...released(account, parts), counterLine(account, 'DepRef', money(total(parts).times('-1')))],
      },
    ],
  }
}

export interface TransferInput extends ReleaseInput {
  deposit: string
  /** Number of the account that gets it. */
  to: string
}

/**
 * Moves a deposit to another account: a linked pair of Xfer, so that what is held together stays the same. It gets a
 * number of its own there. An account that this person may not see answers as one that does not exist.
 */
export async function transferDeposit(
  who: Who,
  account: string,
  input: TransferInput,
  key?: string,
): Promise<{ transactionIds: string[]; deposit: string }> {
  demandRight(who, 'payments.transfer')
  needReason(input.reason)
  if (input.to === account) throw atField('same_account', 'to', `The deposit is on account ${account} already.`)
  const request = requestOf(`/deposits/${input.deposit}/transfer`, key, input)
  let made: ReturnType<typeof newLedgerDeposit> | undefined
  // deciding again, because somebody else was quicker, keeps the number
  const into = (accountId: number) => (made ??= newLedgerDeposit(who.db, accountId))
  const answer = await postOnce(who.db, who.actor.id, request, () => transferDocument(who, account, input, into))
  const deposit = String(answer.deposit)
  await keepTransferred(who.db, { deposit, agreedOn: input.date, from: input.deposit, by: who.actor.id })
  return { transactionIds: answer.transactionIds.slice(0, 2), deposit }
}

async function transferDocument(
  who: Who,
  number: string,
  input: TransferInput,
  deposit: (accountId: number) => ReturnType<typeof newLedgerDeposit>,
): Promise<Document> {
  const date = dayOf(input.date)
  const giver = await mustHaveFacts(who, number)
  const receiving = await customerHolding(who.db, input.to)
  if (!receiving?.accounts) throw atField('no_account', 'to', `There is no account ${input.to}.`)
  const taker = await mustHaveFacts(who, input.to)
  const parts = await partsOf(who, number, input)
  const amount = total(parts)
  if (taker.customerId !== giver.customerId) await refuseAboveMaximum(who, money(receiving.held), amount, 'to')
  const moved = await deposit(taker.id)
  const link = `deposit/${randomUUID()}`
  const side = (account: AccountFacts, way: 'from' | 'to', postings: NewPosting[]): NewTransaction => ({
    accountId: account.id,
    type: 'Xfer',
    date,
    period: periodOf(date, account.periods),
    description:
      way === 'from' ? `Deposit ${named(parts)} moved to another account` : 'Deposit moved from another account',
    sourceKey: 'request/{id}',
    link,
    facts: { depositTransfer: { side: way, from: number, to: input.to, amount: text(amount), reason: input.reason } },
    postings,
  })
  const into = parts.map((part) => depositLine(taker, moved.id, part.serviceId, money(part.amount.times('-1'))))
  const others = receiving.accounts.filter((each) => each.id !== giver.id)
  return {
    kind: 'deposit',
    actor: who.actor.id,
    reason: input.reason,
    accounts: [{ id: giver.id, version: giver.version }, ...others],
    answer: { deposit: moved.number },
    transactions: [
      side(giver, 'from', [...released(giver, parts), counterLine(giver, 'Xfer', money(amount.times('-1')))]),
      side(taker, 'to', [...into, counterLine(taker, 'Xfer', amount)]),
    ],
  }
}
