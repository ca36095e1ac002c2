import { addDays, type Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import type { AdjustmentReason } from '../ledger/other-side.ts'
import { accept, type Refusal, type Result, refuse } from '../ledger/result.ts'
import type { CertifiedLine } from './rules.ts'
import { takeNewestFirst } from './update-rules.ts'

/** One tax year of an account. */
export type CertificationYear = {
  taxYear: number
  /** Certification balance: what the county still owes the town for it, fees included. */
  balance: Money
  /** Fees posted less what adjustments took off them. */
  feeLeft: Money
  /** What the year's PAdjs took, per service and bucket, less what adjustments gave back. */
  taken: CertifiedLine[]
}

export type CertificationAdjustment = {
  /** Off the certification balance. */
  amount: Money
  /** Back onto the utility book, amounts above zero; for *paid* a Pmt takes exactly these off again. */
  restored: CertifiedLine[]
  payment: CertifiedLine[]
  /** The part of the amount that was fee: against `certification_fee_gl` when removed, cash when paid. */
  feePart: Money
  /** The part against `write_off_gl`. */
  writtenOff: Money
}

/**
 * A certification adjustment (product.md 1.1, 3.12; domain.md U8). *Removed* gives the debt back to the account, newest
 * bucket first, services in reverse payoff order unless one is named, at most what the PAdj took; *paid* at city hall
 * does the same with a payment of the same lines; *write-off* only lowers the certification balance. The county's
 * payments count against the certified amounts first, so the fee is what is left when nothing certified is.
 * Refuses without a balance of the year, above it, above what was certified of a named service, and 0.00 or less.
 */
export function adjustCertification(
  request: { reason: AdjustmentReason; amount: Money; service?: string | undefined },
  year: CertificationYear,
  payoffOrder: string[],
): Result<CertificationAdjustment> {
  const refusal = refuseAmount(request.amount, year)
  if (refusal !== undefined) return refusal
  const { amount, reason, service } = request
  if (reason === 'write_off') return accept({ amount, restored: [], payment: [], feePart: ZERO, writtenOff: amount })
  const lines = service === undefined ? year.taken : year.taken.filter((line) => line.service === service)
  const certified = lesser(sum(lines.map((line) => line.amount)), certifiedLeft(year))
  if (service !== undefined && amount.gt(certified))
    return refuse('above_certified', aboveCertified(service, amount, certified))
  const restored = takeNewestFirst(inReverse(lines, payoffOrder), lesser(amount, certified))
  const feePart = money(amount.minus(lesser(amount, certified)))
  return accept({ amount, restored, payment: reason === 'paid' ? restored : [], feePart, writtenOff: ZERO })
}

/**
 * A payment from the county (domain.md U12): lowers the certification balance of its tax year only. Left out, the
 * amount is the whole balance. Refuses a year without a balance, more than the balance, and 0.00 or less.
 */
export function certificationPayment(
  amount: Money | undefined,
  year: Pick<CertificationYear, 'taxYear' | 'balance'>,
): Result<Money> {
  return refuseAmount(amount ?? year.balance, year) ?? accept(amount ?? year.balance)
}

/**
 * The warning of coverage 000-052: an adjustment on a date that already holds certifications. It proposes the next day
 * that holds none; the adjustment is posted once whatever the date.
 */
export function adjustmentDateWarning(date: Day, certificationDates: Day[]): { date: Day; proposed: Day } | undefined {
  if (!certificationDates.includes(date)) return undefined
  let proposed = addDays(date, 1)
  while (certificationDates.includes(proposed)) proposed = addDays(proposed, 1)
  return { date, proposed }
}

function refuseAmount(amount: Money, year: Pick<CertificationYear, 'taxYear' | 'balance'>): Refusal | undefined {
  const taxYear = String(year.taxYear)
  if (year.balance.lte(ZERO)) return refuse('no_certification_balance', { taxYear })
  if (amount.lte(ZERO)) return refuse('amount_not_positive', { amount: text(amount) })
  if (amount.gt(year.balance))
    return refuse('above_balance', { taxYear, amount: text(amount), balance: text(year.balance) })
  return undefined
}

function certifiedLeft(year: CertificationYear): Money {
  const left = money(year.balance.minus(year.feeLeft))
  return left.gt(ZERO) ? left : ZERO
}

function inReverse(lines: CertifiedLine[], payoffOrder: string[]): CertifiedLine[] {
  const place = (line: CertifiedLine): number => payoffOrder.indexOf(line.service)
  return [...lines].sort((a, b) => place(b) - place(a))
}

const aboveCertified = (service: string, amount: Money, certified: Money): Record<string, string> => {
  return { service, amount: text(amount), certified: text(certified) }
}

const lesser = (a: Money, b: Money): Money => (a.lt(b) ? a : b)
