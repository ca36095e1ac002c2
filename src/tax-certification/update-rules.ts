import { type Bucket, takeCertified } from '../ledger/aging.ts'
import type { Day } from '../ledger/calendar.ts'
import { yearOf } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import type { CertifiedLine } from './rules.ts'

export const DEFAULT_DESCRIPTION = 'Tax Certification {year}'

export type CertificationToUpdate = { lines: CertifiedLine[]; fee: Money; inCountyFile: boolean }

export type CertificationUpdate = {
  /** What the PAdj takes, per service and bucket, amounts above zero; and the same per service. */
  posted: CertifiedLine[]
  padj: { service: string; amount: Money }[]
  total: Money
  /** What was paid between Create and Update, written as *paid before update*. */
  paidBefore: CertifiedLine[]
  fee: Money
  /** Lines that a county file carried with a higher amount. */
  countyMustBeTold: CertifiedLine[]
}

/**
 * What Update Customer Balances posts for one certification: per bucket the lesser of certified and still unpaid; the
 * difference is *paid before update*. Nothing left drops the line and, with the last line, the fee (product.md 3.10);
 * `yearFees` looks at the other certifications of the tax year. `buckets` are the account's, by service.
 */
export function updateCertification(
  certification: CertificationToUpdate,
  buckets: Record<string, Bucket[]>,
): CertificationUpdate {
  const services = [...new Set(certification.lines.map((line) => line.service))]
  const posted = services.flatMap((service) => {
    const lines = certification.lines.filter((line) => line.service === service)
    return takeCertified(buckets[service] ?? [], lines).map((line) => ({ service, ...line }))
  })
  const paidBefore = certification.lines.flatMap((line) => {
    const amount = money(line.amount.minus(postedOf(line, posted)))
    return amount.gt(ZERO) ? [{ ...line, amount }] : []
  })
  const total = sum(posted.map((line) => line.amount))
  const fee = posted.length > 0 ? certification.fee : ZERO
  const countyMustBeTold = certification.inCountyFile ? paidBefore : []
  return { posted, padj: byService(posted), total, paidBefore, fee, countyMustBeTold }
}

/** A certification of an account and tax year after an update or a withdrawal; `stands` = something of it is left. */
export type YearFee = { id: number; fee: Money; stands: boolean }
/** Another certification in force of the account and tax year, of which something is left; `posted` = it is updated. */
export type OtherFee = { id: number; fee: Money; posted: boolean }

/**
 * Who bears the fee of an account's tax year after an update or a withdrawal, by id; one that is not named keeps its
 * own. The fee is the tax year's (product.md 3.8): it is borne by certifications of which something stands and drops with
 * the year's last line (3.10, 3.12). So what one bore of which nothing is left goes to the first of `changed` that
 * stands, else to one still to be updated, else to one that is updated, whose Fee is then posted anew.
 */
export function yearFees(changed: YearFee[], others: OtherFee[]): Map<number, Money> {
  const fees = new Map(changed.map(({ id, fee, stands }) => [id, stands ? fee : ZERO]))
  const moved = sum(changed.filter(({ stands }) => !stands).map(({ fee }) => fee))
  const bearer = changed.find(({ stands }) => stands) ?? others.find(({ posted }) => !posted) ?? others[0]
  if (bearer && moved.gt(ZERO)) fees.set(bearer.id, money(bearer.fee.plus(moved)))
  return fees
}

/** Sums per service, in the order of the lines. */
export function byService(lines: CertifiedLine[]): { service: string; amount: Money }[] {
  return [...new Set(lines.map((line) => line.service))].map((service) => {
    return { service, amount: sum(lines.filter((line) => line.service === service).map((line) => line.amount)) }
  })
}

/**
 * The Date of an update may not be before an included certification's date, and there must be one (domain.md U3).
 * Whether the Date's period is open is the ledger's to refuse.
 */
export function checkUpdateDate(date: Day, certificationDates: Day[]): Result<Day> {
  const latest = [...certificationDates].sort().at(-1)
  if (latest === undefined) return refuse('no_certifications')
  return date < latest ? refuse('date_before_certification', { date, certificationDate: latest }) : accept(date)
}

/** Each `{year}` becomes the year of the date; nothing else in a description is ever interpreted (product.md 3.10). */
export function description(template: string, date: Day): string {
  return template.split('{year}').join(String(yearOf(date)).padStart(4, '0'))
}

export type LineReduction = { lines: CertifiedLine[]; withdrawn: CertifiedLine[]; fee: Money }

/**
 * Before Update a certification can only be withdrawn or reduced (product.md 3.12): by an amount, newest bucket first,
 * or all of it; of one service or of all. With the last line goes the fee. Refuses a service that was not certified and
 * more than was certified.
 */
export function reduceCertification(
  certification: { lines: CertifiedLine[]; fee: Money },
  by: { service?: string | undefined; amount?: Money | undefined },
): Result<LineReduction> {
  const meant = certification.lines.filter((line) => by.service === undefined || line.service === by.service)
  const total = sum(meant.map((line) => line.amount))
  if (meant.length === 0) return refuse('service_not_certified', { service: by.service ?? '' })
  const amount = by.amount ?? total
  if (amount.lte(ZERO)) return refuse('amount_not_positive', { amount: text(amount) })
  if (amount.gt(total)) return refuse('above_certified', { amount: text(amount), certified: text(total) })
  const withdrawn = takeNewestFirst(meant, amount)
  const lines = certification.lines.flatMap((line) => {
    const left = money(line.amount.minus(postedOf(line, withdrawn)))
    return left.gt(ZERO) ? [{ ...line, amount: left }] : []
  })
  return accept({ lines, withdrawn, fee: lines.length > 0 ? certification.fee : ZERO })
}

/** Takes an amount off lines, the newest bucket first; lines of the same bucket in the order given. */
export function takeNewestFirst(lines: CertifiedLine[], amount: Money): CertifiedLine[] {
  const newestFirst = [...lines].sort((a, b) => (a.period < b.period ? 1 : a.period > b.period ? -1 : 0))
  let left = amount
  return newestFirst.flatMap((line) => {
    const part = line.amount.lt(left) ? line.amount : left
    left = money(left.minus(part))
    return part.gt(ZERO) ? [{ ...line, amount: part }] : []
  })
}

const postedOf = (line: CertifiedLine, posted: CertifiedLine[]): Money =>
  sum(posted.filter((each) => each.service === line.service && each.period === line.period).map((each) => each.amount))
