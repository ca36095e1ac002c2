import { type Bucket, cutoff, isAged, OPEN } from '../ledger/aging.ts'
import { bySort } from '../ledger/allocation.ts'
import type { Day } from '../ledger/calendar.ts'
import { isPositive, type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { minimumTest, type Test } from '../organization/rules.ts'

/** What the minimum balance is compared with (domain.md 2.20). */
export type MinimumCheck = 'ignore' | 'service' | 'delinquent' | 'prior' | 'current'

export type CertificationSettings = {
  minimum: Money
  check: MinimumCheck
  feeAmount: Money
  /** A fraction with up to six decimals, as text: `0.10` is ten per cent. */
  feeRate: string
  certifyBankrupt: boolean
  certifyWithArrangement: boolean
  certifyWithCondition: boolean
  /** Whether what a tenant owes is certified to the parcel (product.md 3.14). */
  certifyTenantDebt: boolean
}

export type CertifiableService = {
  service: string
  name: string
  sort: number
  /** Subject to Tax Certification. */
  subject: boolean
  /** Certification Periods: how many of the newest periods are the current portion. */
  periods: number
  buckets: Bucket[]
}

export type CertifiableFacts = {
  services: CertifiableService[]
  currentPeriod: Day
  periods: Day[]
  /** Buckets named by certifications that are not updated: they are not certified again. */
  claims: { service: string; period: Day }[]
  /** The account's balance at the end of the previous period, and now. */
  priorBalance: Money
  currentBalance: Money
  bankrupt: boolean
  /** A current payment arrangement; a special condition that exempts from certification. */
  arrangement: boolean
  condition: boolean
  /** A rental whose owner is not the account's customer. */
  tenant: boolean
  /** Certified (less withdrawn and paid before update) and its fee, in earlier certifications of the same tax year. */
  sameYear: { certified: Money; fee: Money }
}

export type CertifiedLine = { service: string; period: Day; amount: Money }
/** `services` adds the lines up per service, in their order. */
export type Certifiable = {
  lines: CertifiedLine[]
  services: { service: string; amount: Money }[]
  certified: Money
  fee: Money
  tests: Test[]
  excluded: boolean
}

/**
 * What of an account is certified: per service subject to it, every bucket Certification Periods or more back that no
 * earlier certification claims (domain.md K1-K7, product.md 3.7-3.9). All tests come back, with value, threshold and
 * outcome; an excluded account has no lines and no fee. Equal to the minimum is included. Golden case: 204.55, fee
 * 25.00. A missing parcel number leaves nobody out.
 */
export function certifiable(facts: CertifiableFacts, settings: CertificationSettings): Certifiable {
  const candidates = candidateServices(facts)
  const total = sum(candidates.map(({ amount }) => amount))
  const account = [
    ...exclusionTests(facts, settings),
    candidates.length === 0 ? NOTHING : somethingTest(total),
    ...accountTest(total, facts, settings),
  ]
  const services = settings.check === 'service' ? serviceTests(candidates, settings.minimum) : []
  const passed = account.every((test) => test.passed)
  const taken = passed ? candidates.filter((_, place) => services[place]?.passed ?? true) : []
  const certified = sum(taken.map(({ amount }) => amount))
  return {
    lines: taken.flatMap(({ lines }) => lines),
    services: taken.map(({ service, amount }) => ({ service, amount })),
    certified,
    fee: feeFor(certified, facts.sameYear, settings),
    tests: [...account, ...services],
    excluded: taken.length === 0,
  }
}

/**
 * The newest period that any service certifies: an account without a bucket of it or an older one has nothing to
 * certify. Undefined where nothing can be said so, because a service certifies every period or none is certified.
 */
export function newestCertifiable(
  services: Pick<CertifiableService, 'subject' | 'periods'>[],
  currentPeriod: Day,
  periods: Day[],
): Day | undefined {
  const limits = services.filter(({ subject }) => subject).map((each) => cutoff(each.periods, currentPeriod, periods))
  return limits.includes(undefined) ? undefined : limits.sort().at(-1)
}

type FeeTerms = Pick<CertificationSettings, 'feeAmount' | 'feeRate'>

/** Amount + round(Rate × certified); nothing certified bears no fee: 204.55 at 25.00 and 0.10 is 45.46 (domain.md K5). */
export function certificationFee(certified: Money, settings: FeeTerms): Money {
  if (certified.lte(ZERO)) return ZERO
  return money(settings.feeAmount.plus(money(certified.times(settings.feeRate))))
}

/**
 * The fee that `certified` is charged beside what else stands of the tax year: once per account and tax year, so the
 * difference to what the year's whole sum bears, never below 0.00 (product.md 3.8).
 */
export function feeFor(certified: Money, earlier: CertifiableFacts['sameYear'], settings: FeeTerms): Money {
  if (certified.lte(ZERO)) return ZERO
  const due = money(certificationFee(certified.plus(earlier.certified), settings).minus(earlier.fee))
  return due.gt(ZERO) ? due : ZERO
}

type CandidateService = { service: string; name: string; lines: CertifiedLine[]; amount: Money }

function candidateServices(facts: CertifiableFacts): CandidateService[] {
  if (facts.services.length === 0) return []
  return bySort(facts.services.filter(({ subject }) => subject)).flatMap(({ service, name, periods, buckets }) => {
    const limit = cutoff(periods, facts.currentPeriod, facts.periods)
    const claimed = facts.claims.filter((claim) => claim.service === service).map(({ period }) => period)
    const lines: CertifiedLine[] = []
    for (const bucket of buckets) {
      if (bucket.period === OPEN || !isAged(bucket, limit) || !isPositive(bucket.unpaid)) continue
      if (claimed.includes(bucket.period)) continue
      lines.push({ service, period: bucket.period, amount: bucket.unpaid })
    }
    if (lines.length === 0) return []
    lines.sort((a, b) => (a.period < b.period ? -1 : 1))
    return [{ service, name, lines, amount: sum(lines.map((line) => line.amount)) }]
  })
}

function exclusionTests(facts: CertifiableFacts, settings: CertificationSettings): Test[] {
  const tests: Test[] = []
  if (!settings.certifyBankrupt) tests.push(absent('Bankrupt', facts.bankrupt))
  if (!settings.certifyWithArrangement) tests.push(absent('Current arrangement', facts.arrangement))
  if (!settings.certifyWithCondition)
    tests.push(absent('Special condition that exempts from certification', facts.condition))
  if (!settings.certifyTenantDebt) tests.push(absent('Debt of a tenant', facts.tenant))
  return tests
}

const absent = (test: string, has: boolean): Test => {
  return { test, value: has ? 'yes' : 'no', threshold: 'no', passed: !has }
}

function somethingTest(total: Money): Test {
  return { ...minimumTest('Unpaid and older than the current portion', total, ZERO), threshold: '0.01' }
}

// What a run says of most of a town's accounts.
const NOTHING = Object.freeze(somethingTest(ZERO))

function accountTest(total: Money, facts: CertifiableFacts, settings: CertificationSettings): Test[] {
  const { check, minimum } = settings
  if (check === 'delinquent') return [minimumTest(`${MINIMUM}, total delinquent balance`, total, minimum)]
  if (check === 'prior') return [reachTest(`${MINIMUM}, prior account balance`, facts.priorBalance, minimum)]
  if (check === 'current') return [reachTest(`${MINIMUM}, current account balance`, facts.currentBalance, minimum)]
  return []
}

const serviceTests = (candidates: CandidateService[], minimum: Money): Test[] =>
  candidates.map(({ name, amount }) => minimumTest(`${MINIMUM}, delinquent balance of ${name}`, amount, minimum))

// The balance of an account may be zero or a credit while an old bucket is unpaid: the minimum alone decides.
const reachTest = (test: string, value: Money, minimum: Money): Test => {
  return { test, value: text(value), threshold: text(minimum), passed: value.gte(minimum) }
}

const MINIMUM = 'Certification minimum balance'
