import { type Money, money, ZERO } from '../ledger/money.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import type { ServiceChange } from './change-rules.ts'

/** What a clerk may adjust: charges. */
export const CHARGES = ['Bill', 'Pen', 'Int', 'Misc', 'Open']

/** A service of a bill: what was billed, what it was adjusted by since, and whether a posted payment lies on it. */
export type BillLine = { service: string; billed: Money; adjusted: Money; paid: boolean }

/** A service whose rate is a percentage of another service's charge: sewer from water, a tax on either. */
export type Linked = { service: string; basedOn: string; percent: Money }

export type CarriedChange = ServiceChange & { from: string; percent: Money }

export type BillAdjustment = {
  /** What the clerk changed. */
  changes: ServiceChange[]
  /** What hangs on it. */
  carried: CarriedChange[]
}

/**
 * What changing parts of a bill means (domain.md 3.14): each service to its new amount, and what is reckoned from it by
 * the same percentage, half up, from one to the next: water -10.00 with sewer 80 % of water and 5 % tax on water is
 * sewer -8.00, tax -0.50. A service that the clerk changed is not carried to; one given the amount that it has is not
 * changed. Refuses a bill that stays as it is, a
 * service that is not on it, one with a posted payment, and a charge below zero.
 */
export function adjustBill(
  bill: readonly BillLine[],
  wanted: readonly { service: string; amount: Money }[],
  linked: readonly Linked[],
): Result<BillAdjustment> {
  const changes: ServiceChange[] = []
  for (const { service, amount } of wanted) {
    const line = bill.find((each) => each.service === service)
    if (!line) return refuse('service_not_charged', { service })
    const change = money(amount.minus(line.billed).minus(line.adjusted))
    if (change.eq(ZERO)) continue
    if (amount.lt(ZERO)) return refuse('below_zero', { service, left: '0.00' })
    if (line.paid) return refuse('bill_line_paid', { service })
    changes.push({ service, change })
  }
  if (changes.length === 0) return refuse('nothing_changed')
  const carried = carry(bill, changes, linked)
  for (const { service, change } of carried) {
    const line = bill.find((each) => each.service === service)
    const left = line ? line.billed.plus(line.adjusted) : ZERO
    if (left.plus(change).lt(ZERO)) return refuse('below_zero', { service, left: left.toFixed(2) })
  }
  return accept({ changes, carried })
}

/** What a posted payment locks (001-377): the amount of every service that it lies on. */
export const lockedServices = (bill: readonly BillLine[]): string[] =>
  bill.filter(({ paid }) => paid).map(({ service }) => service)

function carry(bill: readonly BillLine[], changes: readonly ServiceChange[], linked: readonly Linked[]) {
  const reached = new Set(changes.map(({ service }) => service))
  const carried: CarriedChange[] = []
  const waiting: ServiceChange[] = [...changes]
  for (let from = waiting.shift(); from; from = waiting.shift()) {
    for (const link of linked) {
      if (link.basedOn !== from.service || reached.has(link.service)) continue
      if (!bill.some(({ service }) => service === link.service)) continue
      const change = money(from.change.times(link.percent).div('100'))
      if (change.eq(ZERO)) continue
      reached.add(link.service)
      const found = { service: link.service, change, from: from.service, percent: link.percent }
      carried.push(found)
      waiting.push(found)
    }
  }
  return carried
}
