import type { Day } from '../../ledger/calendar.ts'
import { type Money, money, sum, text } from '../../ledger/money.ts'

/** A change of the account's balance since the last statement. */
export interface Change {
  /** Its type; of a reversal the type of what it reverses. */
  kind: string
  date: Day
  description: string
  due: Day | null
  /** What it changed by service, by name. */
  lines: { service: string; amount: Money }[]
}

export interface StatementFacts {
  date: Day
  /** Days until a charge is due. */
  dueDays: number
  /** The account's balance now. */
  balance: Money
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
 * latest of its charges is, else `dueDays` after its date, and never before its date; `addDays` is the calendar's.
 */
export function statementFigures(facts: StatementFacts, addDays: (day: Day, days: number) => Day): StatementFigures {
  const of = (holds: (kind: string) => boolean) =>
    sum(facts.changes.filter(({ kind }) => holds(kind)).flatMap(({ lines }) => lines.map(({ amount }) => amount)))
  const charges = of(isCharge)
  const payments = of((kind) => PAYMENTS.includes(kind))
  const adjustments = of((kind) => !isCharge(kind) && !PAYMENTS.includes(kind))
  const forward = money(facts.balance.minus(charges))
  const dues = facts.changes.filter(({ kind }) => isCharge(kind)).flatMap(({ due }) => due ?? [])
  const latest = dues.sort().at(-1)
  const dueDate = latest === undefined ? addDays(facts.date, facts.dueDays) : latest
  return {
    previous: text(money(forward.minus(payments).minus(adjustments))),
    payments: text(payments),
    adjustments: text(adjustments),
    balanceForward: text(forward),
    charges: text(charges),
    amount: text(facts.balance),
    // what fell due before is due now
    dueDate: [dueDate, facts.date].sort().at(-1) ?? dueDate,
    services: byService(facts.changes.filter(({ kind }) => isCharge(kind))),
    lines: facts.changes.map(({ date, description, lines }) => ({
      date,
      description,
      amount: text(sum(lines.map(({ amount }) => amount))),
    })),
  }
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
