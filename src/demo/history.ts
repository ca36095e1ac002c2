import { addDays, type Day, monthEnd } from '../ledger/calendar.ts'
import { fromCents, text } from '../ledger/money.ts'
import { rateOf, type Usage, usageOf } from './meters.ts'
import type { Person } from './people.ts'
import { DEMO_DAY, PERIODS } from './periods.ts'

/** A line of transactions.csv, in cents. */
interface Line {
  account: string
  date: Day
  type: string
  description: string
  service: string
  cents: bigint
  deposit?: string
  facts?: string
}

interface Bill {
  period: Day
  usage: Usage
  lines: [service: string, cents: bigint][]
}

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

function billOf(person: Person, period: Day): Bill {
  const usage = usageOf(person, period)
  return {
    period,
    usage,
    lines: [
      ['WA', usage.cents],
      ['SE', (usage.cents * 11n) / 10n],
      ['GA', 1850n],
      ['ST', 435n],
    ],
  }
}

/** What the bill says of the read it charges: the Usage tab shows it. */
const factsOf = (person: Person, { readDate, meter, gallons }: Usage): string =>
  JSON.stringify({
    usage: [{ service: 'WA', readDate, usage: String(gallons), rate: rateOf(person), meters: [meter] }],
  })

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

/** Bills, penalties and payments of every customer and the deposit of one, in the order they were posted. */
export function history(persons: Person[]): string[][] {
  const lines = [...persons.flatMap(linesOf), DEPOSIT]
  return numbered(lines.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)))
}

const DEPOSIT: Line = {
  account: '1002.01',
  date: '2025-07-14',
  type: 'Dep',
  description: 'Deposit',
  service: 'WA',
  cents: 7500n,
  deposit: 'DP-1',
}

function linesOf(person: Person): Line[] {
  const account = `${person.number}.01`
  return PERIODS.slice(0, -1).flatMap((period, place) => {
    const bill = billOf(person, period)
    const charged = { account, date: period, type: 'Bill', description: `Bill ${monthName(period)}` }
    const lines: Line[] = bill.lines.map(([service, cents], at) => ({
      ...charged,
      service,
      cents,
      ...(at === 0 ? { facts: factsOf(person, bill.usage) } : {}),
    }))
    const paid = payment(person, bill, place)
    if (paid && paid.date <= DEMO_DAY)
      for (const [service, cents] of paid.lines)
        lines.push({ account, date: paid.date, type: 'Pmt', description: 'Payment', service, cents })
    const penalty = addDays(bill.period, 31)
    if ((!paid || paid.date > penalty) && penalty <= DEMO_DAY)
      lines.push({ account, date: penalty, type: 'Pen', description: 'Penalty', service: 'PE', cents: 450n })
    return lines
  })
}

export const HISTORY_COLUMNS =
  'transaction,account_number,date,period,type,description,service,amount,method,book,deposit,facts'

/** Lines of one account, day and type are one transaction. */
function numbered(lines: Line[]): string[][] {
  const numbers = new Map<string, string>()
  return lines.map(({ account, date, type, description, service, cents, deposit = '', facts = '' }) => {
    const key = `${account}/${date}/${type}`
    const number = numbers.get(key) ?? `D${String(numbers.size + 1).padStart(5, '0')}`
    numbers.set(key, number)
    return [
      ...[number, account, date, monthEnd(date), type, description, service, text(fromCents(cents))],
      ...[type === 'Pmt' || type === 'Dep' ? 'check' : '', deposit && 'deposit', deposit, facts],
    ]
  })
}

/** What an account owes by service after the day, of rows as `history` gives them; deposits are not owed. */
export function owed(rows: string[][], account: string, day: Day): Map<string, bigint> {
  const by = new Map<string, bigint>()
  for (const [, of, date = '', , , , service = '', amount = '', , book] of rows)
    if (of === account && date <= day && book === '')
      by.set(service, (by.get(service) ?? 0n) + BigInt(amount.replace('.', '')))
  return by
}
