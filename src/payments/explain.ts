import type { AllocationStep, ServiceShare } from '../ledger/allocation.ts'
import { type Explanation, explainAllocation, type Names } from '../ledger/explain.ts'
import { type Money, money, text } from '../ledger/money.ts'
import type { OverpaymentBasis, OverpaymentShare } from '../ledger/overpayment.ts'

interface Decided {
  allocations: ServiceShare[]
  rest: Money
  steps: AllocationStep[]
  manual: boolean
}

type Over = OverpaymentBasis & { shares: OverpaymentShare[] }

/** Where a payment goes, in words: tier by tier, or by the clerk's own hand, then what is beyond. */
export function explainShares(decision: Decided, over: Over, names: Names): Explanation[] {
  const said = explainAllocation(decision, over, names)
  if (!decision.manual) return said
  const lines = decision.allocations.map((share) => `${names[share.service] ?? share.service}: ${text(share.amount)}`)
  const rest = said.map((each) => ({ ...each, says: each.says.replace('is more than is owed', 'is left over') }))
  return [{ says: 'The clerk allocates by hand.', lines }, ...rest]
}

/** What a payment's header keeps of its decision (document.ts); amounts as text. */
interface Kept {
  balanceBefore: string
  balanceAfter: string
  rest: string
  manual: boolean
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
