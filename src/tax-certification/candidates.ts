import type { Day } from '../ledger/calendar.ts'
import { previousPeriod } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import type { Settings } from '../organization/settings.ts'
import type { Candidate } from './candidate-store.ts'
import type { Protections } from './protections.ts'
import {
  type CertifiableFacts,
  type CertifiableService,
  type CertificationSettings,
  type MinimumCheck,
  newestCertifiable,
} from './rules.ts'
import type { TownFacts } from './town-facts.ts'

/** The organization's settings as the rule asks for them; `check` of the run itself comes first. */
export function certificationSettings(settings: Settings, check: MinimumCheck | undefined): CertificationSettings {
  return {
    minimum: settings.certificationMinimumBalance,
    check: check ?? settings.certificationMinimumCheck,
    feeAmount: settings.certificationFeeAmount,
    feeRate: settings.certificationFeeRate.toFixed(),
    certifyBankrupt: settings.certifyBankrupt,
    certifyWithArrangement: settings.certifyWithArrangement,
    certifyWithCondition: settings.certifyWithCondition,
    certifyTenantDebt: settings.certifyTenantDebt,
  }
}

/** The period whose end the minimum check *prior account balance* looks at; undefined for the other checks. */
export function priorPeriod(town: TownFacts, check: MinimumCheck): Day | undefined {
  return check === 'prior' ? previousPeriod(town.settings.currentPeriod, town.periods) : undefined
}

/** The period from which on back buckets matter to a run for everyone. */
export const agedFrom = (town: TownFacts): Day | undefined =>
  newestCertifiable(town.services, town.settings.currentPeriod, town.periods)

/** An account's facts as the pure rule `certifiable` takes them. */
export function ruleFacts(town: TownFacts, candidate: Candidate, protections: Protections): CertifiableFacts {
  const services = candidate.buckets.size === 0 ? [] : servicesOf(town, candidate.buckets)
  return {
    services,
    currentPeriod: town.settings.currentPeriod,
    periods: town.periods,
    claims: claimsOf(town, candidate),
    priorBalance: candidate.since === undefined ? candidate.balance : money(candidate.balance.minus(candidate.since)),
    currentBalance: candidate.balance,
    bankrupt: candidate.bankrupt,
    arrangement: protections.arranged.has(candidate.id),
    condition: protections.exempt.has(candidate.id),
    tenant: candidate.rental && candidate.ownerId !== candidate.customerId,
    sameYear: candidate.sameYear,
  }
}

/** The buckets of an account that certifications not yet updated name, by service code. */
export const claimsOf = (town: TownFacts, { claims }: Candidate): CertifiableFacts['claims'] =>
  claims.map(({ serviceId, period }) => ({ service: town.byId.get(serviceId)?.code ?? '', period }))

function servicesOf(town: TownFacts, owed: Candidate['buckets']): CertifiableService[] {
  return town.services.flatMap(({ id, code, name, sort, subject, periods }) => {
    const buckets = owed.get(id)
    return buckets === undefined ? [] : [{ service: code, name, sort, subject, periods, buckets }]
  })
}
