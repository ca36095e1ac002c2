import type { Day } from './calendar.ts'

/** A change of other data. `old` is part of the facts: where it is no longer so at GO, the account is stale. */
export type Effect = { accountId: number | null; note: string } & (
  | { kind: 'collection_code'; target: number; old: { id: number | null }; new: { id: number | null } }
  | { kind: 'alert_add'; target: number; old: null; new: { text: string; since: Day } }
  | { kind: 'alert_end' | 'alert_reopen'; target: number; old: { text: string }; new: null }
  | { kind: 'certification'; target: number; old: CertificationChange; new: CertificationChange }
  | { kind: 'account_service'; target: number; old: AccountServiceState | null; new: AccountServiceState | null }
)

/** A service as an account (the target) has it; null = not at all. Numbers as text, without zeros at their ends. */
export interface AccountServiceState {
  serviceId: number
  rate: string | null
  quantity: string
  units: string
  frequency: string
  connectDate: Day | null
  disconnectDate: Day | null
}

/** The columns of a certification that an effect sets, and (in `old`) what they must still be. */
export interface CertificationChange {
  noticeDate?: Day | null
  updatedDate?: Day | null
  updatedRunId?: number | null
  padjId?: number | null
  feeTransactionId?: number | null
  countyFile?: string | null
  countyRunId?: number | null
  countyMustBeTold?: boolean
  fee?: string
  withdrawn?: boolean
  withdrawalReason?: string
  lines?: { serviceId: number; agingPeriod: Day; paidBefore?: string; withdrawn?: string }[]
}
