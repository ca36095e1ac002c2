import type { Day } from '../ledger/calendar.ts'

/** What a condition can take somebody out of [001-510]. */
export const ACTIONS = [
  'penalty',
  'interest',
  'statement',
  'delinquent_notice',
  'shutoff_notice',
  'certification',
] as const
export type Action = (typeof ACTIONS)[number]

export interface Condition {
  code: string
  name: string
  active: boolean
  /** First day. */
  effective: Day
  /** Last day, inclusive; none = permanent. */
  expires: Day | null
  exempts: readonly Action[]
}

/** In force on a day: active, from its effective date up to and including its expiration date (domain.md S1). */
export const inForce = (condition: Condition, day: Day): boolean =>
  condition.active && condition.effective <= day && (condition.expires === null || day <= condition.expires)

/** The conditions that take somebody out of an action on a day; none = the action goes ahead. */
export const exemptions = <C extends Condition>(conditions: readonly C[], action: Action, day: Day): C[] =>
  conditions.filter((condition) => inForce(condition, day) && condition.exempts.includes(action))

export interface Requirements {
  kind: string | null
  customerType: number | null
  revenueClass: number | null
}

/** Why a condition cannot be offered, or undefined when all that its set-up asks for is met [001-511]. */
export function unmet(asked: Requirements, facts: Requirements): 'kind' | 'customerType' | 'revenueClass' | undefined {
  if (asked.kind !== null && asked.kind !== facts.kind) return 'kind'
  if (asked.customerType !== null && asked.customerType !== facts.customerType) return 'customerType'
  if (asked.revenueClass !== null && asked.revenueClass !== facts.revenueClass) return 'revenueClass'
  return undefined
}
