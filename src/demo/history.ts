import { addDays, addMonths, type Day, monthEnd } from '../ledger/calendar.ts'
import { fromCents, text } from '../ledger/money.ts'
import type { Person } from './people.ts'

const FIRST_MONTH = '2025-07-31'
export const CURRENT_PERIOD = '2026-10-31'
/** The demonstration runs on this day. */
export const DEMO_DAY = '2026-10-28'

export const PERIODS: Day[] = []
for (let end = FIRST_MONTH; end <= CURRENT_PERIOD; end = monthEnd(addMonths(addDays(end, 1), 0))) PERIODS.push(end)

/** A line of transactions.csv: number, account, date, period, type, description, service, cents, tax year. */
type Line = [
  account: string,
  date: Day,
  type: string,
  description: string,
  service: string,
  cents: bigint,
  taxYear?: string,
]
type Bill = { period: Day; lines: [service: string, cents: bigint][] }

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const monthName = (day: Day) => `${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`

function billOf(person: Person, period: Day, random: () => number): Bill {
  const water = BigInt(Math.floor((person.business ? 5200 : 2800) + random() * 2600))
  return {
    period,
    lines: [
      ['WA', water],
      ['SE', (water * 11n) / 10n],
      ['GA', 1850n],
      ['ST', 435n],
    ],
  }
}

/** When and how much of a bill the person pays; nothing when they do not. */
function payment(person: Person, bill: Bill, place: number): { date: Day; lines: [string, bigint][] } | undefined {
  const due = addDays(bill.period, 14)
  const late = addDays(bill.period, 72)
  const negative = (share: (cents: bigint) => bigint) =>
    bill.lines.map(([service, cents]): [string, bigint] => [service, -share(cents)])
  switch (person.habit) {
    case 'prompt':
      return { date: due, lines: negative((cents) => cents) }
    case 'ahead':
      return { date: due, lines: negative((cents) => (place === 8 ? cents + 500n : cents)) }
    case 'late':
      return { date: late, lines: negative((cents) => cents) }
    case 'partial':
      return { date: due, lines: negative((cents) => (cents * 7n) / 10n) }
    case 'stopped':
      return place < 6 + (person.number % 5) ? { date: due, lines: negative((cents) => cents) } : undefined
  }
}

/** Bills, penalties and payments of every customer, in the order they were posted. */
export function history(persons: Person[], random: () => number): string[][] {
  const lines: Line[] = []
  for (const person of persons) {
    const account = `${person.number}.01`
    for (const [place, period] of PERIODS.slice(0, -1).entries()) {
      const bill = billOf(person, period, random)
      for (const [service, cents] of bill.lines)
        lines.push([account, period, 'Bill', `Bill ${monthName(period)}`, service, cents])
      const paid = payment(person, bill, place)
      if (paid && paid.date <= DEMO_DAY)
        for (const [service, cents] of paid.lines) lines.push([account, paid.date, 'Pmt', 'Payment', service, cents])
      const penalty = addDays(bill.period, 31)
      if ((!paid || paid.date > penalty) && penalty <= DEMO_DAY)
        lines.push([account, penalty, 'Pen', 'Penalty', 'PE', 450n])
    }
  }
  return numbered(lines.sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0)))
}

/** Lines of one account, day and type are one transaction. */
function numbered(lines: Line[]): string[][] {
  const numbers = new Map<string, string>()
  return lines.map(([account, date, type, description, service, cents, taxYear = '']) => {
    const key = `${account}/${date}/${type}`
    const number = numbers.get(key) ?? `D${String(numbers.size + 1).padStart(5, '0')}`
    numbers.set(key, number)
    return [
      number,
      account,
      date,
      monthEnd(date),
      type,
      description,
      service,
      text(fromCents(cents)),
      taxYear,
      type === 'Pmt' ? 'check' : '',
    ]
  })
}
