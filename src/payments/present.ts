import { bucketSum } from '../ledger/aging.ts'
import type { ServiceShare } from '../ledger/allocation.ts'
import type { Explanation } from '../ledger/explain.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { checksRefused } from './accepted.ts'
import { explainShares } from './explain.ts'
import type { Payable } from './facts.ts'
import { boxOf } from './forms.ts'
import { balanceOf, type PaymentDecision } from './rules.ts'

export interface Warning {
  kind: 'warn' | 'bad'
  text: string
}

/** What the counter should know before it takes money: said once, above the form. */
export function warningsOf({ account, extras }: Payable): Warning[] {
  const code = account.collectionCode
  return [
    ...(account.doNotAcceptPayments
      ? [
          {
            kind: 'bad' as const,
            text: 'Do Not Accept Any Payments is ticked for this customer: no payment can be taken.',
          },
        ]
      : []),
    ...disallowed(account),
    ...(code?.displayWarning ? [{ kind: 'warn' as const, text: `Collection code ${code.code}: ${code.name}` }] : []),
    ...(checksRefused({ account, extras })
      ? [{ kind: 'warn' as const, text: `No checks: ${extras.nsf12} returned in the last twelve months.` }]
      : []),
    ...extras.notes.map((note) => ({
      kind: 'warn' as const,
      text: note.text && note.text !== note.subject ? `${note.subject}: ${note.text}` : note.subject,
    })),
  ]
}

function disallowed({ methods, disallowedPayMethods }: Payable['account']): Warning[] {
  const names = methods.filter(({ code }) => disallowedPayMethods.includes(code)).map(({ name }) => name)
  return names.length === 0 ? [] : [{ kind: 'warn', text: `Not accepted from this customer: ${names.join(', ')}.` }]
}

export interface AllocationRow {
  name: string
  box: string
  owed: string
  apply: string
  /** Its share of what is beyond every balance; empty where there is none. */
  over: string
  /** What comes with the payment: deferred charges of the service; empty where there is none. */
  charge: string
  left: string
}

/** The table under the form: what each service owes, what it gets and what is left. */
export function allocationTable({ account, facts }: Payable, decision: PaymentDecision) {
  const rows = account.services.flatMap((service): AllocationRow[] => {
    const known = facts.services.find((each) => each.service === service.code)
    const row = rowOf(service.name, boxOf(service.id), bucketSum(known?.buckets ?? []), service.code, decision)
    return known?.onAccount || row.owed !== '0.00' || row.apply !== '0.00' ? [row] : []
  })
  const credit = rowOf('Open credit', '', facts.accountCredit, null, decision)
  if (credit.owed !== '0.00' || credit.over !== '') rows.push(credit)
  return {
    rows,
    over: decision.rest.gt(ZERO),
    charged: decision.deferred.length > 0,
    charges: text(sum(decision.deferred.map(({ amount }) => amount))),
    owed: text(balanceOf(facts)),
    applied: text(sum(rows.map((row) => money(row.apply)))),
    rest: text(decision.rest),
    after: text(decision.balanceAfter),
  }
}

function rowOf(
  name: string,
  box: string,
  owed: Money,
  service: string | null,
  decision: PaymentDecision,
): AllocationRow {
  const apply = amountFor(decision.allocations, service)
  const over = amountFor(decision.overpayment, service)
  const charge = amountFor(decision.deferred, service)
  const left = text(money(owed.plus(charge).minus(apply).minus(over)))
  return {
    name,
    box,
    owed: text(owed),
    apply: text(apply),
    over: over.eq(ZERO) ? '' : text(over),
    charge: charge.eq(ZERO) ? '' : text(charge),
    left,
  }
}

const amountFor = (shares: { service: string | null; amount: Money }[], service: string | null): Money =>
  sum(shares.filter((share) => share.service === service).map((share) => share.amount))

/** The allocation in words, by the same function that explains a posted one. */
export function explained({ account }: Payable, decision: PaymentDecision): Explanation[] {
  const names = Object.fromEntries(account.services.map((service) => [service.code, service.name]))
  return explainShares(decision, { ...decision.basis, shares: decision.overpayment }, names)
}

/** A hand allocation that was refused, as a decision to show and nothing more. */
export const handDraft = ({ facts }: Payable, amount: Money, allocations: ServiceShare[]): PaymentDecision => ({
  allocations,
  overpayment: [],
  rest: ZERO,
  steps: [],
  deferred: [],
  basis: { basis: 'open_credit', weights: [] },
  manual: true,
  balanceAfter: money(balanceOf(facts).minus(amount)),
})
