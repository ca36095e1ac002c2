import { formatDay } from '../ledger/calendar.ts'
import type { Explanation, Names } from '../ledger/explain.ts'
import { explainPayment } from './explain.ts'

interface Facts {
  reason?: string
  transfer?: {
    side: 'from' | 'to'
    payment: string
    paidOn: string
    receipt: string | null
    from: string
    to: string
    amount: string
    reason: string
  }
  refund?:
    | { reason: string; amount: string; balanceBefore: string; balanceAfter: string; lines: Line[] }
    | DepositRefund
  /** `parts` and `reason` of an application or a refund; of what was taken neither. */
  deposit?: { parts?: { deposit: string; amount: string }[]; reason?: string }
  depositTransfer?: { side: 'from' | 'to'; from: string; to: string; amount: string; reason: string }
  adjustment?: {
    of: string[]
    reason: string
    lines: { service: string; change: string }[]
    carried?: { service: string; from: string; percent: string; change: string }[]
    balanceBefore: string
    balanceAfter: string
  }
  nsfFee?: { payment: string; service: string; amount: string }
  entry?: { by: string }
  deferred?: { name: string; amount: string; whole: string; how: string; trigger: string }
}
type Line = { service: string | null; amount: string }
/** Of a deposit: out of which ones stands in `deposit`. */
type DepositRefund = { reason: string; amount: string; lines?: undefined }

/**
 * Why a posted transaction is as it is, from the facts kept in its header (product.md 1.6): payments, transfers, refunds,
 * adjustments, deposits, NSF fees. Empty where none were kept. `seen` says whether an account may be named.
 */
export function explainPosted(kept: unknown, names: Names, seen: (account: string) => boolean): Explanation[] {
  const facts = (kept ?? {}) as Facts
  return [
    ...(facts.entry ? [{ says: `It waited unposted in a batch, entered by ${facts.entry.by}.`, lines: [] }] : []),
    ...(facts.transfer ? [transferred(facts.transfer, seen)] : []),
    ...(facts.depositTransfer ? [depositMoved(facts.depositTransfer, seen)] : []),
    ...(facts.deposit?.parts && !facts.refund ? [applied(facts.deposit)] : []),
    ...explainPayment(facts, names),
    ...(facts.refund ? refunded(facts.refund, facts, names) : []),
    ...(facts.adjustment ? adjusted(facts.adjustment, names) : []),
    ...(facts.deferred ? [deferredSaid(facts.deferred)] : []),
    ...(facts.nsfFee
      ? [{ says: `The organization's fee for payment ${facts.nsfFee.payment}, which the bank returned.`, lines: [] }]
      : []),
  ]
}

const deferredSaid = ({ amount, whole, how, trigger }: NonNullable<Facts['deferred']>): Explanation => ({
  says: `Came with a payment: ${trigger === 'payment' ? 'charged whenever one is made' : 'takes up what was overpaid'}. ${amount}${whole === amount ? '' : ` of ${whole}`}: ${how}.`,
  lines: [],
})

const nameOf = (service: string | null, names: Names): string =>
  service === null ? 'Open credit' : (names[service] ?? service)

function transferred(
  { side, payment, paidOn, receipt, from, to, amount, reason }: NonNullable<Facts['transfer']>,
  seen: (account: string) => boolean,
): Explanation {
  const named = (account: string) => (seen(account) ? account : 'an account not shown')
  const what = `Payment ${payment} of ${formatDay(paidOn)}${receipt ? `, receipt ${receipt},` : ''} over ${amount}`
  const how =
    side === 'from'
      ? `was moved to ${named(to)}: the periods that it had paid are open again.`
      : `came from ${named(from)}. It is allocated by this account's own rules as of the payment's date.`
  return { says: `${what} ${how}`, lines: [`Reason: ${reason}`] }
}

function depositMoved(
  { side, from, to, amount, reason }: NonNullable<Facts['depositTransfer']>,
  seen: (account: string) => boolean,
): Explanation {
  const named = (account: string) => (seen(account) ? account : 'an account not shown')
  const says =
    side === 'from'
      ? `${amount} that was held here is held for ${named(to)} now.`
      : `${amount} that was held for ${named(from)} is held here now.`
  return { says, lines: [`Reason: ${reason}`] }
}

const partsOf = ({ parts = [] }: NonNullable<Facts['deposit']>): string[] =>
  parts.map((part) => `Deposit ${part.deposit}: ${part.amount}`)

const applied = (deposit: NonNullable<Facts['deposit']>): Explanation => ({
  says: `What was held pays what is owed.${deposit.reason ? ` Reason: ${deposit.reason}` : ''}`,
  lines: partsOf(deposit),
})

function refunded(refund: NonNullable<Facts['refund']>, { deposit }: Facts, names: Names): Explanation[] {
  if (!refund.lines) {
    const says = `${refund.amount} that was held is given back. Reason: ${refund.reason}`
    return [{ says, lines: deposit ? partsOf(deposit) : [] }]
  }
  const { reason, amount, balanceBefore, balanceAfter, lines } = refund
  return [
    {
      says: `The account stood at ${balanceBefore}; ${amount} of its credit is given back, its own open credit first, then the services' in payoff order.`,
      lines: lines.map((line) => `${nameOf(line.service, names)}: ${line.amount}`),
    },
    { says: `After it the account stood at ${balanceAfter}. Reason: ${reason}`, lines: [] },
  ]
}

function adjusted(
  { of, reason, lines, carried = [], balanceBefore, balanceAfter }: NonNullable<Facts['adjustment']>,
  names: Names,
): Explanation[] {
  const says = (service: string) => {
    const from = carried.find((each) => each.service === service)
    return from ? ` (${from.percent} % of ${nameOf(from.from, names)})` : ''
  }
  return [
    {
      says: `Adjusts ${of.length === 1 ? 'transaction' : 'transactions'} ${of.join(', ')}. Less owed goes to the oldest unpaid period of its service; more owed ages in the period of the adjustment.`,
      lines: lines.map(({ service, change }) => `${nameOf(service, names)}: ${change}${says(service)}`),
    },
    { says: `The account owed ${balanceBefore} before and ${balanceAfter} after it. Reason: ${reason}`, lines: [] },
  ]
}
