import type { Effect } from '../ledger/effect.ts'
import { type Money, text, ZERO } from '../ledger/money.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import type { Certification, Other } from './certification-store.ts'
import { type CertificationUpdate, yearFees } from './update-rules.ts'

/** What one certification comes to: what reverses its earlier update, and what is posted of it. */
export interface Decided {
  certification: Certification
  reversals: NewTransaction[]
  update: CertificationUpdate
  /** The certification that bears its fee from now on, by number; null where the fee stays or drops. */
  feeTo: string | null
}

/**
 * An account's update with the fees of its tax years where they belong (`yearFees`), and the effects on certifications
 * beside it that bear a fee from now on.
 */
export function withYearFees(decided: Decided[], others: Other[]): { decided: Decided[]; effects: Effect[] } {
  const fees = new Map<number, Money>()
  const bearers = new Map<number, string>()
  for (const [taxYear, updated] of Map.groupBy(decided, ({ certification }) => certification.taxYear)) {
    const inYear = updated.map(({ certification: { id, number, fee }, update }) => {
      return { id, number, fee, posts: update.total.gt(ZERO) }
    })
    const beside = others.filter((other) => other.taxYear === taxYear)
    const borne = yearFees(inYear, beside)
    const bearer = [...inYear, ...beside].find(({ id, fee }) => borne.get(id)?.gt(fee))
    if (bearer) bearers.set(taxYear, bearer.number)
    for (const [id, fee] of borne) fees.set(id, fee)
  }
  return {
    decided: decided.map((each) => withFee(each, fees, bearers)),
    effects: others.flatMap((other) => movedFee(other, fees.get(other.id))),
  }
}

function withFee(each: Decided, fees: Map<number, Money>, bearers: Map<number, string>): Decided {
  const { id, fee: before, taxYear } = each.certification
  const fee = fees.get(id) ?? ZERO
  const feeTo = before.gt(fee) ? (bearers.get(taxYear) ?? null) : null
  return { ...each, update: { ...each.update, fee }, feeTo }
}

function movedFee({ id, accountId, number, fee }: Other, becomes: Money | undefined): Effect[] {
  if (becomes === undefined) return []
  const old = { updatedDate: null, withdrawn: false, fee: text(fee) }
  const note = `Certification ${number}, still to be updated, bears the fee of ${text(becomes)}`
  return [{ accountId, kind: 'certification', target: id, old, new: { fee: text(becomes) }, note }]
}
