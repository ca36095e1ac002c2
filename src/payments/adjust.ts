import Big from 'big.js'
import { Conflict, Refused } from '../errors.ts'
import { demandActingDate } from '../ledger/acting-date.ts'
import { answerOnce } from '../ledger/answered.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import type { AccountFacts } from '../ledger/facts.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import { decideAndPost } from '../ledger/post.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { adjustBill, type BillAdjustment, type BillLine, CHARGES, type Linked } from './bill-rules.ts'
import {
  adjustCharge,
  type Books,
  balanceIn,
  type ChargeLine,
  changePostings,
  type ServiceChange,
} from './change-rules.ts'
import { atField, booksOf, dayOf, demandRight, mustBeMovement, mustHaveFacts, requestOf, type Who } from './door.ts'
import { counterLines, utilityLines } from './lines.ts'
import {
  billNumbers,
  type ChargeRow,
  chargeMovements,
  chargeRows,
  linkedRates,
  type Movement,
} from './movement-store.ts'
import { refusedAdjustment } from './refusals.ts'
import { Changed } from './service.ts'

export interface AdjustmentInput {
  changes: ServiceChange[]
  reason: string
  date: Day
}

/** A posted charge as it stands: what was charged by service, what it was adjusted by since. */
export interface Charge {
  found: Movement
  /** Numbers of the transactions it is made of. */
  of: string[]
  lines: (BillLine & ChargeLine & { name: string })[]
}

/** The charge of this number. Refuses what is no charge; one reversed is a Conflict. */
export async function chargeNamed(who: Pick<Who, 'db'>, number: string): Promise<Charge> {
  const found = await mustBeMovement(who, number)
  demandCharge(found)
  return { found, of: [found.id], lines: await linesOf(who, [found.id]) }
}

/** The same for many numbers at once, as they stand: `demandCharge` refuses what of them is not to be adjusted. */
export async function chargesNamed(who: Pick<Who, 'db'>, numbers: string[]): Promise<Map<string, Charge>> {
  const asked = numbers.length === 0 ? [] : await chargeMovements(who.db, numbers)
  return new Map(
    [...asked].map(([number, { found, lines }]) => [number, { found, of: [found.id], lines: read(lines) }]),
  )
}

/** Refuses what is no charge; one reversed is a Conflict. */
export function demandCharge(found: Movement): void {
  if (!CHARGES.includes(found.type) || found.reverses !== null) {
    throw new Refused('not_a_charge', 'Only a posted charge is adjusted.')
  }
  if (found.reversedBy !== null) throw new Conflict(`This charge is reversed, by ${found.reversedBy}.`)
}

/** The whole bill that a Bill belongs to: all Bill transactions of its account and date. */
export async function billNamed(who: Pick<Who, 'db'>, number: string): Promise<Charge> {
  const charge = await chargeNamed(who, number)
  if (charge.found.type !== 'Bill') throw new Refused('not_a_bill', 'Only a bill has parts to change.')
  const of = await billNumbers(who.db, charge.found.id)
  return { ...charge, of, lines: await linesOf(who, of) }
}

const linesOf = async ({ db }: Pick<Who, 'db'>, numbers: string[]): Promise<Charge['lines']> =>
  read(await chargeRows(db, numbers))

const read = (found: ChargeRow[]): Charge['lines'] =>
  found.map(({ service, name, charged, adjusted, paid }) => ({
    service,
    name,
    paid,
    charged: money(charged),
    billed: money(charged),
    adjusted: money(adjusted),
  }))

/**
 * Adjusts a posted charge at once (001-379): an Adj by service, against `adjustment_gl` or the service's revenue. Less
 * owed retires the oldest unpaid period first. Refuses what `adjustCharge` and `actingDate` refuse.
 */
export async function adjust(
  who: Who,
  number: string,
  input: AdjustmentInput,
  idempotencyKey?: string,
): Promise<{ transactionId: string }> {
  demandRight(who, 'transactions.adjust')
  const body = { ...input, changes: input.changes.map(({ service, change }) => ({ service, change: text(change) })) }
  const request = requestOf(`/transactions/${number}/adjustment`, idempotencyKey, body)
  const posted = await answerOnce(who.db, who.actor.id, request, () =>
    decideAndPost(who.db, async () => {
      const { facts, charge } = await factsAndCharge(who, number, chargeNamed)
      demandActingDate(dayOf(input.date), charge.found.date, who.today)
      const order = { ...input, of: charge.of, charge: charge.lines, words: `${charge.found.description} adjusted` }
      return { ...document(who, facts, adjustmentTransaction(facts, booksOf(facts), order, 'request/{id}')), request }
    }),
  )
  return { transactionId: posted.answer.transactionIds[0] ?? '' }
}

async function factsAndCharge(who: Who, number: string, read: typeof chargeNamed) {
  // the version first: what is read after it is compared by it
  const { account } = await mustBeMovement(who, number)
  const facts = await mustHaveFacts(who, account)
  return { facts, charge: await read(who, number) }
}

