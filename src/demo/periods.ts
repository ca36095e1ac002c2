import { addDays, addMonths, type Day, monthEnd } from '../ledger/calendar.ts'

/** The demonstration runs on this day. */
export const DEMO_DAY = '2026-10-28'

const FIRST = '2025-07-31'
const CURRENT = '2026-10-31'

/** Ends of the months that the village keeps in Clerkwell; the last is the current period. */
export const PERIODS: Day[] = []
for (let end = FIRST; end <= CURRENT; end = monthEnd(addMonths(addDays(end, 1), 0))) PERIODS.push(end)
