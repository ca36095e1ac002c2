import type { Day } from '../ledger/calendar.ts'
import { type Money, money, moneyOf, text } from '../ledger/money.ts'
import type { Draft } from './drafts.ts'
import type { ArrangementFacts } from './facts.ts'
import type { PlanRow } from './plans.ts'
import { instalmentsOf, type Owed, type Terms, ticked } from './rules.ts'
import { standing } from './standing-rules.ts'
import { dueWords } from './words.ts'

/** Terms as a draft keeps them and the reports print them: amounts as text. */
export interface TermsText {
  services: { code: string; name: string; balance: string }[]
  accountBalance: string
  amount: string
  remaining: string
  payment: string
  instalments: { due: Day; amount: string }[]
}

export const termsText = ({ services, accountBalance, amount, remaining, payment, instalments }: Terms): TermsText => ({
  services: services.map(({ code, name, balance }) => ({ code, name, balance: text(balance) })),
  accountBalance: text(accountBalance),
  amount: text(amount),
  remaining: text(remaining),
  payment: text(payment),
  instalments: instalments.map(({ due, amount: part }) => ({ due, amount: text(part) })),
})

/** What Setup works out beside what is typed; empty where it cannot be said yet. */
export function computed(owed: readonly Owed[], typed: Record<string, unknown>) {
  const codes = [typed.services ?? []].flat().map(String)
  const { balance } = ticked(owed, codes)
  const read = moneyOf(String(typed.amount ?? ''))
  const amount = read.ok && read.value.gt('0') ? read.value : undefined
  return {
    services: owed.map(({ code, name, balance: each }) => ({
      ...{ code, name, balance: text(each) },
      ...{ may: each.gt('0'), ticked: codes.includes(code) },
    })),
    accountBalance: text(balance),
    remaining: amount?.lte(balance) ? text(money(balance.minus(amount))) : '',
    payment: amount ? eachOf(amount, String(typed.payments ?? '')) : '',
  }
}

function eachOf(amount: Money, typed: string): string {
  const count = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0
  if (count === 0) return ''
  const parts = instalmentsOf(amount, count)
  const [first] = parts.ok ? parts.value : []
  return first ? text(first) : ''
}

export interface TermsShown {
  description: string
  due: string
  graceDays: number
  terms: TermsText
}

/** A draft whose terms are decided, as Review, Confirmation and its report show it. */
export function draftShown({ typed, terms }: Draft, { settings }: ArrangementFacts): TermsShown {
  return {
    description: String(typed.description ?? ''),
    due: dueWords(typed.regular !== undefined, typed.frequency as string | undefined),
    graceDays: settings.arrangementGraceDays,
    terms: terms as TermsText,
  }
}

/** A plan as the tab, the reports and the API show it. */
export function planShown(plan: PlanRow, day: Day) {
  const at = standing(plan, day)
  return {
    number: plan.number,
    description: plan.description,
    madeOn: plan.madeOn,
    madeBy: plan.madeBy,
    services: plan.services,
    accountBalance: plan.accountBalance,
    amount: plan.amount,
    remaining: text(money(money(plan.accountBalance).minus(plan.amount))),
    due: dueWords(plan.regularBilling, plan.frequency),
    graceDays: plan.graceDays,
    state: at.state,
    ended: at.ended,
    reason: at.reason,
    paid: text(at.paid),
    left: text(at.left),
    payments: at.instalments.map((each) => ({
      due: each.due,
      amount: text(each.amount),
      paid: text(each.paid),
      left: text(each.left),
      state: each.state,
    })),
    version: plan.version,
    hasPayments: plan.payments.length > 0,
  }
}

export type PlanShown = ReturnType<typeof planShown>
