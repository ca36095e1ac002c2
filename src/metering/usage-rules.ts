import Big from 'big.js'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'

/**
 * What the facts of a Bill or an Adj say about usage, one entry a service and read date: `facts.usage`. `meters` are the
 * numbers of the meters whose readings it bills; they can then no longer be changed.
 */
export interface BilledUsage {
  service: string
  readDate: Day
  usage?: string
  adjusted?: string
  minimum?: string
  rate?: string
  meters?: string[]
}

/** What a posted transaction charged for a service. */
export interface Charged {
  type: 'Bill' | 'Adj'
  date: Day
  service: string
  amount: string
  usage: BilledUsage[] | null
}

export interface Charge {
  billed: string | null
  adjusted: string | null
  minimum: string | null
  rate: string | null
  total: string | null
}

/**
 * What was charged for the usage read on a day, for one service: the transactions that name the day in their facts; where
 * a bill names none (it came with a town folder), the first bill day on or after it and before the next reading.
 */
export function chargeOf(service: string, date: Day, next: Day | undefined, charged: readonly Charged[]): Charge {
  const own = charged.filter((each) => each.service === service)
  const naming = own.flatMap(({ amount, usage }) =>
    (usage ?? [])
      .filter((each) => each.service === service && each.readDate === date)
      .map((each) => ({ ...each, amount })),
  )
  if (naming.length > 0) {
    return {
      billed: added(naming.map((each) => each.usage)),
      adjusted: added(naming.map(({ adjusted }) => adjusted)),
      minimum: naming.find(({ minimum }) => minimum !== undefined)?.minimum ?? null,
      rate: naming.find(({ rate }) => rate !== undefined)?.rate ?? null,
      total: text(sum(naming.map(({ amount }): Money => money(amount)))),
    }
  }
  const after = own.filter(
    (each) =>
      each.type === 'Bill' && each.usage === null && each.date >= date && (next === undefined || each.date < next),
  )
  const first = after.map((each) => each.date).sort()[0]
  const total = after.filter((each) => each.date === first).map(({ amount }) => money(amount))
  return {
    billed: null,
    adjusted: null,
    minimum: null,
    rate: null,
    total: first === undefined ? null : text(sum(total)),
  }
}

function added(values: readonly (string | undefined)[]): string | null {
  const known = values.filter((each) => each !== undefined)
  return known.length === 0 ? null : known.reduce((total, each) => total.plus(each), new Big('0')).toFixed()
}

export interface RateFacts {
  code: string
  service: string
  effectiveFrom: Day
  minimum: string | null
  sizes: { size: string; minimum: string | null }[]
}

/** The minimum charge of a rate on a day, of the meter's size where the rate has one for it. Null = none. */
export function minimumOf(
  rates: readonly RateFacts[],
  { service, rate, day, size }: { service: string; rate: string | null; day: Day; size: string | null },
): string | null {
  const current = rates
    .filter((each) => each.code === rate && each.service === service && each.effectiveFrom <= day)
    .sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1))[0]
  const found = current?.sizes.find((each) => each.size === size)?.minimum ?? current?.minimum ?? null
  return found === null ? null : text(money(found))
}

export const COLUMNS = [
  'date',
  'service',
  'rate',
  'actual',
  'billed',
  'adjusted',
  'budget',
  'minimum',
  'charge',
] as const
export type UsageColumn = (typeof COLUMNS)[number]
export type Sort = UsageColumn | `-${UsageColumn}`

/** A sort of the address, `charge` or `-charge`; anything else is newest first. */
export function sortOf(asked: string | undefined): Sort {
  const column = asked?.startsWith('-') ? asked.slice(1) : asked
  return (COLUMNS as readonly string[]).includes(column ?? '') ? (asked as Sort) : '-date'
}

export interface UsageRow {
  date: Day
  service: string
  rate: string
  actual: string
  billed: string
  adjusted: string
  budget: boolean
  minimum: string
  charge: string
}

const NUMBERS: readonly UsageColumn[] = ['actual', 'billed', 'adjusted', 'minimum', 'charge']

/** Rows by a column, the other way round with a minus; equal ones newest first. Nothing comes before the least. */
export function sorted<R extends UsageRow>(rows: readonly R[], sort: Sort): R[] {
  const column = (sort.startsWith('-') ? sort.slice(1) : sort) as UsageColumn
  const way = sort.startsWith('-') ? -1 : 1
  return [...rows].sort((a, b) => way * compared(a, b, column) || (a.date < b.date ? 1 : -1))
}

function compared(a: UsageRow, b: UsageRow, column: UsageColumn): number {
  const [one, other] = [String(a[column]), String(b[column])]
  if (one === other) return 0
  if (!NUMBERS.includes(column) || one === '' || other === '') return one < other ? -1 : 1
  return new Big(one).cmp(other)
}
