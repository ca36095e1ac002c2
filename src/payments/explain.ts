import type { DeferredLine } from '../deferred-charges/rules.ts'
import type { AllocationStep, ServiceShare } from '../ledger/allocation.ts'
import { type Explanation, explainAllocation, type Names } from '../ledger/explain.ts'
import { type Money, money, text } from '../ledger/money.ts'
import type { OverpaymentBasis, OverpaymentShare } from '../ledger/overpayment.ts'

interface Decided {
  deferred?: Pick<DeferredLine, 'name' | 'service' | 'amount' | 'whole' | 'how'>[]
  allocations: ServiceShare[]
  rest: Money
  steps: AllocationStep[]
  manual: boolean
}

type Over = OverpaymentBasis & { shares: OverpaymentShare[] }

/** Where a payment goes, in words: tier by tier, or by the clerk's own hand, then what is beyond. */
export function explainShares(decision: Decided, over: Over, names: Names): Explanation[] {
  const brought = explainDeferred(decision.deferred ?? [], names)
  const said = explainAllocation(decision, over, names)
  if (!decision.manual) return [...brought, ...said]
  const lines = decision.allocations.map((share) => `${names[share.service] ?? share.service}: ${text(share.amount)}`)
  const rest = said.map((each) => ({ ...each, says: each.says.replace('is more than is owed', 'is left over') }))
  return [...brought, { says: 'The clerk allocates by hand.', lines }, ...rest]
}

function explainDeferred(lines: NonNullable<Decided['deferred']>, names: Names): Explanation[] {
  if (lines.length === 0) return []
  const said = lines.map(({ name, service, amount, whole, how }) => {
    const part = whole.eq(amount) ? '' : ` of ${text(whole)}`
    return `${name}, on ${names[service] ?? service}: ${text(amount)}${part} (${how})`
  })
  return [{ says: 'Deferred charges that come with this payment:', lines: said }]
}

/** What a payment's header keeps of its decision (document.ts); amounts as text. */
interface Kept {
  balanceBefore: string
  balanceAfter: string
  rest: string
  manual: boolean
  deferred?: { name: string; service: string; amount: string; whole: string; how: string }[]
  allocations: { service: string; amount: string }[]
  overpayment: { service: string | null; amount: string }[]
  steps: KeptStep[]
  basis: { basis: OverpaymentBasis['basis']; weights: { service: string | null; weight: string }[] }
}

type KeptStep = Omit<AllocationStep, 'available' | 'owed' | 'shares'> & {
  available: string
  owed: string
  shares: { service: string; owed: string; amount: string }[]
}

/** How a posted payment was allocated, from the facts kept with it; empty where none were kept. */
export function explainPayment(facts: unknown, names: Names): Explanation[] {
  const kept = (facts as { payment?: Kept } | null)?.payment
  if (!kept) return []
  const decided = {
    manual: kept.manual,
    rest: money(kept.rest),
    allocations: kept.allocations.map(amountRead),
    deferred: (kept.deferred ?? []).map((line) => ({ ...amountRead(line), whole: money(line.whole) })),
    steps: kept.steps.map(stepRead),
  }
  const over = {
    basis: kept.basis.basis,
    weights: kept.basis.weights.map((each) => ({ ...each, weight: money(each.weight) })),
    shares: kept.overpayment.map(amountRead),
  }
  return [
    { says: `Before the payment the account owed ${kept.balanceBefore}.`, lines: [] },
    ...explainShares(decided, over, names),
    { says: `After it the account owed ${kept.balanceAfter}.`, lines: [] },
  ]
}

const amountRead = <T extends { amount: string }>(each: T) => ({ ...each, amount: money(each.amount) })

const stepRead = (step: KeptStep): AllocationStep => ({
  ...step,
  available: money(step.available),
  owed: money(step.owed),
  shares: step.shares.map((share) => ({ ...share, owed: money(share.owed), amount: money(share.amount) })),
})
