import { type BucketKey, type Cut, makeBook, OPEN } from '../../ledger/book.ts'
import type { Day } from '../../ledger/calendar.ts'
import { fromCents } from '../../ledger/money.ts'
import type { ServiceBuckets, ServiceTakeUp } from '../../ledger/reversal.ts'
import { centsText } from './entry.ts'

interface Below {
  at: number
  cents: bigint
  says: string
}

interface Taken {
  creditOf: string
  service: string
  period: Day
  cents: bigint
}

/**
 * The customers' books while a history is read line by line: unpaid by bucket, certified by tax year, held by deposit.
 * What stands below zero in between may be mended by a later line; what still does at the end is a fault of the line
 * that took it there.
 */
export class Books {
  readonly #book = makeBook()
  readonly #services = new Map<string, Set<string>>()
  readonly #certified = new Map<string, bigint>()
  readonly #held = new Map<string, bigint>()
  readonly #taken = new Map<string, Map<string, Taken>>()
  readonly #below = new Map<string, Below>()

  /** A line whose bucket the rules find: a charge ages in its period, a credit is cut oldest first. */
  age(at: number, account: string, service: string, period: Day, cents: bigint): Cut[] {
    this.#note(account, service)
    const cuts =
      cents > 0n ? this.#book.charge(account, service, period, cents) : this.#book.retire(account, service, -cents)
    // What the rules cut cannot take a bucket below zero; it can lift one that another line took there.
    if (this.#below.size > 0) for (const cut of cuts) this.#watch(at, account, service, cut)
    return cuts
  }

  /** A line that names its bucket. */
  post(at: number, account: string, service: string, bucket: BucketKey, cents: bigint): Cut {
    this.#note(account, service)
    const cut = this.#book.post(account, service, bucket, cents)
    this.#watch(at, account, service, cut)
    return cut
  }

  certify(at: number, account: string, taxYear: number, cents: bigint): void {
    const key = `${account}\u0001${taxYear}`
    const balance = (this.#certified.get(key) ?? 0n) + cents
    this.#certified.set(key, balance)
    this.#flag(`certified\u0001${key}`, balance < 0n, {
      at,
      cents: balance,
      says: `the certification balance of ${account} for ${taxYear}`,
    })
  }

  hold(at: number, deposit: string, service: string, cents: bigint): void {
    const key = `${deposit}\u0001${service}`
    const held = (this.#held.get(key) ?? 0n) + cents
    this.#held.set(key, held)
    this.#flag(`deposit\u0001${key}`, held < 0n, { at, cents: held, says: `deposit ${deposit}` })
  }

  /** A charge of a period took up open credit (cents above zero), or gave it back (below). */
  takeUp(account: string, creditOf: string, service: string, period: Day, cents: bigint): void {
    const mine = this.#taken.get(account) ?? new Map<string, Taken>()
    this.#taken.set(account, mine)
    const key = `${creditOf}\u0001${service}\u0001${period}`
    mine.set(key, { creditOf, service, period, cents: (mine.get(key)?.cents ?? 0n) + cents })
  }

  /** True when a bucket of the account stands below zero, or open credit above. */
  needsMending(account: string): boolean {
    if (this.#below.size === 0) return false
    const start = `utility\u0001${account}\u0001`
    return [...this.#below.keys()].some((key) => key.startsWith(start))
  }

  buckets(account: string): ServiceBuckets[] {
    return [...(this.#services.get(account) ?? [])].map((service) => ({
      service: service === '' ? null : service,
      buckets: [...this.#book.buckets(account, service)].map(([period, cents]) => ({
        period,
        unpaid: fromCents(cents),
      })),
    }))
  }

  takeUps(account: string): ServiceTakeUp[] {
    return [...(this.#taken.get(account)?.values() ?? [])]
      .filter((taken) => taken.cents > 0n)
      .map(({ creditOf, service, period, cents }) => ({
        creditOf: creditOf === '' ? null : creditOf,
        service,
        period,
        amount: fromCents(cents),
      }))
  }

  /** What stands below zero at the end, with the line that took it there. */
  *faults(): Generator<{ at: number; reason: string }> {
    for (const { at, cents, says } of this.#below.values()) {
      yield { at, reason: `${says} would stand at ${centsText(cents)}` }
    }
  }

  /** All that is unpaid, for the control totals. */
  *unpaid(): Generator<{ service: string; bucket: BucketKey; cents: bigint }> {
    for (const [account, services] of this.#services) {
      for (const service of services) {
        for (const [bucket, cents] of this.#book.buckets(account, service)) yield { service, bucket, cents }
      }
    }
  }

  certified(): bigint {
    return [...this.#certified.values()].reduce((sum, cents) => sum + cents, 0n)
  }

  held(): bigint {
    return [...this.#held.values()].reduce((sum, cents) => sum + cents, 0n)
  }

  #note(account: string, service: string): void {
    const services = this.#services.get(account)
    if (services) services.add(service)
    else this.#services.set(account, new Set([service]))
  }

  #watch(at: number, account: string, service: string, { period }: Cut): void {
    const unpaid = this.#book.buckets(account, service).get(period) ?? 0n
    const bad = period === OPEN ? unpaid > 0n : unpaid < 0n
    if (!bad && this.#below.size === 0) return
    const what = period === OPEN ? 'open credit' : `what is unpaid in ${period}`
    const says = `${what} of account ${account}${service === '' ? '' : `, service ${service}`}`
    this.#flag(`utility\u0001${account}\u0001${service}\u0001${period}`, bad, { at, cents: unpaid, says })
  }

  #flag(key: string, bad: boolean, below: Below): void {
    if (bad) this.#below.set(key, below)
    else this.#below.delete(key)
  }
}
