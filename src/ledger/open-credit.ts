import { type Bucket, charge, OPEN } from './aging.ts'
import type { Day } from './calendar.ts'
import { cents, fromCents, lesser, type Money } from './money.ts'
import type { ServicePosting } from './reversal.ts'

/**
 * A charge on a service of an account that also holds open credit of its own (zero or below): the service's open
 * credit is taken up first, then the account's (domain.md O4). One posting per service and bucket; together they are
 * the charge.
 */
export function chargeService(
  service: string,
  buckets: Bucket[],
  accountCredit: Money,
  period: Day,
  amount: Money,
): ServicePosting[] {
  const own = charge(buckets, period, amount)
  const unpaid = cents(own.find((line) => line.period === period)?.amount ?? fromCents(0n))
  const taken = lesser(-cents(accountCredit), unpaid)
  if (taken <= 0n) return own.map((line) => ({ ...line, service }))
  const rest = own.map((line) => (line.period === period ? { ...line, amount: fromCents(unpaid - taken) } : line))
  const kept = rest.filter((line) => cents(line.amount) !== 0n).map((line) => ({ ...line, service }))
  return [...kept, { service: null, period: OPEN, amount: fromCents(taken) }]
}
