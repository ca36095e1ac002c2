import { randomUUID } from 'node:crypto'
import { deferredKey } from '../deferred-charges/rules.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import type { MethodFacts } from '../ledger/facts.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'
import type { Document, RequestKey } from '../ledger/post.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { deferredPostings } from './deferred-rules.ts'
import type { Payable } from './facts.ts'
import { counterLine, utilityLines } from './lines.ts'
import { balanceOf, type PaymentDecision, retirePayment } from './rules.ts'

export interface PaymentOrder {
  amount: Money
  date: Day
  method: MethodFacts
  checkNumber?: string | undefined
  actor: number
  request?: RequestKey | undefined
}

export interface Share {
  service: string | null
  amount: string
}

export interface PaymentPreview {
  allocations: Share[]
  overpayment: Share[]
  /** Charges that waited for a payment and come with this one; absent where none does. */
  deferredCharges?: { code: string; name: string; service: string; amount: string }[]
  balanceAfter: string
}

/** What the API and the receipt say of a decision. */
export const previewOf = (decision: PaymentDecision): PaymentPreview => ({
  allocations: decision.allocations.map(share),
  overpayment: decision.overpayment.map(share),
  ...(decision.deferred.length > 0 ? { deferredCharges: decision.deferred.map(brought) } : {}),
  balanceAfter: text(decision.balanceAfter),
})

const brought = ({ code, name, service, amount }: PaymentDecision['deferred'][number]) => ({
  code,
  name,
  service,
  amount: text(amount),
})

const share = (each: { service: string | null; amount: Money }): Share => ({
  service: each.service,
  amount: text(each.amount),
})

/** The payment as one document for the ledger: Pmt, its receipt, and what its rule used. */
export function paymentDocument(found: Payable, decision: PaymentDecision, order: PaymentOrder): Document {
  const { account } = found
  return {
    kind: 'payment',
    actor: order.actor,
    request: order.request,
    accounts: [{ id: account.id, version: account.version }],
    receipt: receiptOf(order),
    answer: { ...previewOf(decision) },
    transactions: paymentTransactions(found, decision, order, 'request/{id}'),
  }
}

/** The receipt of a payment, as it is numbered. */
export function receiptOf({ amount, date, method, checkNumber }: Tendered) {
  const tender = { method: method.code, amount: text(amount), ...(checkNumber ? { reference: checkNumber } : {}) }
  return { date, tenders: [tender], total: amount }
}

type Tendered = Pick<PaymentOrder, 'amount' | 'date' | 'method' | 'checkNumber'>

/** What a payment is called: `Check 1187`. */
export const paymentWords = ({ method, checkNumber }: Pick<PaymentOrder, 'method' | 'checkNumber'>): string =>
  checkNumber ? `${method.name} ${checkNumber}` : method.name

/**
 * A decided payment as it is posted, at once or with its batch: the Pmt, and behind it the deferred charges that come with
 * it. They are linked: reversing the payment reverses them.
 */
export function paymentTransactions(
  found: Payable,
  decision: PaymentDecision,
  order: Tendered,
  sourceKey: string,
): NewTransaction[] {
  const payment = paymentTransaction(found, decision, order, sourceKey)
  if (decision.deferred.length === 0) return [payment]
  const link = `deferred/${randomUUID()}`
  return [{ ...payment, link }, ...deferredTransactions(found, decision, order.date).map((each) => ({ ...each, link }))]
}

function deferredTransactions({ account, facts }: Payable, { deferred }: PaymentDecision, date: Day): NewTransaction[] {
  const postings = deferredPostings(facts, deferred)
  return deferred.map((line, at) => ({
    accountId: account.id,
    type: 'Misc' as const,
    date,
    period: periodOf(date, account.periods),
    description: line.name,
    sourceKey: deferredKey(line.code, account.number, line.statement),
    facts: { deferred: plain(line) },
    postings: [
      ...utilityLines(account, postings[at] ?? []),
      counterLine(account, 'Misc', money(line.amount.times('-1')), { service: line.service, gl: line.gl }),
    ],
  }))
}

function paymentTransaction(
  { account, facts }: Payable,
  decision: PaymentDecision,
  order: Tendered,
  sourceKey: string,
): NewTransaction {
  const { amount, date, method, checkNumber } = order
  return {
    accountId: account.id,
    type: 'Pmt',
    date,
    period: periodOf(date, account.periods),
    description: paymentWords(order),
    sourceKey,
    method: method.code,
    reference: checkNumber,
    facts: plain(factsKept(facts, decision)),
    postings: [
      ...utilityLines(account, retirePayment(facts, decision)),
      counterLine(account, 'Pmt', amount, { method }),
    ],
  }
}

/** Settings change and history does not: a posted payment explains itself from these. */
function factsKept(facts: Payable['facts'], decision: PaymentDecision) {
  const { allocations, overpayment, rest, steps, basis, manual, deferred, balanceAfter } = decision
  const kept = deferred.length > 0 ? { deferred } : {}
  return {
    payment: {
      balanceBefore: balanceOf(facts),
      ...kept,
      allocations,
      overpayment,
      rest,
      steps,
      basis,
      manual,
      balanceAfter,
    },
  }
}

/** Amounts as text with two decimals, all else as it is. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  if (value.constructor === ZERO.constructor) return text(value as Money)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}
