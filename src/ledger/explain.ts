import type { Allocation, AllocationStep, Tier } from './allocation.ts'
import { type Money, money, text, ZERO } from './money.ts'
import type { OverpaymentBasis, OverpaymentShare } from './overpayment.ts'

/** A decision in words: one sentence for the step, one line for each service in it. */
export type Explanation = { says: string; lines: string[] }

/** A code's name, or the code itself. */
export type Names = Record<string, string>

const TIERS: Record<Tier, string> = {
  first: 'First Priority Services',
  second: 'Second Priority Services',
  third: 'Third Priority Services',
  unlisted: 'Services in no list',
}
const METHODS = { percentage: 'by percentage of what each owes', listed: 'one after the other, in listed order' }
const PARTS = { balance: 'owed', past_due: 'past due', current: 'still owed' }
const BASES: Record<OverpaymentBasis['basis'], string> = {
  first_listed: 'to the first of Allocate Overpayments to These Services that is active on the account',
  payments: 'by what was paid for each service in the last twelve months',
  charges: 'by what was charged for each service in the last twelve months, for nothing was paid',
  first_active: 'to the first active service, for nothing was paid or charged in the last twelve months',
  open_credit: 'held as open credit of the account',
}

/**
 * How a payment was allocated, in plain words: each tier with its method, what was available, what was owed, and each
 * service's share; then what was left and where it went. For a posted payment the steps come from its own facts.
 */
export function explainAllocation(
  allocation: Pick<Allocation, 'steps' | 'rest'>,
  overpayment: OverpaymentBasis & { shares: OverpaymentShare[] },
  names: Names,
): Explanation[] {
  const steps = allocation.steps.map((step) => explainStep(step, names))
  return allocation.rest.gt(ZERO) ? [...steps, explainRest(allocation.rest, overpayment, names)] : steps
}

function explainStep(step: AllocationStep, names: Names): Explanation {
  const says = `${TIERS[step.tier]}, ${METHODS[step.method]}: ${text(step.available)} available, ${text(step.owed)} ${PARTS[step.part]}.`
  const lines = step.shares.map((share) => {
    const part = step.method === 'percentage' ? ` (${percent(share.owed, step.owed)} %)` : ''
    return `${nameOf(share.service, names)}: ${text(share.amount)} for ${text(share.owed)}${part}`
  })
  return { says, lines }
}

function explainRest(
  rest: Money,
  overpayment: OverpaymentBasis & { shares: OverpaymentShare[] },
  names: Names,
): Explanation {
  const weights = new Map(overpayment.weights.map(({ service, weight }) => [service, weight]))
  const lines = overpayment.shares.map((share) => {
    const weight = overpayment.weights.length > 1 ? weights.get(share.service) : undefined
    return `${nameOf(share.service, names)}: ${text(share.amount)}${weight ? ` for ${text(weight)}` : ''}`
  })
  return { says: `${text(rest)} is more than is owed, ${BASES[overpayment.basis]}.`, lines }
}

const nameOf = (service: string | null, names: Names): string =>
  service === null ? 'Open credit' : (names[service] ?? service)

const percent = (part: Money, all: Money): string => text(money(part.times('100').div(all)))
