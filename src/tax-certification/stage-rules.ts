import type { Day } from '../ledger/calendar.ts'
import { type Money, ZERO } from '../ledger/money.ts'

/** How far an account's certification of a tax year has come. */
export type CaseStage =
  | 'certified'
  | 'noticed'
  | 'in_county_file'
  | 'updated'
  | 'partly_paid'
  | 'paid'
  | 'settled'
  | 'paid_before'
  | 'withdrawn'

export const STAGE_LABELS: Record<CaseStage, string> = {
  certified: 'Certified',
  noticed: 'Noticed',
  in_county_file: 'In county file',
  updated: 'Updated',
  partly_paid: 'Partly paid',
  paid: 'Paid',
  settled: 'Removed or written off',
  paid_before: 'Paid before update',
  withdrawn: 'Withdrawn',
}

export interface CaseFacts {
  withdrawn: boolean
  noticeDate: Day | null
  countyFile: string | null
  updatedDate: Day | null
  /** What the update posted, with fees; what the county and others paid; what is left of the certification balance. */
  posted: Money
  paid: Money
  balance: Money
}

/**
 * The stage of one account and tax year, the farthest that was reached. Money comes before paper: what the county paid
 * says more than that a file was sent. Nothing left after the update is *paid* when a payment did it, else removed or
 * written off; an update that posted nothing is *paid before update*.
 */
export function stageOf(facts: CaseFacts): CaseStage {
  if (facts.withdrawn) return 'withdrawn'
  if (facts.updatedDate !== null && facts.posted.lte(ZERO)) return 'paid_before'
  if (facts.updatedDate !== null && facts.balance.lte(ZERO)) return facts.paid.gt(ZERO) ? 'paid' : 'settled'
  if (facts.updatedDate !== null && facts.paid.gt(ZERO)) return 'partly_paid'
  if (facts.countyFile !== null) return 'in_county_file'
  if (facts.updatedDate !== null) return 'updated'
  return facts.noticeDate === null ? 'certified' : 'noticed'
}
