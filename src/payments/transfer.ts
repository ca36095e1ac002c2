import { randomUUID } from 'node:crypto'
import { Conflict, Refused } from '../errors.ts'
import { demandActingDate } from '../ledger/acting-date.ts'
import { postOnce } from '../ledger/answered.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import { type AccountFacts, accountFacts } from '../ledger/facts.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'
import type { Document } from '../ledger/post.ts'
import { reversalDate, type ServicePosting } from '../ledger/reversal.ts'
import { mendingTransactions } from '../ledger/reverse.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { withoutDeferred } from './deferred-rules.ts'
import { plain, previewOf } from './document.ts'
import { atField, dayOf, demandRight, mustBeMovement, mustHaveFacts, requestOf, type Who } from './door.ts'
import { type Payable, payable } from './facts.ts'
import { counterLine, utilityLines } from './lines.ts'
import { type Movement, utilityOf } from './movement-store.ts'
import { balanceOf, type PaymentDecision, retirePayment } from './rules.ts'
import { Changed, decide, signatureOf } from './service.ts'
import { mayTransfer } from './transfer-rules.ts'

export interface TransferInput {
  /** Number of the account that the payment belongs to. */
  to: string
  reason: string
  /** Empty: the payment's own date while its period is open, else today. */
  date?: Day | undefined
}

/**
 * Moves a payment to another account (domain.md 3.14): the buckets it paid on A reopen, and B gets it by B's own rules
 * as of the payment's date. A pair of Xfer through `transfer_gl`, linked, posted and reversed together: cash and deposit
 * stay as they are. An account that this person may not see answers as one that does not exist. `shown` is the allocation
 * that the clerk saw: where it has changed since, `Changed` is thrown.
 */
export async function transferPayment(
  who: Who,
  number: string,
  input: TransferInput,
  idempotencyKey?: string,
  shown?: string,
): Promise<{ transactionIds: string[] }> {
  demandRight(who, 'payments.transfer')
  await mustBeMovement(who, number)
  const request = requestOf(`/transactions/${number}/transfer`, idempotencyKey, input)
  const answer = await postOnce(who.db, who.actor.id, request, () => transferDocument(who, number, input, shown))
  return { transactionIds: answer.transactionIds.slice(0, 2) }
}

/** Where B would get the payment, for the screen to show before it is posted. Refuses what posting refuses. */
export async function previewTransfer(who: Who, number: string, to: string) {
  const { payment, receiver, decision } = await decideTransfer(who, number, to)
  const { account } = receiver
  const owner = { number: account.number, name: account.customerName }
  return { payment, to: owner, signature: signatureOf(decision), ...previewOf(decision) }
}

interface Decided {
  payment: Movement
  giver: AccountFacts
  receiver: Payable
  decision: PaymentDecision
  amount: Money
}

async function decideTransfer(who: Who, number: string, to: string): Promise<Decided> {
  // versions first: what is read after them is compared by them
  const { account } = await mustBeMovement(who, number)
  const giver = await mustHaveFacts(who, account)
  if (!(await accountFacts(who.db, to))) throw atField('no_account', 'to', `There is no account ${to}.`)
  const payment = await mustBeMovement(who, number)
  refuseUnlessTransferable(payment, to)
  const receiver = await receiverOf(who, to, payment.date)
  const amount = money(payment.amount).times('-1')
  return { payment, giver, receiver, amount, decision: decide(receiver, { amount }) }
}

async function receiverOf(who: Who, to: string, date: Day): Promise<Payable> {
  const receiver = await payable(who.db, to, date)
  if (!receiver.account.doNotAcceptPayments) return withoutDeferred(receiver)
  throw atField('no_payments', 'to', 'No payments are accepted from this customer (Do Not Accept Any Payments).')
}

