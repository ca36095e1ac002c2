import { formatDay } from '../ledger/calendar.ts'
import type { Refusal } from '../ledger/result.ts'
import type { Warning } from './rules.ts'

const REFUSED: Record<string, (detail: Record<string, string>) => string> = {
  before_installation: ({ date = '' }) => `The meter was put in on ${formatDay(date)}; a read is not before that.`,
  too_long: ({ dials }) => `The register has ${dials} dials: it cannot show this.`,
  not_after: ({ date = '', reading }) =>
    `The last read is ${reading} on ${formatDay(date)}; a newer one is of a later day.`,
  below_last: ({ date = '', reading }) =>
    `This is below the last read, ${reading} on ${formatDay(date)}, and no rollover. Look at the register again, or exchange the meter.`,
}

/** What a refused read says to the clerk. */
export const refusalText = ({ refusal, detail }: Refusal): string =>
  REFUSED[refusal]?.(detail) ?? 'This read does not fit.'

const WARNED: Record<Warning, string> = {
  rollover: 'Below the last read: the dials would have gone over the top.',
  correction: 'Below the last read, which was an estimate: the difference is taken back.',
  high: 'High: more than half as much again as usual.',
  low: 'Low: less than half of what is usual.',
  zero: 'No usage: the register did not move.',
}

export const warningText = (warning: Warning): string => WARNED[warning]
