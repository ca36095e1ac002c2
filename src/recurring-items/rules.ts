import type Big from 'big.js'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, ZERO } from '../ledger/money.ts'

export interface Applied {
  active: boolean
  effective: Day
  /** 0 = while active. */
  timesToApply: number
  timesApplied: number
}

/** Whether an item is given on a bill of a day: active, effective by then, and not used up (domain.md R2). */
export const applies = ({ active, effective, timesToApply, timesApplied }: Applied, billed: Day): boolean =>
  active && effective <= billed && (timesToApply === 0 || timesApplied < timesToApply)

/** The row after a bill took it: the last time turns it inactive. */
export function used(row: Applied): Applied {
  const timesApplied = row.timesApplied + 1
  return { ...row, timesApplied, active: row.timesToApply === 0 ? row.active : timesApplied < row.timesToApply }
}

/**
 * The row after a bill that took it was voided: the count comes back, and with it a row that its last time had turned
 * inactive (domain.md R3). One that a clerk deactivated before its last time stays so.
 */
export function returned(row: Applied): Applied {
  const full = row.timesToApply > 0 && row.timesApplied >= row.timesToApply
  return { ...row, timesApplied: Math.max(0, row.timesApplied - 1), active: row.active || full }
}

export interface Item {
  amount: Money | null
  /** A fraction of the charge: 0.10 = 10 %. */
  percent: Big | null
  beforeTax: boolean
  /** Given even where it exceeds what is charged (domain.md R4). */
  rebate: boolean
}

/** What an item takes off a charge, in dollars, above 0.00; limited to `charged` unless it is a rebate. */
export function creditOf(item: Item, charged: Money): Money {
  const credit = (item.amount ?? ZERO).plus(item.percent ? money(charged.times(item.percent)) : ZERO)
  return item.rebate || credit.lte(charged) ? credit : charged.gt(ZERO) ? charged : ZERO
}

/**
 * The total of a charge with an item and a tax: before tax the credit lowers what is taxed, after tax it does not.
 * 50.00, credit 5.00, tax 5 %: 47.25 before, 47.50 after (domain.md R1).
 */
export function billed(charge: Money, item: Item, taxRate: Big): { credit: Money; tax: Money; total: Money } {
  if (item.beforeTax) {
    const credit = creditOf(item, charge)
    const tax = money(charge.minus(credit).times(taxRate))
    return { credit, tax, total: charge.minus(credit).plus(tax) }
  }
  const tax = money(charge.times(taxRate))
  const credit = creditOf(item, charge.plus(tax))
  return { credit, tax, total: charge.plus(tax).minus(credit) }
}

/** How a count of times is shown [001-463]. */
export const timesText = (times: number): string => (times === 0 ? 'While active' : String(times))