function refuseUnlessTransferable(payment: Movement, to: string): void {
  const answer = mayTransfer(payment, to)
  if (answer.ok) return
  const { refusal, detail } = answer
  if (refusal === 'already_transferred') throw new Conflict(`This payment was moved already, by ${detail.by}.`)
  if (refusal === 'already_reversed') throw new Conflict(`This payment is reversed already, by ${detail.by}.`)
  if (refusal === 'same_account') throw atField(refusal, 'to', `The payment is on account ${to} already.`)
  throw new Refused(refusal, 'Only a payment can be moved to another account.')
}

async function transferDocument(who: Who, number: string, input: TransferInput, shown?: string): Promise<Document> {
  const decided = await decideTransfer(who, number, input.to)
  if (shown !== undefined && shown !== signatureOf(decided.decision)) throw new Changed()
  const { payment, giver, receiver } = decided
  if (input.reason.trim() === '') throw atField('reason_missing', 'reason', 'Say why it is moved.')
  const link = `transfer/${randomUUID()}`
  const date = await dateOf(who, payment, input)
  const out = await givenBack(who, decided, { date, link, reason: input.reason })
  const into = received(decided, { date, link, reason: input.reason })
  const moved = await mendingTransactions(who.db, [out], () => 'move/{first}')
  return {
    kind: 'transfer',
    actor: who.actor.id,
    reason: input.reason,
    accounts: [giver, receiver.account].map(({ id, version }) => ({ id, version })),
    transactions: [out, into, ...moved],
  }
}

async function dateOf(who: Who, payment: Movement, { date }: TransferInput): Promise<Day> {
  if (date !== undefined) return demandActingDate(dayOf(date), payment.date, who.today)
  const facts = await mustHaveFacts(who, payment.account)
  const open = !facts.closed.includes(periodOf(payment.date, facts.periods))
  return reversalDate(payment.date, open, who.today)
}

interface Terms {
  date: Day
  link: string
  reason: string
}

const kept = ({ payment, receiver, amount }: Decided, side: 'from' | 'to', reason: string) => ({
  side,
  payment: payment.id,
  paidOn: payment.date,
  receipt: payment.receipt,
  from: payment.account,
  to: receiver.account.number,
  amount: text(amount),
  reason,
})

/** A's side: the exact buckets that the payment had paid, once more. */
async function givenBack(who: Who, decided: Decided, { date, link, reason }: Terms): Promise<NewTransaction> {
  const { payment, giver, amount } = decided
  const paid = await utilityOf(who.db, payment.id)
  const lines = paid.map(
    (line): ServicePosting => ({
      service: line.service === '' ? null : line.service,
      period: line.period,
      amount: ZERO.minus(line.amount),
    }),
  )
  return {
    accountId: giver.id,
    type: 'Xfer',
    date,
    period: periodOf(date, giver.periods),
    description: `${payment.description} moved to another account`,
    sourceKey: `transfer/${payment.id}`,
    link,
    reference: payment.receipt ? `Receipt ${payment.receipt}` : undefined,
    facts: { transfer: kept(decided, 'from', reason) },
    postings: [...utilityLines(giver, lines), counterLine(giver, 'Xfer', money(amount.times('-1')))],
  }
}

/** B's side: allocated as a payment of that date would be. */
function received(decided: Decided, { date, link, reason }: Terms): NewTransaction {
  const { payment, receiver, decision, amount } = decided
  const { account, facts } = receiver
  const { allocations, overpayment, rest, steps, basis, manual, balanceAfter } = decision
  const how = { balanceBefore: balanceOf(facts), allocations, overpayment, rest, steps, basis, manual, balanceAfter }
  return {
    accountId: account.id,
    type: 'Xfer',
    date,
    period: periodOf(date, account.periods),
    description: `${payment.description} moved from another account`,
    sourceKey: `transfer/${payment.id}/to`,
    link,
    reference: payment.receipt ? `Receipt ${payment.receipt}` : undefined,
    facts: { transfer: kept(decided, 'to', reason), payment: plain(how) },
    postings: [...utilityLines(account, retirePayment(facts, decision)), counterLine(account, 'Xfer', amount)],
  }
}
