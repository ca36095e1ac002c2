import type { Db } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import { answerOnce } from '../ledger/answered.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Money } from '../ledger/money.ts'
import { decideAndPost } from '../ledger/post.ts'
import { acceptedMethod } from './accepted.ts'
import { type PaymentPreview, paymentDocument, previewOf } from './document.ts'
import { dayOf, requestOf, type Who } from './door.ts'
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
 * switched-off method, a missing reference or GL account (naming the setting), a customer who is not to pay or whose
 * checks came back, and what the allocation rules refuse. `shown` is the decision the clerk saw: where it has changed since, `Changed` is thrown.
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
      const method = acceptedMethod(found, input)
      const decision = decide(found, input)
      if (shown !== undefined && shown !== signatureOf(decision)) throw new Changed()
      return paymentDocument(found, decision, { ...input, method, actor: actor.id, request })
    }),
  )
  const { transactionIds, receiptNumber, allocations, overpayment, deferredCharges, balanceAfter } = posted.answer
  const brought = deferredCharges ? { deferredCharges } : {}
  const preview = { allocations, overpayment, ...brought, balanceAfter } as PaymentPreview
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

export { reverseTransaction } from './reversal.ts'
