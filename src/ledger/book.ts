import type { Day } from './calendar.ts'
import { lesser } from './money.ts'

/** The bucket of open credit: what was paid ahead and the next charge takes up. */
export const OPEN = 'open'
export type Open = typeof OPEN
export type BucketKey = Day | Open

/** A change of one bucket, in cents. */
export type Cut = { period: BucketKey; cents: bigint }

/** What is unpaid by period, in cents. A bucket at zero has no entry. */
export type CentsBuckets = Map<BucketKey, bigint>

/**
 * Cuts a credit (cents above zero): the oldest unpaid period first, the rest into open credit (product.md 1.1).
 * Changes the buckets and returns the cuts, one per bucket.
 */
export function retireCents(buckets: CentsBuckets, credit: bigint): Cut[] {
  if (credit <= 0n) throw new RangeError('a credit to retire is above zero')
  const cuts: Cut[] = []
  let rest = credit
  for (const period of unpaidPeriods(buckets)) {
    const unpaid = buckets.get(period) ?? 0n
    const part = lesser(unpaid, rest)
    cuts.push(apply(buckets, period, -part))
    rest -= part
    if (rest === 0n) return cuts
  }
  cuts.push(apply(buckets, OPEN, -rest))
  return cuts
}

/**
 * Opens a period's bucket with a charge (cents above zero) and takes up open credit, netted per bucket: a charge of
 * 50.00 on an open credit of 20.00 is 30.00 in the period and 20.00 on open credit, together the charge.
 */
export function chargeCents(buckets: CentsBuckets, period: Day, charge: bigint): Cut[] {
  if (charge <= 0n) throw new RangeError('a charge is above zero')
  const credit = -(buckets.get(OPEN) ?? 0n)
  const taken = credit <= 0n ? 0n : lesser(credit, charge)
  const cuts: Cut[] = []
  if (charge > taken) cuts.push(apply(buckets, period, charge - taken))
  if (taken > 0n) cuts.push(apply(buckets, OPEN, taken))
  return cuts
}

/** Moves one bucket and forgets it at zero. */
export function apply(buckets: CentsBuckets, period: BucketKey, cents: bigint): Cut {
  const unpaid = (buckets.get(period) ?? 0n) + cents
  if (unpaid === 0n) buckets.delete(period)
  else buckets.set(period, unpaid)
  return { period, cents }
}

/** The periods with something unpaid, oldest first. */
export function unpaidPeriods(buckets: CentsBuckets): Day[] {
  const periods: Day[] = []
  for (const [period, unpaid] of buckets) if (period !== OPEN && unpaid > 0n) periods.push(period)
  return periods.sort()
}

export type Book = {
  charge(account: string, service: string, period: Day, cents: bigint): Cut[]
  retire(account: string, service: string, cents: bigint): Cut[]
  /** A line that names its bucket is taken as it is. */
  post(account: string, service: string, period: BucketKey, cents: bigint): Cut
  buckets(account: string, service: string): ReadonlyMap<BucketKey, bigint>
}

/** The running buckets of many accounts, for reading a long history line by line. */
export function makeBook(): Book {
  const accounts = new Map<string, Map<string, CentsBuckets>>()
  const open = (account: string, service: string): CentsBuckets => {
    const services = entry(accounts, account, () => new Map<string, CentsBuckets>())
    return entry(services, service, () => new Map<BucketKey, bigint>())
  }
  return {
    charge: (account, service, period, cents) => chargeCents(open(account, service), period, cents),
    retire: (account, service, cents) => retireCents(open(account, service), cents),
    post: (account, service, period, cents) => apply(open(account, service), period, cents),
    buckets: open,
  }
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
