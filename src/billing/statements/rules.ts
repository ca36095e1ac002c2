import type { Day } from '../../ledger/calendar.ts'
import { type Money, money, sum, text } from '../../ledger/money.ts'

/** A change of the account's balance since the last statement. */
export interface Change {
  /** Its type; of a reversal the type of what it reverses. */
  kind: string
  date: Day
  description: string
  /** What it changed by service, by name. */
  lines: { service: string; amount: Money }[]
}

export interface StatementFacts {
  date: Day
  /** Days until a charge is due. */
  dueDays: number
  /** The account's balance now. */
  balance: Money
  /** The latest due date of its buckets with something unpaid; null where none is. */
  due: Day | null
  changes: readonly Change[]
}

export interface StatementFigures {
  previous: string
  payments: string
  adjustments: string
  balanceForward: string
  charges: string
  amount: string
  dueDate: Day
  /** What is new by service, and the single changes, for the paper. */
  services: { service: string; amount: string }[]
  lines: { date: Day; description: string; amount: string }[]
}

const CHARGES = ['Bill', 'Pen', 'Int', 'Misc']
const PAYMENTS = ['Pmt', 'Xfer', 'DepApp']

/**
 * What a statement says (product.md 3.18): the amount is the account's balance; charges since the last statement are new,
 * and what remains is the balance forward: the previous balance with payments and adjustments since. It is due when the
 * latest of what is unpaid is, and never before its date; where nothing is owed, `dueDays` after its date. `addDays` is the
 * calendar's.
 */
export function statementFigures(facts: StatementFacts, addDays: (day: Day, days: number) => Day): StatementFigures {
  const of = (holds: (kind: string) => boolean) =>
    sum(facts.changes.filter(({ kind }) => holds(kind)).flatMap(({ lines }) => lines.map(({ amount }) => amount)))
  const charges = of(isCharge)
  const payments = of((kind) => PAYMENTS.includes(kind))
  const adjustments = of((kind) => !isCharge(kind) && !PAYMENTS.includes(kind))
  const forward = money(facts.balance.minus(charges))
  return {
    previous: text(money(forward.minus(payments).minus(adjustments))),
    payments: text(payments),
    adjustments: text(adjustments),
    balanceForward: text(forward),
    charges: text(charges),
    amount: text(facts.balance),
    dueDate: dueDateOf(facts, addDays),
    services: byService(facts.changes.filter(({ kind }) => isCharge(kind))),
    lines: facts.changes.map(({ date, description, lines }) => ({
      date,
      description,
      amount: text(sum(lines.map(({ amount }) => amount))),
    })),
  }
}

function dueDateOf({ date, dueDays, balance, due }: StatementFacts, addDays: (day: Day, days: number) => Day): Day {
  if (due === null || balance.lte('0')) return addDays(date, dueDays)
  // what fell due before is due now
  return due < date ? date : due
}

export interface StatementDays {
  /** Date of the account's last statement, and of the latest bill that this one shows. */
  last: Day | null
  bill: Day | null
  today: Day
}

/** The first day that a statement may be dated: not before the last one or a bill it shows. It is never after today. */
export function firstStatementDay({ last, bill, today }: StatementDays): Day {
  const latest = [last ?? '', bill ?? ''].sort().at(-1) || '0001-01-01'
  return latest < today ? latest : today
}

const isCharge = (kind: string): boolean => CHARGES.includes(kind)

function byService(changes: readonly Change[]): { service: string; amount: string }[] {
  const totals = new Map<string, Money>()
  for (const { service, amount } of changes.flatMap(({ lines }) => lines)) {
    totals.set(service, sum([totals.get(service) ?? money('0'), amount]))
  }
  return [...totals].map(([service, amount]) => ({ service, amount: text(amount) }))
}

/** Who gets a duplicate and how, by each contact's Notices choice (product.md 3.21). None gets none. */
export function duplicatesOf<C extends { notices: 'mail' | 'email' | 'none'; email: string | null }>(
  contacts: readonly C[],
): { mail: C[]; email: C[] } {
  return {
    mail: contacts.filter(({ notices }) => notices === 'mail'),
    email: contacts.filter(({ notices, email }) => notices === 'email' && (email ?? '') !== ''),
  }
}
