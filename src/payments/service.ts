import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Conflict, Forbidden, NotFound, Refused } from '../errors.ts'
import { answerOnce } from '../ledger/answered.ts'
import { type Day, isDay } from '../ledger/calendar.ts'
import type { AccountFacts, MethodFacts } from '../ledger/facts.ts'
import type { Money } from '../ledger/money.ts'
import { decideAndPost, type RequestKey } from '../ledger/post.ts'
import type { ReversalKind } from '../ledger/reversal.ts'
import { reverse } from '../ledger/reverse.ts'
import type { Context } from '../web/context.ts'
import { type PaymentPreview, paymentDocument, plain, previewOf } from './document.ts'
import { type Payable, payable } from './facts.ts'
import { refused } from './refusals.ts'
import { decidePayment, type PaymentDecision } from './rules.ts'

export interface PaymentInput {
  amount: Money
  date: Day
  /** Code of a payment method. */
  method: string
  checkNumber?: string | undefined
  allocations?: { service: string; amount: Money }[] | undefined
}

export interface PaymentTaken extends PaymentPreview {
  transactionId: string
  receiptNumber: string
}

type Who = Pick<Context, 'db' | 'actor' | 'today' | 'may'>

/** Where a payment would go. Needs no GL account and no method; refuses an amount that is not from 0.01 to 9999999.99. */
export async function previewPayment(
  db: Db,
  number: string,
  input: { amount: Money; date: Day },
): Promise<PaymentPreview> {
  return previewOf(decide(await payable(db, number, dayOf(input.date)), input))
}

/**
 * Takes a payment: decides, posts with its receipt, and gives both numbers. Under one idempotency key it posts once,
 * and every further call gets the first answer; another body under that key is a Conflict. Refuses an unknown or
 * switched-off method, a missing reference or GL account (naming the setting), a customer who is not to pay, and what
 * the allocation rules refuse. `shown` is the decision the clerk saw: where it has changed since, `Changed` is thrown.
 */
export async function takePayment(
  { db, actor }: Who,
  number: string,
  input: PaymentInput,
  idempotencyKey?: string,
  shown?: string,
): Promise<PaymentTaken> {
  const { amount, date, method: code, checkNumber, allocations: byHand } = input
  const body = { amount, date, method: code, checkNumber, allocations: byHand }
  const request = requestOf(`/accounts/${number}/payments`, idempotencyKey, body)
  const posted = await answerOnce(db, actor.id, request, () =>
    decideAndPost(db, async () => {
      const found = await payable(db, number, dayOf(input.date))
      const method = acceptedMethod(found.account, input)
      const decision = decide(found, input)
      if (shown !== undefined && shown !== signatureOf(decision)) throw new Changed()
      return paymentDocument(found, decision, { ...input, method, actor: actor.id, request })
    }),
  )
  const { transactionIds, receiptNumber, allocations, overpayment, balanceAfter } = posted.answer
  const preview = { allocations, overpayment, balanceAfter } as PaymentPreview
  return { transactionId: transactionIds[0] ?? '', receiptNumber: receiptNumber ?? '', ...preview }
}

/** What the clerk was shown is no longer what would be posted; nothing was posted. */
export class Changed extends Conflict {
  constructor() {
    super('The account changed since this was shown. Look at the new allocation and take the payment again.')
    this.name = 'Changed'
  }
}

/** A decision in one line, to compare what is posted with what was shown. */
export const signatureOf = (decision: PaymentDecision): string => JSON.stringify(previewOf(decision))

export function decide(found: Payable, input: Pick<PaymentInput, 'amount' | 'allocations'>): PaymentDecision {
  const decision = decidePayment(found.facts, input.amount, input.allocations)
  if (!decision.ok) throw refused(decision)
  return decision.value
}

function acceptedMethod(account: AccountFacts, { method: code, checkNumber }: PaymentInput): MethodFacts {
  const say = (refusal: string, field: string, sentence: string) =>
    new Refused(refusal, sentence, { [field]: sentence })
  if (account.doNotAcceptPayments) {
    throw new Refused('no_payments', 'No payments are accepted from this customer (Do Not Accept Any Payments).')
  }
  const method = account.methods.find((each) => each.code === code)
  if (!method?.active) throw say('unknown_method', 'method', `There is no payment method ${code} in use.`)
  if (method.referenceRequired && !checkNumber) {
    throw say('reference_missing', 'checkNumber', `${method.name} needs a check number or reference.`)
  }
  return method
}

function dayOf(date: Day): Day {
  if (isDay(date)) return date
  throw new Refused('no_such_day', `${date} is not a day.`, { date: 'Write a date like 2026-03-31.' })
}

const requestOf = (path: string, key: string | undefined, body: unknown): RequestKey | undefined =>
  key === undefined ? undefined : { path, key, body: plain(body) }

export interface ReversalInput {
  reason: string
  date?: Day | undefined
  /** NSF for money that came back from the bank; else Rev. */
  kind?: ReversalKind | undefined
}

const MONEY_RECEIVED = ['Pmt', 'CertPmt', 'Dep']

/**
 * Posts the opposite of a transaction: the very same buckets reopen, whatever was posted since. Refuses a
 * certification's PAdj or Fee and a reversal; one reversed already is a Conflict. The date is the one given, else the
 * original's while its period is open, else today.
 */
export async function reverseTransaction(
  { db, actor, today, may }: Who,
  number: string,
  input: ReversalInput,
  idempotencyKey?: string,
): Promise<{ transactionId: string }> {
  const type = await typeOf(db, number)
  const need = MONEY_RECEIVED.includes(type) ? 'payments.reverse' : 'transactions.adjust'
  if (!may(need)) throw new Forbidden(need)
  const request = requestOf(`/transactions/${number}/reversal`, idempotencyKey, input)
  const date = input.date === undefined ? undefined : dayOf(input.date)
  const order = {
    number,
    kind: input.kind ?? 'Rev',
    reason: input.reason,
    actor: actor.id,
    today,
    date,
    request,
  } as const
  const posted = await answerOnce(db, actor.id, request, () => reverse(db, order))
  return { transactionId: posted.answer.transactionIds[0] ?? '' }
}

async function typeOf(db: Db, number: string): Promise<string> {
  const row = await one<{ type: string }>(
    db,
    sql`select type from ledger.transaction where number = ${number}
      or number is null and id = case when ${number} ~ '^[0-9]{1,17}$' then ${number}::text::bigint end`,
  )
  if (!row) throw new NotFound('transaction')
  return row.type
}
