import type { Effect } from '../ledger/effect.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { certificationSettings } from './candidates.ts'
import type { Certification, Other } from './certification-store.ts'
import { feeFor } from './rules.ts'
import type { TownFacts } from './town-facts.ts'
import { feeOf, type Posting, reversalOf } from './update-postings.ts'
import { type CertificationUpdate, type YearFee, yearFees } from './update-rules.ts'

/** What one certification comes to: what reverses its earlier update, and what is posted of it. */
export interface Decided {
  certification: Certification
  reversals: NewTransaction[]
  update: CertificationUpdate
  /** The certification that bears its fee from now on, by number; null where the fee stays or drops. */
  feeTo: string | null
}

/** A certification beside those of an update that bears `fee` from now on. */
export interface Bearer {
  other: Other
  fee: Money
}

/**
 * An account's update with the fees of its tax years where they belong (`yearFees`), and the certifications beside it
 * that bear a fee from now on. One of which nothing was left when it was updated, and something is now (its payment was
 * taken back), is charged again as Create would charge it today: its own fee dropped, or stands with another of the year.
 */
export function withYearFees(
  decided: Decided[],
  others: Other[],
  town: TownFacts,
): { decided: Decided[]; bearers: Bearer[] } {
  const years = [...Map.groupBy(decided, ({ certification }) => certification.taxYear)].map(([taxYear, updated]) => {
    const beside = others.filter((other) => other.taxYear === taxYear)
    return oneYear(updated, beside, town)
  })
  const fees = new Map(years.flatMap(({ updated }) => updated.map((each) => [each.certification.id, each])))
  return {
    decided: decided.map((each) => fees.get(each.certification.id) ?? each),
    bearers: years.flatMap(({ bearers }) => bearers),
  }
}

function oneYear(updated: Decided[], beside: Other[], town: TownFacts): { updated: Decided[]; bearers: Bearer[] } {
  const changed = charged(updated, beside, town)
  const fees = yearFees(changed, beside)
  const numbered = [...updated.map(({ certification }) => certification), ...beside]
  const bearer = numbered.find(({ id, fee }) =>
    (fees.get(id) ?? ZERO).gt(changed.find((one) => one.id === id)?.fee ?? fee),
  )
  return {
    updated: updated.map((each) => {
      const fee = fees.get(each.certification.id) ?? ZERO
      const lost = each.update.total.lte(ZERO) && each.certification.fee.gt(ZERO)
      return { ...each, update: { ...each.update, fee }, feeTo: lost ? (bearer?.number ?? null) : null }
    }),
    bearers: beside.flatMap((other) => {
      const fee = fees.get(other.id)
      return fee === undefined ? [] : [{ other, fee }]
    }),
  }
}

/** The fees before anything moves: as they are, and charged again where a certification comes back. */
function charged(updated: Decided[], beside: Other[], town: TownFacts): YearFee[] {
  const stay = updated.filter((each) => !comesBack(each))
  const year = {
    certified: sum([...beside.map(({ certified }) => certified), ...stay.map(({ update }) => update.total)]),
    fee: sum([...beside.map(({ fee }) => fee), ...stay.map(({ certification }) => certification.fee)]),
  }
  return updated.map((each) => {
    const { id, fee: before } = each.certification
    const { total } = each.update
    if (!comesBack(each)) return { id, fee: before, stands: total.gt(ZERO) }
    const fee = feeFor(total, year, certificationSettings(town.settings, undefined))
    year.certified = money(year.certified.plus(total))
    year.fee = money(year.fee.plus(fee))
    return { id, fee, stands: true }
  })
}

/** Nothing of it was left when it was updated, and something is now. */
const comesBack = ({ certification: { updatedDate, padjId }, update }: Decided): boolean =>
  updatedDate !== null && padjId === null && update.total.gt(ZERO)

/**
 * A fee that goes to a certification beside those that are changed: to be updated still, the fee is written and posted
 * with its update; updated, its Fee is reversed and posted anew. One that stood in a county file had less there: the
 * county must be told. `place` = where the new Fee stands.
 */
export function bearFee(posting: Posting, { other, fee }: Bearer) {
  const { id, accountId, number, posted, feeTransactionId, countyFile } = other
  const transactions: NewTransaction[] = posted
    ? [...reversalOf(posting, feeTransactionId), feeOf(posting, other, fee)]
    : []
  const note = `Certification ${number}${posted ? '' : ', still to be updated,'} bears the fee of ${text(fee)}`
  const effect = (place: number | null): Effect => ({
    accountId,
    kind: 'certification',
    target: id,
    old: { withdrawn: false, fee: text(other.fee), feeTransactionId },
    new: {
      fee: text(fee),
      ...(posted ? { feeTransactionId: place } : {}),
      ...(countyFile === null ? {} : { countyMustBeTold: true }),
    },
    note,
  })
  return { transactions, effect }
}
