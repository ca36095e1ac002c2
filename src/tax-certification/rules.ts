import { type Bucket, cutoff, isAged, OPEN } from '../ledger/aging.ts'
import { bySort } from '../ledger/allocation.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
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
export type Certifiable = { lines: CertifiedLine[]; certified: Money; fee: Money; tests: Test[]; excluded: boolean }

/**
 * What of an account is certified: per service subject to it, every bucket Certification Periods or more back that no
 * earlier certification claims (domain.md K1-K7, product.md 3.7-3.9). All tests come back, with value, threshold and
 * outcome; an excluded account has no lines and no fee. Equal to the minimum is included. Golden case: 204.55, fee
 * 25.00. A missing parcel number leaves nobody out.
 */
export function certifiable(facts: CertifiableFacts, settings: CertificationSettings): Certifiable {
  const candidates = candidateLines(facts)
  const account = [
    ...exclusionTests(facts, settings),
    somethingTest(candidates),
    ...accountTest(candidates, facts, settings),
  ]
  const services = settings.check === 'service' ? serviceTests(candidates, facts, settings.minimum) : []
  const failed = new Set(services.filter(({ test }) => !test.passed).map(({ service }) => service))
  const lines = account.every((test) => test.passed) ? candidates.filter((line) => !failed.has(line.service)) : []
  const certified = sum(lines.map((line) => line.amount))
  const tests = [...account, ...services.map(({ test }) => test)]
  return { lines, certified, fee: feeFor(certified, facts.sameYear, settings), tests, excluded: lines.length === 0 }
}

/** Amount + round(Rate × certified); nothing certified bears no fee: 204.55 at 25.00 and 0.10 is 45.46 (domain.md K5). */
export function certificationFee(
  certified: Money,
  settings: Pick<CertificationSettings, 'feeAmount' | 'feeRate'>,
): Money {
  if (certified.lte(ZERO)) return ZERO
  return money(settings.feeAmount.plus(money(certified.times(settings.feeRate))))
}

// Once per account and tax year: a later run charges the difference to what the year's whole sum bears, never below 0.
function feeFor(certified: Money, earlier: CertifiableFacts['sameYear'], settings: CertificationSettings): Money {
  if (certified.lte(ZERO)) return ZERO
  const due = money(certificationFee(certified.plus(earlier.certified), settings).minus(earlier.fee))
  return due.gt(ZERO) ? due : ZERO
}

function candidateLines(facts: CertifiableFacts): CertifiedLine[] {
  const claimed = new Set(facts.claims.map((claim) => `${claim.period}/${claim.service}`))
  return bySort(facts.services.filter(({ subject }) => subject)).flatMap(({ service, periods, buckets }) => {
    const limit = cutoff(periods, facts.currentPeriod, facts.periods)
    return buckets
      .filter((bucket) => isAged(bucket, limit) && bucket.unpaid.gt(ZERO))
      .filter((bucket) => bucket.period !== OPEN && !claimed.has(`${bucket.period}/${service}`))
      .map((bucket) => ({ service, period: bucket.period, amount: bucket.unpaid }))
      .sort((a, b) => (a.period < b.period ? -1 : 1))
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

function somethingTest(candidates: CertifiedLine[]): Test {
  const total = sum(candidates.map((line) => line.amount))
  return { ...minimumTest('Unpaid and older than the current portion', total, ZERO), threshold: '0.01' }
}

function accountTest(candidates: CertifiedLine[], facts: CertifiableFacts, settings: CertificationSettings): Test[] {
  const total = sum(candidates.map((line) => line.amount))
  const { check, minimum } = settings
  if (check === 'delinquent') return [minimumTest(`${MINIMUM}, total delinquent balance`, total, minimum)]
  if (check === 'prior') return [reachTest(`${MINIMUM}, prior account balance`, facts.priorBalance, minimum)]
  if (check === 'current') return [reachTest(`${MINIMUM}, current account balance`, facts.currentBalance, minimum)]
  return []
}

function serviceTests(candidates: CertifiedLine[], facts: CertifiableFacts, minimum: Money) {
  const services = [...new Set(candidates.map((line) => line.service))]
  return services.map((service) => {
    const total = sum(candidates.filter((line) => line.service === service).map((line) => line.amount))
    const name = facts.services.find((each) => each.service === service)?.name ?? service
    return { service, test: minimumTest(`${MINIMUM}, delinquent balance of ${name}`, total, minimum) }
  })
}

// The balance of an account may be zero or a credit while an old bucket is unpaid: the minimum alone decides.
const reachTest = (test: string, value: Money, minimum: Money): Test => {
  return { test, value: text(value), threshold: text(minimum), passed: value.gte(minimum) }
}

const MINIMUM = 'Certification minimum balance'
