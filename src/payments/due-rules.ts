import { type Bucket, OPEN } from '../ledger/aging.ts'
import { addDays, type Day } from '../ledger/calendar.ts'
import { type Money, sum } from '../ledger/money.ts'
import type { ServicePosting } from '../ledger/reversal.ts'

/** When each period of a service fell due, by its latest charge; a period without a charge is due at its own end. */
export type DueDates = Readonly<Record<string, Day>>

/** What of a service is unpaid in periods that fell due before the day; open credit has no due date. */
export function pastDueOf(service: { buckets: Bucket[]; due: DueDates }, day: Day): Money {
  const late = service.buckets.filter(({ period }) => period !== OPEN && (service.due[period] ?? period) < day)
  return sum(late.map(({ unpaid }) => unpaid))
}

/**
 * When a charge that is not posted yet will fall due: a Misc the due days after its date, an adjustment on its date
 * (product.md 3.5), as src/ledger/due.ts has it of posted ones. Undefined for what charges nothing, like a payment.
 */
export function willBeDue(type: string, date: Day, dueDays: number): Day | undefined {
  if (type === 'Misc') return addDays(date, dueDays)
  return type === 'Adj' ? date : undefined
}

/** The due dates after a charge: the latest one counts, and what took up open credit belongs to the charge's own period. */
export function laterDue(
  before: DueDates,
  service: string,
  lines: readonly ServicePosting[],
  charge: { period: Day; due: Day },
): DueDates {
  const after: Record<string, Day> = { ...before }
  for (const line of lines) {
    if (line.service !== service || line.amount.lte('0')) continue
    const period = line.period === OPEN ? charge.period : line.period
    const known = after[period]
    after[period] = known !== undefined && known > charge.due ? known : charge.due
  }
  return after
}
