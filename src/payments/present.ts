import { bucketSum } from '../ledger/aging.ts'
import type { MethodFacts } from '../ledger/facts.ts'
import { type Explanation, explainAllocation } from '../ledger/explain.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
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
      ? [{ kind: 'bad' as const, text: 'Do Not Accept Any Payments is ticked for this customer: no payment can be taken.' }]
      : []),
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

/** True when the counter no longer takes this customer's checks (`no_checks_after` returned ones in twelve months; 0 = always takes them). */
export function checksRefused({ account, extras }: Pick<Payable, 'account' | 'extras'>, method?: MethodFacts): boolean {
  const after = Number(account.settings['no_checks_after'] || '2')
  return after > 0 && extras.nsf12 >= after && (method === undefined || method.kind === 'check')
}

export interface AllocationRow {
  name: string
  box: string
  owed: string
  apply: string
  left: string
}

/** The table under the form: what each service owes, what it gets and what is left. */
export function allocationTable({ account, facts }: Payable, decision: PaymentDecision) {
  const rows = account.services.flatMap((service): AllocationRow[] => {
    const known = facts.services.find((each) => each.service === service.code)
    const owed = bucketSum(known?.buckets ?? [])
    const apply = given(decision, service.code)
    if (!known?.onAccount && owed.eq(ZERO) && apply.eq(ZERO)) return []
    return [
      {
        name: service.name,
        box: boxOf(service.id),
        owed: text(owed),
        apply: text(apply),
        left: text(money(owed.minus(apply))),
      },
    ]
  })
  const credit = given(decision, null)
  const held = facts.accountCredit
  if (credit.gt(ZERO) || held.lt(ZERO)) {
    rows.push({ name: 'Open credit', box: '', owed: text(held), apply: text(credit), left: text(money(held.minus(credit))) })
  }
  const applied = sum(rows.map((row) => money(row.apply)))
  return { rows, owed: text(balanceOf(facts)), applied: text(applied), after: text(decision.balanceAfter) }
}

const given = (decision: PaymentDecision, service: string | null) =>
  sum([...decision.allocations, ...decision.overpayment].filter((share) => share.service === service).map((share) => share.amount))

/** The allocation in words, by the same function that explains a posted one. */
export function explained({ account }: Payable, decision: PaymentDecision): Explanation[] {
  const names = Object.fromEntries(account.services.map((service) => [service.code, service.name]))
  return explainAllocation(decision, { ...decision.basis, shares: decision.overpayment }, names)
}
