import { ageOf, bucketSum, cutoff, isAged, OPEN } from '../ledger/aging.ts'
import type { BucketKey } from '../ledger/book.ts'
import { type Day, formatDay, previousPeriod } from '../ledger/calendar.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'
import type { Test } from '../organization/rules.ts'
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

/** What Create Tax Certification Records keeps of an account with its run: what the rule used, amounts as text. */
export type CreatedFacts = {
  currentPeriod: Day
  /** Those subject to certification; a bucket is its period or `open`, what was unpaid, and whether it was certified. */
  services: { code: string; name: string; periods: number; buckets: (readonly [BucketKey, string, boolean])[] }[]
  claims: { service: string; period: Day }[]
  tests: Test[]
  fee: { amount: string; rate: string; certified: string; earlier: { certified: string; fee: string }; charged: string }
  marks: string[]
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

/** The same of what a run certified, by the settings, buckets and claims of its time (product.md 1.6). */
export function explainCreatedServices(facts: CreatedFacts, periods: Day[]): ExplainedService[] {
  const then = { currentPeriod: facts.currentPeriod, periods, claims: facts.claims }
  return facts.services.map(({ code, name, periods: kept, buckets }) => {
    const unpaid = buckets.map(([period, amount]) => ({ period, unpaid: money(amount) }))
    return explainCertified({ service: code, name, sort: 0, subject: true, periods: kept, buckets: unpaid }, then)
  })
}

/** The tests that the account met, and the worked sum of its fee. */
export function explainCreatedTests({ tests, fee }: CreatedFacts): string[] {
  return [...tests.map((test) => `${test.test}: ${test.value}, needed ${test.threshold}`), explainFee(fee)]
}

function explainFee({ amount, rate, certified, earlier, charged }: CreatedFacts['fee']): string {
  const worked = `Fee ${charged}: ${amount} plus ${rate} of ${certified}`
  return earlier.fee === '0.00' ? worked : `${worked}, less ${earlier.fee} charged earlier in this tax year`
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
