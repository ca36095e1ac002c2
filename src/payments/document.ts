import { Refused } from '../errors.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import type { AccountFacts, MethodFacts } from '../ledger/facts.ts'
import { type Money, text, ZERO } from '../ledger/money.ts'
import { otherSide, ownSide } from '../ledger/other-side.ts'
import type { Document, RequestKey } from '../ledger/post.ts'
import type { Result } from '../ledger/result.ts'
import type { NewPosting } from '../ledger/transaction.ts'
import type { Payable } from './facts.ts'
import { refused } from './refusals.ts'
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
  balanceAfter: string
}

/** What the API and the receipt say of a decision. */
export const previewOf = (decision: PaymentDecision): PaymentPreview => ({
  allocations: decision.allocations.map(share),
  overpayment: decision.overpayment.map(share),
  balanceAfter: text(decision.balanceAfter),
})

const share = (each: { service: string | null; amount: Money }): Share => ({
  service: each.service,
  amount: text(each.amount),
})

/** The payment as one document for the ledger: Pmt, its receipt, and what its rule used. */
export function paymentDocument({ account, facts }: Payable, decision: PaymentDecision, order: PaymentOrder): Document {
  const { amount, date, method, checkNumber } = order
  const own = retirePayment(facts, decision).map((line): NewPosting => {
    const service = account.services.find((each) => each.code === line.service)
    const side = ownSide('utility', { settings: account.settings, service })
    return {
      gl: glOf(account, side),
      book: 'utility',
      service: service?.id ?? 0,
      aging: line.period,
      amount: line.amount,
    }
  })
  const cash = otherSide('Pmt', { settings: account.settings, method })
  const tender = { method: method.code, amount: text(amount), ...(checkNumber ? { reference: checkNumber } : {}) }
  return {
    kind: 'payment',
    actor: order.actor,
    request: order.request,
    accounts: [{ id: account.id, version: account.version }],
    receipt: { date, tenders: [tender], total: amount },
    answer: { ...previewOf(decision) },
    transactions: [
      {
        accountId: account.id,
        type: 'Pmt',
        date,
        period: periodOf(date, account.periods),
        description: checkNumber ? `${method.name} ${checkNumber}` : method.name,
        sourceKey: 'request/{id}',
        method: method.code,
        reference: checkNumber,
        facts: plain(factsKept(facts, decision)),
        postings: [...own, { gl: glOf(account, cash), book: 'general', amount }],
      },
    ],
  }
}

/** Settings change and history does not: a posted payment explains itself from these. */
function factsKept(facts: Payable['facts'], decision: PaymentDecision) {
  const { allocations, overpayment, rest, steps, basis, manual, balanceAfter } = decision
  return {
    payment: { balanceBefore: balanceOf(facts), allocations, overpayment, rest, steps, basis, manual, balanceAfter },
  }
}

/** Amounts as text with two decimals, all else as it is. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  if (value.constructor === ZERO.constructor) return text(value as Money)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

function glOf(account: AccountFacts, side: Result<{ gl: string; from: string } | null>): number {
  if (!side.ok) throw refused(side)
  if (!side.value) throw new Error('a payment has another side')
  const id = account.gl[side.value.gl]
  if (id !== undefined) return id
  const sentence = `${side.value.from} names GL account ${side.value.gl}, which does not exist.`
  throw new Refused('setting_missing', sentence, { [side.value.from]: sentence })
}
