import { randomUUID } from 'node:crypto'
import type { Db } from '../db/db.ts'
import { payoffOrder } from '../ledger/allocation.ts'
import { answerOnce } from '../ledger/answered.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import type { AccountFacts } from '../ledger/facts.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'
import { type Document, decideAndPost, type Posted, type RequestKey } from '../ledger/post.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import {
  adjustmentDateWarning,
  type CertificationAdjustment,
  certificationPayment,
  adjustCertification as decideAdjustment,
} from './adjustment-rules.ts'
import type { CertificationAdjustmentBody, CertificationPaymentBody } from './forms.ts'
import {
  accepted,
  balanceOf,
  certifiedPosting,
  counterPosting,
  mustHaveAccount,
  utilityPostings,
} from './posting-parts.ts'
import { certificationDates, priorityLists, takenInYear } from './year-store.ts'

/** Who asks: rows this person may see, the person's id, the town's day. */
export interface Door {
  db: Db
  actor: number
  today: Day
}

/** The answer of a certification payment or adjustment (contract.md 3). */
export interface CertificationAnswer {
  transactionId: string
  certificationBalance: string
}

/**
 * A payment from the county lowers the certification balance of its tax year and nothing else (domain.md U12). Without
 * an amount it is the whole balance. Refuses a year without a balance and more than the balance.
 */
export async function takeCertificationPayment(
  door: Door,
  accountNumber: string,
  body: CertificationPaymentBody,
  request?: RequestKey,
): Promise<CertificationAnswer> {
  const decideOnce = async () => {
    const facts = await mustHaveAccount(door.db, accountNumber)
    const balance = balanceOf(facts, body.taxYear) ?? ZERO
    const asked = body.amount === undefined ? undefined : money(body.amount)
    const amount = accepted(certificationPayment(asked, { taxYear: body.taxYear, balance }))
    return document(
      door,
      'certification-payment',
      facts,
      [paymentTransaction(facts, body, amount)],
      request,
      money(balance.minus(amount)),
    )
  }
  return answerOf(await postOnce(door, request, decideOnce))
}

/** A county payment as it is posted, by hand or from a file. */
export function paymentTransaction(
  facts: AccountFacts,
  body: Omit<CertificationPaymentBody, 'amount'>,
  amount: Money,
  sourceKey = 'request/{id}',
): NewTransaction {
  const { taxYear, date, method, checkNumber, sourceId } = body
  return {
    accountId: facts.id,
    type: 'CertPmt',
    date,
    period: periodOf(date, facts.periods),
    description: body.description || `Certification payment ${taxYear}`,
    sourceKey,
    method,
    reference: checkNumber,
    facts: { taxYear, ...(sourceId ? { sourceId } : {}) },
    postings: [
      certifiedPosting(facts, taxYear, amount.times('-1')),
      counterPosting(facts, 'CertPmt', amount, { method }),
    ],
  }
}

/**
 * An adjustment posts at once in both books (product.md 3.12, domain.md U8): *removed* gives the debt back to the
 * account, *paid* at city hall does the same and pays it in the same statement with a receipt, *write-off* only lowers
 * the certification balance. Refuses what `adjustCertification` of the rules refuses.
 */
export async function adjustCertification(
  door: Door,
  accountNumber: string,
  body: CertificationAdjustmentBody,
  request?: RequestKey,
): Promise<CertificationAnswer> {
  const decideOnce = async () => {
    const facts = await mustHaveAccount(door.db, accountNumber)
    const decided = await decide(door.db, facts, body)
    const balance = money((balanceOf(facts, body.taxYear) ?? ZERO).minus(decided.amount))
    const transactions = adjustmentTransactions(facts, body, decided)
    const made = document(door, 'certification-adjustment', facts, transactions, request, balance)
    return body.reason === 'paid' ? { ...made, receipt: receiptOf(body, decided.amount) } : made
  }
  return answerOf(await postOnce(door, request, decideOnce))
}

/** What an adjustment would do, for the screen to show before it is posted. Refuses what posting refuses. */
export async function previewAdjustment(
  db: Db,
  accountNumber: string,
  body: CertificationAdjustmentBody,
): Promise<AdjustmentPreview> {
  const facts = await mustHaveAccount(db, accountNumber)
  const decided = await decide(db, facts, body)
  const balance = balanceOf(facts, body.taxYear) ?? ZERO
  const utility = facts.buckets.reduce((total, bucket) => total.plus(bucket.unpaid), ZERO)
  const restored = decided.restored.reduce((total, line) => total.plus(line.amount), ZERO)
  const after = body.reason === 'removed' ? utility.plus(restored) : utility
  return {
    lines: decided.restored.map((line) => ({ ...line, amount: text(line.amount) })),
    feePart: text(decided.feePart),
    writtenOff: text(decided.writtenOff),
    certified: { before: text(balance), after: text(money(balance.minus(decided.amount))) },
    utility: { before: text(utility), after: text(after) },
  }
}

