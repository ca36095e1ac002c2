import { Conflict, Refused } from '../errors.ts'
import { demandActingDate } from '../ledger/acting-date.ts'
import { answerOnce } from '../ledger/answered.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import type { AccountFacts } from '../ledger/facts.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'
import { type Document, decideAndPost } from '../ledger/post.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { afterPostings, type Books, changePostings } from './change-rules.ts'
import { atField, booksOf, dayOf, demandRight, mustBeMovement, mustHaveFacts, requestOf, type Who } from './door.ts'
import { counterLine, movedBy, utilityLines } from './lines.ts'
import { holderOf, type Movement, movement } from './movement-store.ts'
import { mayReturn, nsfFee } from './nsf-rules.ts'
import { refused } from './refusals.ts'
import { reversalOf } from './reversal.ts'

export interface NsfInput {
  /** Code of the method that the payment was made by, as the bank's notice says it. */
  method: string
  reason: string
  date: Day
  /** Another fee than the organization's; 0.00 = none. */
  fee?: Money | undefined
}

export interface NsfAnswer {
  transactionId: string
  feeTransactionId: string | null
}

/** Source key of the fee for a returned payment: one payment has one. */
const feeKey = (payment: string): string => `nsf-fee/${payment}`

/**
 * A payment came back from the bank (domain.md 3.14): its own buckets reopen, and the organization's NSF fee is a charge
 * of its own on `nsf_service`, due at once, all in one statement. 60.00 back with a fee of 30.00 is a balance 90.00
 * higher. Refuses another method than the payment's, and a second return.
 */
export async function returnPayment(
  who: Who,
  number: string,
  input: NsfInput,
  idempotencyKey?: string,
): Promise<NsfAnswer> {
  demandRight(who, 'payments.reverse')
  const { account } = await mustBeMovement(who, number)
  const request = requestOf(`/transactions/${number}/nsf`, idempotencyKey, input)
  const order = {
    number,
    kind: 'NSF' as const,
    reason: input.reason,
    actor: who.actor.id,
    today: who.today,
    date: dayOf(input.date),
    request,
  }
  const posted = await answerOnce(who.db, who.actor.id, request, () =>
    decideAndPost(who.db, async () => {
      refuseUnlessReturnable(await mustBeMovement(who, number), input.method)
      return withFee(who, await reversalOf(who, order), { ...input, account, payment: number })
    }),
  )
  const { transactionIds, feePlace } = posted.answer
  return {
    transactionId: transactionIds[0] ?? '',
    feeTransactionId: typeof feePlace === 'number' ? (transactionIds[feePlace] ?? null) : null,
  }
}

export function refuseUnlessReturnable(found: Movement, method: string): void {
  const answer = mayReturn(found, method)
  if (answer.ok) return
  const { refusal, detail } = answer
  if (refusal === 'returned_already') throw new Conflict(`This payment was returned already, by ${detail.by}.`)
  if (refusal === 'already_reversed') throw new Conflict(`This payment is reversed already, by ${detail.by}.`)
  if (refusal === 'other_method') throw atField(refusal, 'method', 'This payment was made another way.')
  throw new Refused(refusal, 'Only money received can be returned (NSF).')
}

/** The reversal with the fee behind it, which ages and takes up credit on the books as the reversal leaves them. */
async function withFee(
  who: Who,
  document: Document,
  { account, payment, ...input }: NsfInput & { account: string; payment: string },
): Promise<Document> {
  const facts = await mustHaveFacts(who, account)
  const wanted = nsfFee(input.fee ?? money(facts.settings.nsf_fee || '0'), facts.settings.nsf_service)
  if (!wanted.ok) throw refused(wanted)
  if (wanted.value === null) return document
  const books = booksAfter(facts, document.transactions)
  const fee = feeTransaction(facts, books, { ...wanted.value, payment, date: input.date })
  const transactions = [...document.transactions, fee]
  return { ...document, transactions, answer: { ...document.answer, feePlace: transactions.length - 1 } }
}

const booksAfter = (facts: AccountFacts, transactions: readonly NewTransaction[]): Books =>
  afterPostings(booksOf(facts), movedBy(facts, transactions))

interface Fee {
  service: string
  amount: Money
  payment: string
  date: Day
}

function feeTransaction(facts: AccountFacts, books: Books, { service, amount, payment, date }: Fee): NewTransaction {
  const period = periodOf(date, facts.periods)
  const lines = changePostings(books, [{ service, change: amount }], period)
  return {
    accountId: facts.id,
    type: 'Misc',
    date,
    period,
    description: 'Returned payment fee',
    sourceKey: feeKey(payment),
    dueDate: date,
    facts: { nsfFee: { payment, service, amount: text(amount) } },
    postings: [...utilityLines(facts, lines), counterLine(facts, 'Misc', money(amount.times('-1')), { service })],
  }
}

/** The fee that stands for a returned payment; undefined when there is none. */
export async function nsfFeeOf(who: Pick<Who, 'db'>, payment: string): Promise<Movement | undefined> {
  const number = await holderOf(who.db, feeKey(payment))
  return number === undefined ? undefined : movement(who.db, number)
}

/**
 * Edit NSF (001-386): the fee of a returned payment is another one, or none. What stands is reversed and the new one is
 * posted in the same statement. Refuses a payment that was not returned and a fee that stays as it is.
 */
export async function changeNsfFee(
  who: Who,
  payment: string,
  input: { fee: Money; reason: string; date: Day },
  idempotencyKey?: string,
): Promise<{ feeTransactionId: string | null }> {
  demandRight(who, 'payments.reverse')
  const request = requestOf(`/transactions/${payment}/nsf-fee`, idempotencyKey, input)
  const posted = await answerOnce(who.db, who.actor.id, request, () =>
    decideAndPost(who.db, async () => ({ ...(await feeDocument(who, payment, input)), request })),
  )
  const { transactionIds, feePlace } = posted.answer
  return { feeTransactionId: typeof feePlace === 'number' ? (transactionIds[feePlace] ?? null) : null }
}

async function feeDocument(
  who: Who,
  payment: string,
  { fee, reason, date }: { fee: Money; reason: string; date: Day },
): Promise<Document> {
  const found = await mustBeMovement(who, payment)
  const facts = await mustHaveFacts(who, found.account)
  if (found.reversedType !== 'NSF') throw new Refused('not_returned', 'This payment was not returned.')
  if (reason.trim() === '') throw atField('reason_missing', 'reason', 'Say why the fee is changed.')
  const standing = await nsfFeeOf(who, payment)
  const returned = await mustBeMovement(who, found.reversedBy ?? '')
  demandActingDate(dayOf(date), returned.date, who.today)
  const before = standing ? money(standing.amount) : ZERO
  if (fee.eq(before)) throw atField('nothing_changed', 'fee', `The fee is ${text(before)} already.`)
  const account = { id: facts.id, version: facts.version }
  const common = { kind: 'nsf-fee', actor: who.actor.id, reason, accounts: [account] }
  const order = {
    number: standing?.id ?? '',
    kind: 'Rev' as const,
    reason,
    actor: who.actor.id,
    today: who.today,
    date,
  }
  const taken = standing ? (await reversalOf(who, order)).transactions : []
  const wanted = nsfFee(fee, facts.settings.nsf_service)
  if (!wanted.ok) throw refused(wanted)
  if (wanted.value === null) return { ...common, transactions: taken }
  const posted = feeTransaction(facts, booksAfter(facts, taken), { ...wanted.value, payment, date: dayOf(date) })
  return { ...common, transactions: [...taken, posted], answer: { feePlace: taken.length } }
}
