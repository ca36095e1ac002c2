import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, text } from '../ledger/money.ts'
import type { Test } from '../runs/stage.ts'
import { candidates } from './candidate-store.ts'
import { certificationSettings, priorPeriod, ruleFacts } from './candidates.ts'
import { type CertificationCase, caseOf } from './case-store.ts'
import { type ExplainedService, explainCertified } from './explain-rules.ts'
import { mustHaveAccount } from './posting-parts.ts'
import { protections } from './protections.ts'
import { certifiable } from './rules.ts'
import { townFacts } from './town-facts.ts'

/** Why what an account owes would or would not be certified now, and what was certified of it in a tax year. */
export interface CertificationExplanation {
  taxYear: number
  currentPeriod: Day
  /** What Create Tax Certification Records would certify today. */
  certifiable: string
  fee: string
  tests: Test[]
  services: ExplainedService[]
  case: CertificationCase | undefined
}

/**
 * The derivation that the account page opens (000-046): per service its setting, the current portion and each unpaid
 * period with the reason, the tests of the account, and the certifications of the tax year. Asks the functions that
 * decide. An account that owes nothing has no services and no tests.
 */
export async function explainCertification(
  db: Db,
  accountNumber: string,
  taxYear: number,
  today: Day,
): Promise<CertificationExplanation> {
  const account = await mustHaveAccount(db, accountNumber)
  const town = await townFacts(db)
  const settings = certificationSettings(town.settings, undefined)
  const priorTo = priorPeriod(town, settings.check)
  const [candidate] = await candidates(db, { selected: [account.id], taxYear, priorTo, agedFrom: undefined })
  const kept = await protections(db, settings, today)
  const facts = candidate && ruleFacts(town, candidate, kept)
  const result = facts && certifiable(facts, settings)
  const [mine] = await caseOf(db, taxYear, accountNumber)
  return {
    taxYear,
    currentPeriod: town.settings.currentPeriod,
    certifiable: written(result?.certified),
    fee: written(result?.fee),
    tests: result?.tests ?? [],
    services: facts?.services.map((service) => explainCertified(service, facts)) ?? [],
    case: mine,
  }
}

const written = (amount: Money | undefined): string => (amount === undefined ? '0.00' : text(amount))
