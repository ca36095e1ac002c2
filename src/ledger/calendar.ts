import { Temporal } from 'temporal-polyfill'

/** A business day, `YYYY-MM-DD`: it sorts, compares and prints. The town's day, never a timestamp. */
export type Day = string

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** True for a day that exists between the years 1 and 9999, written exactly `YYYY-MM-DD`. */
export function isDay(written: string): boolean {
  if (!DAY.test(written) || written < '0001-01-01') return false
  const day = Number(written.slice(8))
  const month = Number(written.slice(5, 7))
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(Number(written.slice(0, 4)), month)
}

export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

/** The same day of another month, or that month's last day where it has none: 31 January + 1 = 28 February. */
export function addMonths(day: Day, months: number): Day {
  return Temporal.PlainDate.from(day).add({ months }).toString()
}

/** The last day of the month the day is in. */
export function monthEnd(day: Day): Day {
  const last = daysInMonth(Number(day.slice(0, 4)), Number(day.slice(5, 7)))
  return `${day.slice(0, 8)}${last}`
}

/** Days from one day to a later one: 1 from today to tomorrow, negative backwards. */
export function daysBetween(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days
}

/** Today in a timezone. The clock is read at the door of the application; rules take the day as an argument. */
export function dayIn(timezone: string, now: Date = new Date()): Day {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone).toPlainDate().toString()
}

/** `04/30/2011`. */
export function formatDay(day: Day): string {
  return `${day.slice(5, 7)}/${day.slice(8, 10)}/${day.slice(0, 4)}`
}

export function yearOf(day: Day): number {
  return Number(day.slice(0, 4))
}

/**
 * The end date of the period a day falls in. Periods are calendar months unless the town lists others: the first
 * listed end date on or after the day (inclusive), else the month's end. A day in a month before the first listed
 * period belongs to its own month, for missing months are made when first needed (product.md 3.17).
 */
export function periodOf(day: Day, periods: readonly Day[]): Day {
  const own = monthEnd(day)
  const first = least(periods, '')
  if (first === undefined || own < first) return own
  return least(periods, day) ?? own
}

/** The period before a period, by the same rule. */
export function previousPeriod(period: Day, periods: readonly Day[]): Day {
  const lastMonth = lastMonthEnd(period)
  const listed = periods.reduce<Day>((latest, end) => (end < period && end > latest ? end : latest), '')
  const inTheList = periods.some((end) => end >= period)
  return listed !== '' && (inTheList || listed > lastMonth) ? listed : lastMonth
}

/** The last day of the month before; by its digits, for aging asks it for every service of every account. */
function lastMonthEnd(day: Day): Day {
  const month = Number(day.slice(5, 7))
  if (month === 1) return `${String(Number(day.slice(0, 4)) - 1).padStart(4, '0')}-12-31`
  return monthEnd(`${day.slice(0, 5)}${String(month - 1).padStart(2, '0')}-01`)
}

function least(periods: readonly Day[], from: Day): Day | undefined {
  return periods.reduce<Day | undefined>(
    (found, end) => (end >= from && (found === undefined || end < found) ? end : found),
    undefined,
  )
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
