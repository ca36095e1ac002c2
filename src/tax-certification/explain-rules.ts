import { ageOf, bucketSum, cutoff, isAged, OPEN } from '../ledger/aging.ts'
import { type Day, formatDay, previousPeriod } from '../ledger/calendar.ts'
import { type Money, text, ZERO } from '../ledger/money.ts'
import type { CertifiableFacts, CertifiableService } from './rules.ts'

export type ExplainedPeriod = { period: Day; unpaid: Money; age: number; certified: boolean; why: string }
export type ExplainedService = {
  service: string
  name: string
  setting: string
  currentPortion: Day[]
  periods: ExplainedPeriod[]
  certified: Money
}

type Facts = Pick<CertifiableFacts, 'currentPeriod' | 'periods' | 'claims'>

/**
 * Why a period of a service was or was not certified, in plain words: the service's setting, which periods are the
 * current portion, and each unpaid period's amount, newest first (coverage 000-042 to 000-046). It asks the functions
 * that decide; whether the account as a whole reaches the minimum is said by the tests of `certifiable`.
 */
export function explainCertified(service: CertifiableService, facts: Facts): ExplainedService {
  const limit = cutoff(service.periods, facts.currentPeriod, facts.periods)
  const unpaid = service.buckets.filter((bucket) => bucket.period !== OPEN && bucket.unpaid.gt(ZERO))
  const periods = unpaid
    .map((bucket) => explainPeriod(service, bucket.period, bucket.unpaid, isAged(bucket, limit), facts))
    .sort((a, b) => (a.period > b.period ? -1 : 1))
  const certified = bucketSum(periods.filter((each) => each.certified))
  return { service: service.service, name: service.name, ...currentPortion(service, facts), periods, certified }
}

function currentPortion(
  service: CertifiableService,
  facts: Facts,
): Pick<ExplainedService, 'setting' | 'currentPortion'> {
  if (!service.subject) return { setting: `${service.name} is not subject to tax certification.`, currentPortion: [] }
  const periods = newestPeriods(service.periods, facts)
  const days = periods.map(formatDay).join(', ')
  const kept = periods.length === 0 ? 'there is no current portion' : `the current portion is ${days}`
  const setting = `Certification Periods of ${service.name} is ${service.periods}, the current period is ${formatDay(facts.currentPeriod)}: ${kept}.`
  return { setting, currentPortion: periods }
}

function newestPeriods(count: number, facts: Facts): Day[] {
  const periods: Day[] = []
  let period = facts.currentPeriod
  while (periods.length < count) {
    periods.push(period)
    period = previousPeriod(period, facts.periods)
  }
  return periods
}

function explainPeriod(
  service: CertifiableService,
  period: Day,
  unpaid: Money,
  isOld: boolean,
  facts: Facts,
): ExplainedPeriod {
  const age = ageOf(period, facts.currentPeriod, facts.periods)
  const claimed = facts.claims.some((claim) => claim.service === service.service && claim.period === period)
  const reason = reasonFor(service, age, isOld, claimed)
  const why = `${formatDay(period)}: ${text(unpaid)} unpaid, ${reason.why}.`
  return { period, unpaid, age, certified: reason.certified, why }
}

function reasonFor(service: CertifiableService, age: number, isOld: boolean, claimed: boolean) {
  if (!service.subject) return { certified: false, why: 'the service is not subject to tax certification' }
  if (!isOld) return { certified: false, why: 'part of the current portion' }
  if (claimed) return { certified: false, why: 'certified already and not yet updated' }
  return { certified: true, why: `${age} ${age === 1 ? 'period' : 'periods'} back, older than the current portion` }
}
