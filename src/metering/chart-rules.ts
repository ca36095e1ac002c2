import Big from 'big.js'
import { addMonths, type Day } from '../ledger/calendar.ts'

export const SPANS = [13, 25] as const

/** Usage of one month, and of the same month the year before; null = nothing was read. */
export interface Month {
  /** First day of the month. */
  month: Day
  used: Big | null
  before: Big | null
}

interface Dated {
  date: Day
  usage: Big | null
}

const firstOf = (day: Day): Day => `${day.slice(0, 8)}01`

/** `count` months up to the one that `last` is in; a line counts in the month that it was read in. */
export function monthsOf(lines: readonly Dated[], last: Day, count: number): Month[] {
  const sums = new Map<Day, Big>()
  for (const { date, usage } of lines) {
    if (usage !== null) sums.set(firstOf(date), (sums.get(firstOf(date)) ?? new Big('0')).plus(usage))
  }
  return Array.from({ length: count }, (_, at) => {
    const month = addMonths(firstOf(last), at - count + 1)
    return { month, used: sums.get(month) ?? null, before: sums.get(addMonths(month, -12)) ?? null }
  })
}

/** For the picture alone. */
const numberOf = (value: Big | null): number => (value === null ? 0 : Number(value.toFixed()))

const WIDTH = 620
const [LEFT, TOP, BOTTOM] = [30, 14, 128]
const NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

export interface Chart {
  /** Thousands where the numbers are long. */
  thousands: boolean
  lines: { y: string; label: string; axis: boolean }[]
  bars: {
    x: string
    y: string
    width: string
    height: string
    latest: boolean
    middle: string
    label: string
    value: string
  }[]
  path: string
  dots: { x: string; y: string }[]
}

/** The picture of a year's months in a box of 620 by 150: bars, the year before as a line, a scale of three lines. */
export function chartOf(months: readonly Month[]): Chart {
  const values = months
    .flatMap(({ used, before }) => [used, before])
    .flatMap((each) => (each === null ? [] : [numberOf(each)]))
  const most = Math.max(0, ...values)
  const thousands = most >= 1000
  const top = roundTop(most)
  const step = (WIDTH - LEFT) / months.length
  const height = (value: number) => ((BOTTOM - TOP) * Math.max(0, value)) / top
  const at = (value: number) => (BOTTOM - height(value)).toFixed(1)
  const show = (value: number) => String(Number((thousands ? value / 1000 : value).toFixed(1)))
  const middle = (place: number) => (LEFT + step * (place + 0.5)).toFixed(1)
  const latest = months.findLastIndex(({ used }) => used !== null)
  const peak = months.findIndex(({ used }) => used !== null && numberOf(used) === Math.max(...usedOf(months)))
  const dots = months.flatMap(({ before }, place) =>
    before === null ? [] : [{ x: middle(place), y: at(numberOf(before)) }],
  )
  return {
    thousands,
    lines: [0, top / 2, top].map((value) => ({ y: at(value), label: show(value), axis: value === 0 })),
    bars: months.map(({ month, used }, place) => ({
      x: (LEFT + step * (place + 0.16)).toFixed(1),
      y: at(numberOf(used)),
      width: (step * 0.68).toFixed(1),
      height: height(numberOf(used)).toFixed(1),
      latest: place === latest,
      middle: middle(place),
      label: labelOf(month, place, months.length),
      value: used !== null && (place === latest || place === peak) ? show(numberOf(used)) : '',
    })),
    path: dots.map(({ x, y }, place) => `${place === 0 ? 'M' : 'L'}${x} ${y}`).join(''),
    dots,
  }
}

const usedOf = (months: readonly Month[]): number[] =>
  months.flatMap(({ used }) => (used === null ? [] : [numberOf(used)]))

/** The next of 1, 2, 5, 10, 20 … above the highest bar. */
function roundTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)))
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= most) ?? 10
}

/** The month; its year where the row begins and in January. Of 25, every second one is named. */
function labelOf(month: Day, place: number, count: number): string {
  if (count > 13 && place % 2 === 1) return ''
  const name = NAMES[Number(month.slice(5, 7)) - 1] ?? ''
  const year = place === 0 || (month.slice(5, 7) === '01' && count <= 13)
  return year ? `${name} ${month.slice(2, 4)}` : name
}

/** What the picture says, for whoever does not see it. */
export function chartText(name: string, unit: string, months: readonly Month[]): string {
  const known = months.filter((each): each is Month & { used: Big } => each.used !== null)
  const [first, last] = [months[0], months.at(-1)]
  const latest = known.at(-1)
  if (!first || !last || !latest) return `No ${name} was read in these months.`
  const highest = known.reduce((most, each) => (each.used.gt(most.used) ? each : most))
  return `${name} used each month, ${named(first.month)} to ${named(last.month)}, in ${unit}. Highest ${highest.used.toFixed()} in ${named(highest.month)}, latest ${latest.used.toFixed()} in ${named(latest.month)}.`
}

const LONG = 'January February March April May June July August September October November December'.split(' ')
const named = (month: Day): string => `${LONG[Number(month.slice(5, 7)) - 1]} ${month.slice(0, 4)}`
