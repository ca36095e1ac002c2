import type { Day } from '../ledger/calendar.ts'
import { previousPeriod } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import type { Settings } from '../organization/settings.ts'
import type { Candidate } from './candidate-store.ts'
import type { CertifiableFacts, CertificationSettings, MinimumCheck } from './rules.ts'
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

/** An account's facts as the pure rule `certifiable` takes them. */
export function ruleFacts(town: TownFacts, candidate: Candidate): CertifiableFacts {
  const services = town.services.flatMap((service) => {
    const buckets = candidate.buckets.get(service.id)
    if (buckets === undefined) return []
    const { code, name, sort, subject, periods } = service
    return [{ service: code, name, sort, subject, periods, buckets }]
  })
  return {
    services,
    currentPeriod: town.settings.currentPeriod,
    periods: town.periods,
    claims: candidate.claims.map(({ serviceId, period }) => ({
      service: town.byId.get(serviceId)?.code ?? '',
      period,
    })),
    priorBalance: money(candidate.balance.minus(candidate.since)),
    currentBalance: candidate.balance,
    bankrupt: candidate.bankrupt,
    arrangement: false,
    condition: false,
    tenant: candidate.rental && candidate.ownerId !== candidate.customerId,
    sameYear: candidate.sameYear,
  }
}
