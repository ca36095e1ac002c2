import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { text } from '../ledger/money.ts'
import { candidates } from './candidate-store.ts'
import { agedFrom, certificationSettings, priorPeriod, ruleFacts } from './candidates.ts'
import { protections } from './protections.ts'
import { certifiable } from './rules.ts'
import { townFacts } from './town-facts.ts'

export interface ListedCandidate {
  accountNumber: string
  parcelNumber: string
  balance: string
  certified: string
  fee: string
}

/** Whom Create Tax Certification Records would certify today for a tax year, by the organization's settings. */
export async function candidatesOf(db: Db, taxYear: number, today: Day): Promise<ListedCandidate[]> {
  const town = await townFacts(db)
  const settings = certificationSettings(town.settings, undefined)
  const found = await candidates(db, {
    selected: undefined,
    taxYear,
    priorTo: priorPeriod(town, settings.check),
    agedFrom: agedFrom(town),
  })
  const kept = await protections(db, settings, today)
  return found.flatMap((candidate) => {
    const { excluded, certified, fee } = certifiable(ruleFacts(town, candidate, kept), settings)
    if (excluded) return []
    const { number, parcelNumber, balance } = candidate
    return [
      {
        accountNumber: number,
        parcelNumber: parcelNumber ?? '',
        balance: text(balance),
        certified: text(certified),
        fee: text(fee),
      },
    ]
  })
}
