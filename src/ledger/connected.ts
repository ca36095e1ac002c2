import type { Day } from './calendar.ts'

/** When service began and ended; null = from the beginning, not ended. */
export interface Connected {
  connectDate: Day | null
  disconnectDate: Day | null
}

/** Whether a service is connected on a day: from its connect date to its disconnect date, its last day; both included. */
export function isConnectedOn({ connectDate, disconnectDate }: Connected, day: Day): boolean {
  return (connectDate === null || connectDate <= day) && (disconnectDate === null || disconnectDate >= day)
}
