import { addDays, type Day, formatDay } from '../ledger/calendar.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'

export const SPECIALS = ['balance', 'maximum', 'fixed', 'required'] as const
export type Special = (typeof SPECIALS)[number]
export const STATES = ['pending', 'sent', 'active', 'suspended', 'ended'] as const
export type PrenoteState = (typeof STATES)[number]

export type DraftOption = { special: Special; maximum: Money | null; fixed: Money | null }

/** What drafting an account asks. */
export type DraftFacts = {
  balance: Money
  /**
   * The latest by Statement Date, with what was paid since it was made and still stands, 0.00 or above: a payment made
   * before it and returned or moved away after it changes nothing. null = never had one.
   */
  statement: { number: string; date: Day; amount: Money; paidSince: Money } | null
  /** The account level budget; null = none, or the organization does not use them. */
  budget: Money | null
  skipFixedOnCredit: boolean
}

/** How much, 0.00 = no draft, and why in words. */
export type Draft = { amount: Money; why: string }

const atLeastZero = (amount: Money): Money => (amount.lt(ZERO) ? ZERO : money(amount))

/**
 * What would be drafted (domain.md 3.10): the balance; the balance up to a maximum; a fixed amount whatever is owed (none
 * while nothing is owed, where the organization wants that); or the required amount: the account's budget, else the latest
 * statement without what was charged after it and less what was paid since, and nothing without a statement.
 */
export function draftAmount(option: DraftOption, facts: DraftFacts): Draft {
  const { balance } = facts
  if (option.special === 'fixed') return fixedDraft(option.fixed ?? ZERO, facts)
  if (option.special === 'required') return requiredDraft(facts)
  if (balance.lte(ZERO)) return { amount: ZERO, why: `Nothing is owed: the balance is ${text(balance)}.` }
  const { maximum } = option
  if (option.special === 'maximum' && maximum && balance.gt(maximum)) {
    return { amount: maximum, why: `The balance of ${text(balance)}, at most ${text(maximum)}.` }
  }
  return { amount: balance, why: `The account balance of ${text(balance)}.` }
}

function fixedDraft(fixed: Money, { balance, skipFixedOnCredit }: DraftFacts): Draft {
  if (balance.lte(ZERO) && skipFixedOnCredit) {
    return { amount: ZERO, why: `Nothing is owed (${text(balance)}), and a fixed amount is then skipped.` }
  }
  const over = fixed.minus(atLeastZero(balance))
  const rest = over.gt(ZERO)
    ? `${text(money(over))} of it becomes credit`
    : `${text(money(over.times('-1')))} stays owed`
  return { amount: fixed, why: `The fixed amount, whatever is owed: the balance is ${text(balance)}, ${rest}.` }
}

function requiredDraft({ budget, statement }: DraftFacts): Draft {
  if (budget?.gt(ZERO)) return { amount: money(budget), why: `The account level budget of ${text(money(budget))}.` }
  if (!statement) return { amount: ZERO, why: 'There was no statement yet, so nothing is drafted.' }
  const { number, date, amount, paidSince } = statement
  const paid = paidSince.gt(ZERO) ? `, less ${text(paidSince)} paid since` : ''
  return {
    amount: atLeastZero(amount.minus(paidSince)),
    why: `Statement ${number} of ${formatDay(date)} over ${text(amount)}${paid}; later charges are not drafted with it.`,
  }
}

export const NO_ROUTING_NUMBER = 'This is no routing number: its nine digits do not fit together. Check them.'

/** Nine digits whose weighted sum (3, 7, 1) is a multiple of ten: 091000019 is a routing number, 091000018 is none. */
export function isRoutingNumber(typed: string): boolean {
  if (!/^\d{9}$/.test(typed) || typed === '000000000') return false
  const weighted = [...typed].reduce((total, digit, at) => total + Number(digit) * ([3, 7, 1][at % 3] ?? 0), 0)
  return weighted % 10 === 0
}

export type Kept = { type: 'none' | 'draft' | 'card'; state: PrenoteState; stateSince: Day }

/**
 * The state after a save. New or changed bank data begin a new prenote, whatever was chosen (domain.md 3.10); a card is
 * active with its token and waits without; no automatic payment has ended; else what the clerk chose.
 */
export function afterSave(
  before: Kept | undefined,
  now: { type: Kept['type']; state: PrenoteState; bankChanged: boolean; hasToken: boolean },
  today: Day,
): { state: PrenoteState; stateSince: Day } {
  const state = stateAfter(before, now)
  return { state, stateSince: before?.state === state && !now.bankChanged ? before.stateSince : today }
}

function stateAfter(
  before: Kept | undefined,
  { type, state, bankChanged, hasToken }: Parameters<typeof afterSave>[1],
): PrenoteState {
  if (type === 'none') return 'ended'
  if (type === 'card') {
    if (!hasToken) return 'pending'
    return state === 'suspended' ? 'suspended' : 'active'
  }
  return bankChanged || before?.type !== 'draft' ? 'pending' : state
}

/** From when a draft may be live: `days` banking days after the prenote was sent; Saturdays and Sundays do not count. */
export function prenoteReady(sent: Day, days: number): Day {
  let day = sent
  for (let counted = 0; counted < days; ) {
    day = addDays(day, 1)
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
    if (weekday !== 0 && weekday !== 6) counted += 1
  }
  return day
}

/** Letters and digits of a bank account number, 4 to 17, as ACH files hold them; hyphens and blanks may be typed. */
export const isBankAccount = (typed: string): boolean => /^[A-Za-z0-9]{4,17}$/.test(typed.replace(/[\s-]/g, ''))

/** A provider's token: 6 to 200 letters, digits and signs; a number that could be a card's own is refused, however it is written. */
export const isToken = (typed: string): boolean =>
  /^[A-Za-z0-9_.:~+/=-]{6,200}$/.test(typed) &&
  (/[A-Za-z]/.test(typed) || !/^\d{12,19}$/.test(typed.replace(/\D/g, '')))
