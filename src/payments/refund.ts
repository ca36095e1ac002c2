import { Conflict } from '../errors.ts'
import { payoffOrder } from '../ledger/allocation.ts'
import { postOnce } from '../ledger/answered.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import { type Money, money, text } from '../ledger/money.ts'
import { balanceIn, refundable, refundPostings } from './change-rules.ts'
import { atField, booksOf, dayOf, demandRight, mustHaveFacts, requestOf, type Who } from './door.ts'
import { payable } from './facts.ts'
import { counterLine, utilityLines } from './lines.ts'
import { type Check, mustBeRefund, storeCheck } from './refund-store.ts'

export interface RefundInput {
  amount: Money
  reason: string
  date: Day
}

/** What can be given back of an account's credit now. */
export async function refundableOf(who: Pick<Who, 'db'>, account: string): Promise<Money> {
  return refundable(booksOf(await mustHaveFacts(who, account)))
}

/**
 * Gives credit back (domain.md 3.14): a Ref of at most what the account is below zero, taken from its own open credit
 * first and then from the services' in payoff order, against `refund_gl`. It then stands on the refund list; the check
 * number comes later.
 */
export async function refund(
  who: Who,
  account: string,
  input: RefundInput,
  idempotencyKey?: string,
): Promise<{ transactionId: string }> {
  demandRight(who, 'payments.refund')
  if (input.reason.trim() === '') throw atField('reason_missing', 'reason', 'Say why it is refunded.')
  const request = requestOf(`/accounts/${account}/refunds`, idempotencyKey, input)
  const answer = await postOnce(who.db, who.actor.id, request, () => refundDocument(who, account, input))
  return { transactionId: answer.transactionIds[0] ?? '' }
}

async function refundDocument(who: Who, number: string, { amount, reason, date }: RefundInput) {
  const { account, facts } = await payable(who.db, number, dayOf(date))
  const books = booksOf(account)
  const order = payoffOrder(
    facts.settings,
    facts.services.map(({ service, sort }) => ({ service, sort })),
  )
  const lines = refundPostings(books, amount, order)
  if (!lines.ok) {
    const most = text(refundable(books))
    throw atField(lines.refusal, 'amount', `At most ${most} can be refunded: that is the credit of the account.`)
  }
  const before = balanceIn(books)
  return {
    kind: 'refund',
    actor: who.actor.id,
    reason,
    accounts: [{ id: account.id, version: account.version }],
    transactions: [
      {
        accountId: account.id,
        type: 'Ref' as const,
        date,
        period: periodOf(date, account.periods),
        description: 'Refund',
        sourceKey: 'request/{id}',
        facts: {
          refund: {
            reason,
            amount: text(amount),
            balanceBefore: text(before),
            balanceAfter: text(money(before.plus(amount))),
            lines: lines.value.map((line) => ({ service: line.service, amount: text(line.amount) })),
          },
        },
        postings: [...utilityLines(account, lines.value), counterLine(account, 'Ref', money(amount.times('-1')))],
      },
    ],
  }
}

/** Enters the number of the check that paid a refund (domain.md 3.14); nothing is posted. A changed one is a Conflict. */
export async function enterCheck(who: Who, number: string, check: Check): Promise<void> {
  demandRight(who, 'payments.refund')
  const found = await mustBeRefund(who.db, number)
  if (await storeCheck(who.db, found, check, who.actor.id)) return
  throw new Conflict('Somebody else entered a check for this refund since it was shown. Nothing was saved.')
}
