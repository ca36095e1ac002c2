import { type Day, isDay } from '../ledger/calendar.ts'
import { dateInput } from '../web/inputs.ts'
import { pageNumber } from '../web/paging.ts'
import { VIEWS, type View } from './rules.ts'

/** What is asked of the History tab by its address. */
export interface HistoryQuery {
  view: View
  /** Code of a service; empty = all of them. */
  service: string
  from: Day | undefined
  to: Day | undefined
  page: number
  /** Number of the selected transaction. */
  row: string
  /** Id of the selected unposted row. */
  unposted: number | undefined
  /** What was typed and cannot be read, by field. */
  errors: Record<string, string>
}

const typedDay = dateInput()

/** Reads the address; what cannot be read is said at its box, and the list stays unlimited there. */
export function historyQuery(query: Record<string, unknown>): HistoryQuery {
  const text = (name: string) => (typeof query[name] === 'string' ? (query[name] as string).trim().slice(0, 40) : '')
  const errors: Record<string, string> = {}
  const day = (name: string): Day | undefined => {
    if (text(name) === '') return undefined
    const read = typedDay.safeParse(text(name))
    if (read.success && isDay(read.data)) return read.data
    errors[name] = read.error?.issues[0]?.message ?? 'Write a date like 03/31/2026.'
    return undefined
  }
  return {
    view: VIEWS.find(({ value }) => value === text('view'))?.value ?? 'all',
    service: text('service'),
    from: day('from'),
    to: day('to'),
    page: pageNumber(query.page),
    row: text('row'),
    unposted: /^[1-9]\d{0,8}$/.test(text('unposted')) ? Number(text('unposted')) : undefined,
    errors,
  }
}
