import { Refused } from '../errors.ts'
import { postOnce } from '../ledger/answered.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import type { AccountFacts, MethodFacts } from '../ledger/facts.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { ownSide } from '../ledger/other-side.ts'
import type { Document } from '../ledger/post.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import { settings } from '../organization/settings.ts'
import { acceptedMethod } from '../payments/accepted.ts'
import { receiptOf } from '../payments/document.ts'
import { atField, dayOf, demandRight, requestOf, type Who } from '../payments/door.ts'
import { payable } from '../payments/facts.ts'
import { counterLine } from '../payments/lines.ts'
import { refused } from '../payments/refusals.ts'
import { toCollect } from './agreement.ts'
import { mayHold } from './rules.ts'
import { customerHolding, type DepositRow, depositsOfAccount, ledgerDeposits } from './store.ts'

export {
  type DepositRow,
  depositLines,
  depositList,
  depositNamed,
  depositsOfAccount,
  depositTotals,
  SHOWN,
  type Which,
} from './store.ts'

export interface TakeInput {
  /** How much of which deposit. */
  lines: { deposit: string; amount: Money }[]
  date: Day
  method: string
  checkNumber?: string | undefined
}

export interface DepositTaken {
  transactionIds: string[]
  receiptNumber: string
}

/** A line on the deposits' liability: received below zero, as the general ledger sees it. */
export function depositLine(account: AccountFacts, deposit: number, service: number, amount: Money): NewPosting {
  const side = ownSide('deposit', { settings: account.settings })
  if (!side.ok) throw refused(side)
  const gl = account.gl[side.value.gl]
  if (gl === undefined) {
    const sentence = `deposit_gl names GL account ${side.value.gl}, which does not exist.`
    throw new Refused('setting_missing', sentence, { deposit_gl: sentence })
  }
  return { gl, book: 'deposit', amount, deposit, ...(service === 0 ? {} : { service }) }
}

/**
 * Takes money for deposits of an account: a Dep for each against the method's cash, on one receipt (domain.md 3.13).
 * Refuses a deposit listed twice, more than is to be collected of one, more than a customer may hold, and what payments
 * refuse of a method.
 * Under one key it posts once.
 */
export async function takeDeposit(who: Who, account: string, input: TakeInput, key?: string): Promise<DepositTaken> {
  demandRight(who, 'payments.take')
  const request = requestOf(`/accounts/${account}/deposits`, key, input)
  const answer = await postOnce(who.db, who.actor.id, request, () => takeDocument(who, account, input))
  const { transactionIds, receiptNumber } = answer
  return { transactionIds, receiptNumber: receiptNumber ?? '' }
}

async function takeDocument(who: Who, number: string, input: TakeInput): Promise<Document> {
  const date = dayOf(input.date)
  const lines = input.lines.filter(({ amount }) => amount.gt(ZERO))
  const total = sum(lines.map(({ amount }) => amount))
  if (lines.length === 0) throw atField('nothing', 'lines', 'Write how much is paid.')
  // versions first: what is read after them is compared by them
  const holding = await customerHolding(who.db, number)
  const payer = await payable(who.db, number, date)
  const { account } = payer
  const method = acceptedMethod(payer, input)
  await refuseAboveMaximum(who, money(holding?.held ?? '0'), total)
  const taken = collected(await depositsOfAccount(who.db, number), lines)
  const order = { date, method, checkNumber: input.checkNumber }
  const ids = await idsOf(who, taken, account.id)
  return {
    kind: 'deposit',
    actor: who.actor.id,
    accounts: holding?.accounts ?? [],
    receipt: receiptOf({ ...order, amount: total }),
    transactions: taken.map(({ deposit, amount }, at) =>
      depTransaction(account, { ...deposit, id: ids[at] ?? 0 }, amount, order),
    ),
  }
}

type Taken = { deposit: DepositRow; amount: Money }[]

/** The deposits of the lines; refuses one listed twice, one that is not agreed on, and more than is to be collected of it. */
function collected(known: DepositRow[], lines: TakeInput['lines']): Taken {
  const twice = lines.find((line, at) => lines.findIndex(({ deposit }) => deposit === line.deposit) !== at)
  if (twice) throw atField('listed_twice', 'lines', `Deposit ${twice.deposit} is listed twice.`)
  return lines.map(({ deposit: number, amount }) => {
    const deposit = known.find((each) => each.number === number && each.version > 0)
    if (!deposit) throw atField('no_deposit', `take-${number}`, `There is no deposit ${number} on this account.`)
    const left = toCollect(deposit)
    if (amount.gt(left))
      throw atField('above_agreed', `take-${number}`, `${text(left)} is to be collected; no more can be taken.`)
    return { deposit, amount }
  })
}

/** Their ids in the ledger; asked last, for a deposit that was refused is not to stand there. */
async function idsOf(who: Who, taken: Taken, accountId: number): Promise<number[]> {
  const numbers = taken.map(({ deposit }) => deposit.number)
  const ids = await ledgerDeposits(who.db, numbers, accountId)
  return numbers.map((number) => {
    const id = ids.get(number)
    if (id !== undefined) return id
    const sentence = `Under the number ${number} another account holds a deposit. Agree on a new one here.`
    throw atField('not_free', `take-${number}`, sentence)
  })
}

interface Of {
  number: string
  id: number
  serviceId: number
  serviceName: string
}

function depTransaction(
  account: AccountFacts,
  deposit: Of,
  amount: Money,
  order: { date: Day; method: MethodFacts; checkNumber?: string | undefined },
): NewTransaction {
  const { date, method, checkNumber } = order
  return {
    accountId: account.id,
    type: 'Dep',
    date,
    period: periodOf(date, account.periods),
    description: `Deposit ${deposit.number} for ${deposit.serviceName}`,
    sourceKey: 'request/{id}',
    method: method.code,
    reference: checkNumber || undefined,
    facts: { deposit: { number: deposit.number, amount: text(amount) } },
    postings: [
      depositLine(account, deposit.id, deposit.serviceId, money(amount.times('-1'))),
      counterLine(account, 'Dep', amount, { method }),
    ],
  }
}

/** Refuses what would lift the customer's holding above the town's maximum. */
export async function refuseAboveMaximum(
  who: Pick<Who, 'db'>,
  held: Money,
  more: Money,
  field = 'lines',
): Promise<void> {
  const { maximumDepositHolding } = await settings(who.db)
  const answer = mayHold(held, more, maximumDepositHolding)
  if (answer.ok) return
  const { maximum } = answer.detail
  throw atField(
    answer.refusal,
    field,
    `A customer may hold ${maximum} in deposits; ${text(held)} is held already, and ${text(more)} more is too much.`,
  )
}
