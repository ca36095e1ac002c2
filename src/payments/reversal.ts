import { Conflict, Refused } from '../errors.ts'
import { answerOnce } from '../ledger/answered.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Document, decideAndPost } from '../ledger/post.ts'
import type { ReversalKind } from '../ledger/reversal.ts'
import { type ReversalOrder, reversalDocument } from '../ledger/reverse.ts'
import { dayOf, demandRight, mustBeMovement, requestOf, type Who } from './door.ts'
import { seesBothSides } from './movement-store.ts'
import { reversalNeeds } from './reversal-rules.ts'

interface ReversalInput {
  reason: string
  date?: Day | undefined
  /** NSF for money that came back from the bank; else Rev. */
  kind?: ReversalKind | undefined
}

/**
 * Posts the opposite of a transaction: the very same buckets reopen, whatever was posted since. Refuses a
 * certification's PAdj or Fee, a reversal, and a payment that was moved to another account; one reversed already is a
 * Conflict. Both sides of a transfer are reversed together. The date is the one given, as
 * `actingDate` allows, else the original's while its period is open, else today.
 */
export async function reverseTransaction(
  who: Who,
  number: string,
  input: ReversalInput,
  idempotencyKey?: string,
): Promise<{ transactionId: string }> {
  demandRight(who, reversalNeeds((await mustBeMovement(who, number)).type))
  const request = requestOf(`/transactions/${number}/reversal`, idempotencyKey, input)
  const order: ReversalOrder = {
    number,
    kind: input.kind ?? 'Rev',
    reason: input.reason,
    actor: who.actor.id,
    today: who.today,
    date: input.date === undefined ? undefined : dayOf(input.date),
    request,
  }
  const posted = await answerOnce(who.db, who.actor.id, request, () =>
    decideAndPost(who.db, () => reversalOf(who, order)),
  )
  return { transactionId: posted.answer.transactionIds[0] ?? '' }
}

/** The reversal as a document. What it rests on is read after the versions, so that posting compares it too. */
export async function reversalOf(who: Who, order: ReversalOrder): Promise<Document> {
  const document = await reversalDocument(who.db, order)
  const { type, transferredBy } = await mustBeMovement(who, order.number)
  if (transferredBy !== null) {
    throw new Conflict(`This payment was moved to another account by ${transferredBy}. Reverse the transfer first.`)
  }
  if (type === 'Xfer' && !(await seesBothSides(who.db, order.number))) {
    throw new Refused('not_shown', 'Both sides of a transfer are reversed together. An administrator can do that.')
  }
  return document
}