export interface AdjustmentPreview {
  /** What comes back onto the account (and, paid at city hall, is paid there at once), by service and period. */
  lines: { service: string; period: Day; amount: string }[]
  feePart: string
  writtenOff: string
  certified: { before: string; after: string }
  utility: { before: string; after: string }
}

async function decide(
  db: Db,
  facts: AccountFacts,
  body: CertificationAdjustmentBody,
): Promise<CertificationAdjustment> {
  const { taxYear, service, reason } = body
  const year = { taxYear, balance: balanceOf(facts, taxYear) ?? ZERO, ...(await takenInYear(db, facts.id, taxYear)) }
  const services = facts.services.map(({ code, sort }) => ({ service: code, sort }))
  const order = payoffOrder(await priorityLists(db), services)
  return accepted(decideAdjustment({ reason, service, amount: money(body.amount) }, year, order))
}

function adjustmentTransactions(
  facts: AccountFacts,
  body: CertificationAdjustmentBody,
  decided: CertificationAdjustment,
): NewTransaction[] {
  const { reason, taxYear, date, method } = body
  const link = decided.payment.length > 0 ? `certification-adjustment/${randomUUID()}` : undefined
  const common = { accountId: facts.id, date, period: periodOf(date, facts.periods), sourceKey: 'request/{id}', link }
  const against = (amount: Money, feePart: boolean): NewPosting[] =>
    amount.gt(ZERO) ? [counterPosting(facts, 'CertAdj', amount, { method, adjustment: { reason, feePart } })] : []
  const adjustment: NewTransaction = {
    ...common,
    type: 'CertAdj',
    description: body.description || `Certification ${taxYear} ${REASONS[reason]}`,
    facts: { reason, taxYear, feePart: text(decided.feePart) },
    postings: [
      certifiedPosting(facts, taxYear, decided.amount.times('-1')),
      ...utilityPostings(facts, decided.restored, '1'),
      ...against(decided.feePart, true),
      ...against(decided.writtenOff, false),
    ],
  }
  if (decided.payment.length === 0) return [adjustment]
  const paid = decided.payment.reduce((total, line) => total.plus(line.amount), ZERO)
  const payment: NewTransaction = {
    ...common,
    type: 'Pmt',
    description: `Certification ${taxYear} paid at city hall`,
    method: method ?? 'cash',
    reference: body.checkNumber,
    postings: [...utilityPostings(facts, decided.payment, '-1'), counterPosting(facts, 'Pmt', paid, { method })],
  }
  return [adjustment, payment]
}

const REASONS = { removed: 'removed', paid: 'paid at city hall', write_off: 'written off' } as const

function receiptOf({ date, method, checkNumber }: CertificationAdjustmentBody, amount: Money): Document['receipt'] {
  const tender = { method: method ?? 'cash', amount: text(amount), ...(checkNumber ? { reference: checkNumber } : {}) }
  return { date, tenders: [tender], total: amount }
}

function document(
  door: Door,
  kind: string,
  facts: AccountFacts,
  transactions: NewTransaction[],
  request: RequestKey | undefined,
  balance: Money,
): Document {
  return {
    kind,
    actor: door.actor,
    request,
    accounts: [{ id: facts.id, version: facts.version }],
    transactions,
    answer: { certificationBalance: text(balance) },
  }
}

const postOnce = (door: Door, request: RequestKey | undefined, work: () => Promise<Document>): Promise<Posted> =>
  answerOnce(door.db, door.actor, request, () => decideAndPost(door.db, work))

function answerOf({ answer }: Posted): CertificationAnswer {
  const { transactionIds, certificationBalance } = answer
  return { transactionId: transactionIds[0] ?? '', certificationBalance: String(certificationBalance) }
}

/** The warning of 000-052, with the next day that holds no certification of the account; undefined when there is none. */
export async function dateWarning(
  db: Db,
  accountNumber: string,
  date: Day,
): Promise<{ date: Day; proposed: Day } | undefined> {
  return adjustmentDateWarning(date, await certificationDates(db, accountNumber))
}