const document = (who: Who, facts: AccountFacts, transaction: NewTransaction) => ({
  kind: 'adjustment',
  actor: who.actor.id,
  accounts: [{ id: facts.id, version: facts.version }],
  transactions: [transaction],
})

export interface AdjustmentOrder extends AdjustmentInput {
  of: string[]
  charge: readonly ChargeLine[]
  words: string
}

/** An adjustment as it is posted, at once or with its batch. Refuses what `adjustCharge` refuses. */
export function adjustmentTransaction(
  facts: AccountFacts,
  books: Books,
  order: AdjustmentOrder,
  sourceKey: string,
): NewTransaction {
  if (order.reason.trim() === '') throw atField('reason_missing', 'reason', 'Say why it is adjusted.')
  const decided = adjustCharge(order.charge, order.changes)
  if (!decided.ok) throw refusedAdjustment(decided)
  return adjTransaction(facts, books, { ...order, changes: decided.value }, sourceKey, {})
}

interface Adj {
  of: string[]
  changes: readonly ServiceChange[]
  reason: string
  date: Day
  words: string
}

function adjTransaction(facts: AccountFacts, books: Books, adj: Adj, sourceKey: string, more: object): NewTransaction {
  const date = dayOf(adj.date)
  const period = periodOf(date, facts.periods)
  const before = balanceIn(books)
  const total = sum(adj.changes.map(({ change }) => change))
  return {
    accountId: facts.id,
    type: 'Adj',
    date,
    period,
    description: adj.words,
    sourceKey,
    facts: {
      adjustment: {
        of: adj.of,
        reason: adj.reason,
        lines: adj.changes.map(({ service, change }) => ({ service, change: text(change) })),
        balanceBefore: text(before),
        balanceAfter: text(money(before.plus(total))),
        ...more,
      },
    },
    postings: [
      ...utilityLines(facts, changePostings(books, adj.changes, period)),
      ...counterLines(facts, 'Adj', adj.changes),
    ],
  }
}

export interface BillInput {
  /** The amount that each named service is to be billed; what is not named is carried to or stays. */
  amounts: { service: string; amount: Money }[]
  reason: string
  date: Day
}

/** A change of a bill in one line, to compare what is posted with what was shown. */
export const billSignature = ({ changes, carried }: BillAdjustment): string =>
  JSON.stringify([...changes, ...carried].map(({ service, change }) => [service, text(change)]))

/** What changing a bill would do. Refuses what posting refuses. */
export async function previewBill(who: Who, number: string, amounts: BillInput['amounts']) {
  return decideBill(who, await billNamed(who, number), amounts)
}

async function decideBill(
  who: Who,
  charge: Charge,
  amounts: BillInput['amounts'],
): Promise<{ charge: Charge; decided: BillAdjustment }> {
  const rates = await linkedRates(who.db, charge.found.account, charge.found.date)
  const linked = rates.map(({ percent, ...link }): Linked => ({ ...link, percent: new Big(percent) }))
  const decided = adjustBill(charge.lines, amounts, linked)
  if (!decided.ok) throw refusedAdjustment(decided)
  return { charge, decided: decided.value }
}

/**
 * Make Adjustments to Bill (001-376): parts of a bill get another amount, and what is reckoned from them follows (taxes,
 * sewer from water). One Adj with a line for each service. Refuses a part on which a posted payment lies; `shown` is what
 * the clerk saw.
 */
export async function changeBill(
  who: Who,
  number: string,
  input: BillInput,
  idempotencyKey?: string,
  shown?: string,
): Promise<{ transactionId: string }> {
  demandRight(who, 'transactions.adjust')
  if (input.reason.trim() === '') throw atField('reason_missing', 'reason', 'Say why it is adjusted.')
  const body = { ...input, amounts: input.amounts.map(({ service, amount }) => ({ service, amount: text(amount) })) }
  const request = requestOf(`/transactions/${number}/bill`, idempotencyKey, body)
  const posted = await answerOnce(who.db, who.actor.id, request, () =>
    decideAndPost(who.db, async () => {
      const { facts, charge } = await factsAndCharge(who, number, billNamed)
      demandActingDate(dayOf(input.date), charge.found.date, who.today)
      const { decided } = await decideBill(who, charge, input.amounts)
      if (shown !== undefined && shown !== billSignature(decided)) throw new Changed()
      const changes = [...decided.changes, ...decided.carried]
      const adj = { ...input, of: charge.of, changes, words: `${charge.found.description} adjusted` }
      const carried = decided.carried.map(({ change, percent, ...each }) => ({
        ...each,
        change: text(change),
        percent: percent.toFixed(),
      }))
      return {
        ...document(who, facts, adjTransaction(facts, booksOf(facts), adj, 'request/{id}', { carried })),
        request,
      }
    }),
  )
  return { transactionId: posted.answer.transactionIds[0] ?? '' }
}
