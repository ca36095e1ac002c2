import type { Day } from '../ledger/calendar.ts'

export const STATUSES = ['incomplete', 'complete', 'both'] as const
export type Status = (typeof STATUSES)[number]

interface Order {
  completed: Day | null
  due: Day | null
}

/** Whether an order is among those asked for. */
export const isOf = ({ completed }: Order, status: Status): boolean =>
  status === 'both' || (completed !== null) === (status === 'complete')

/** An open order is overdue from the day after its due date. */
export const isOverdue = ({ completed, due }: Order, today: Day): boolean =>
  completed === null && due !== null && due < today

export const statusAsked = (typed: unknown): Status => STATUSES.find((each) => each === typed) ?? 'incomplete'

/** Why an order requested on a day may not be completed on `day`, as a sentence; both ends, the request and today, may. */
export function completionRefused(day: Day, requested: Day, today: Day): string | undefined {
  if (day > today) return 'It cannot be completed after today.'
  if (day < requested) return 'It cannot be completed before it was requested.'
  return undefined
}
