import { cents, compareNumbers, fromCents, lesser, type Money, sum, text, ZERO } from './money.ts'
import { accept, type Result, refuse } from './result.ts'
import { shareOut } from './share.ts'

export type AllocationMethod = 'percentage' | 'listed'
export type ListedTier = 'first' | 'second' | 'third'
export type Tier = ListedTier | 'unlisted'

export type AllocationSettings = Record<ListedTier, string[]> & {
  methods: Record<ListedTier, AllocationMethod>
  payPastDueFirst: boolean
}

/** A service of the account: its whole balance, current charges included, and how much of it is past due. */
export type Owed = { service: string; sort: number; balance: Money; pastDue: Money }
export type ServiceShare = { service: string; amount: Money }

/** What one tier did, kept so that the allocation can be explained later. */
export type AllocationStep = {
  tier: Tier
  method: AllocationMethod
  part: 'balance' | 'past_due' | 'current'
  available: Money
  owed: Money
  shares: { service: string; owed: Money; amount: Money }[]
}
export type Allocation = { allocations: ServiceShare[]; rest: Money; steps: AllocationStep[] }

export const DEFAULT_ALLOCATION: AllocationSettings = {
  first: [],
  second: [],
  third: [],
  methods: { first: 'percentage', second: 'listed', third: 'listed' },
  payPastDueFirst: false,
}

const LISTED: ListedTier[] = ['first', 'second', 'third']

type Round = { part: AllocationStep['part']; owed: (service: Owed, given: bigint) => bigint }

const BALANCE: Round = { part: 'balance', owed: (service, given) => atLeastZero(cents(service.balance) - given) }
const PAST_DUE: Round = { part: 'past_due', owed: (service) => lesser(cents(service.pastDue), cents(service.balance)) }

/**
 * Pays the services' balances tier by tier: First, Second, Third Priority Services, then those in no list by
 * percentage (domain.md P1-P8, product.md 3.1). With `payPastDueFirst` the past due of all tiers comes before the
 * current of any. What no balance takes is the rest. Refuses an amount that is not above zero and a service in two
 * places of the lists.
 */
export function allocatePayment(amount: Money, services: Owed[], settings: AllocationSettings): Result<Allocation> {
  if (amount.lte(ZERO)) return refuse('amount_not_positive', { amount: text(amount) })
  const twice = listedTwice(settings)
  if (twice !== undefined) return refuse('service_listed_twice', { service: twice })
  const given = new Map<string, bigint>()
  const steps: AllocationStep[] = []
  let left = cents(amount)
  for (const round of settings.payPastDueFirst ? [PAST_DUE, { ...BALANCE, part: 'current' as const }] : [BALANCE]) {
    for (const tier of tiersOf(settings, services)) {
      const step = payTier(tier, round, left, given)
      if (step === undefined) continue
      steps.push(step)
      for (const share of step.shares) given.set(share.service, (given.get(share.service) ?? 0n) + cents(share.amount))
      left -= cents(sum(step.shares.map((share) => share.amount)))
    }
  }
  return accept({ allocations: inPayoffOrder(given, settings, services), rest: fromCents(left), steps })
}

/**
 * The clerk's own allocation (domain.md P9). Each named service must be on the account or owe, none may get more than
 * its balance, and together they may not exceed the amount; what is left is the rest, for the overpayment rule.
 */
export function manualAllocation(
  amount: Money,
  wanted: ServiceShare[],
  services: Owed[],
): Result<{ allocations: ServiceShare[]; rest: Money }> {
  if (amount.lte(ZERO)) return refuse('amount_not_positive', { amount: text(amount) })
  const seen = new Set<string>()
  for (const share of wanted) {
    const owed = services.find((service) => service.service === share.service)
    if (owed === undefined) return refuse('service_not_on_account', { service: share.service })
    if (seen.has(share.service)) return refuse('service_listed_twice', { service: share.service })
    if (share.amount.lte(ZERO))
      return refuse('amount_not_positive', { service: share.service, amount: text(share.amount) })
    if (share.amount.gt(owed.balance)) return refuse('above_balance', aboveBalance(share, owed))
    seen.add(share.service)
  }
  const named = sum(wanted.map((share) => share.amount))
  if (named.gt(amount)) return refuse('allocations_above_amount', { amount: text(amount), allocated: text(named) })
  return accept({ allocations: wanted, rest: fromCents(cents(amount) - cents(named)) })
}

/** Payoff Order: First, Second, Third read through, then the rest by the services' `sort`, then code (product.md 3.2). */
export function payoffOrder(
  settings: Pick<AllocationSettings, ListedTier>,
  services: { service: string; sort: number }[],
): string[] {
  const known = new Set(services.map((service) => service.service))
  const listed = LISTED.flatMap((tier) => settings[tier]).filter((service) => known.has(service))
  const rest = bySort(services).map((service) => service.service)
  return [...new Set([...listed, ...rest])]
}

/** Services by `sort`, then code: the order of ties and of services in no list. */
export function bySort<T extends { service: string; sort: number }>(services: T[]): T[] {
  return [...services].sort((a, b) => a.sort - b.sort || compareNumbers(a.service, b.service))
}

/** The first service that stands twice in the three lists; a service has one place only (domain.md P6). */
export function listedTwice(settings: Pick<AllocationSettings, ListedTier>): string | undefined {
  const all = LISTED.flatMap((tier) => settings[tier])
  return all.find((service, at) => all.indexOf(service) !== at)
}

type TierServices = { tier: Tier; method: AllocationMethod; services: Owed[] }

function tiersOf(settings: AllocationSettings, services: Owed[]): TierServices[] {
  const byCode = new Map(services.map((service) => [service.service, service]))
  if (byCode.size !== services.length) throw new Error('a service stands twice among the balances')
  const tiers = LISTED.map((tier): TierServices => {
    const listed = settings[tier].flatMap((code) => byCode.get(code) ?? [])
    return { tier, method: settings.methods[tier], services: listed }
  })
  const named = new Set(LISTED.flatMap((tier) => settings[tier]))
  const unlisted = bySort(services.filter((service) => !named.has(service.service)))
  return [...tiers, { tier: 'unlisted', method: 'percentage', services: unlisted }]
}

function payTier(
  tier: TierServices,
  round: Round,
  left: bigint,
  given: Map<string, bigint>,
): AllocationStep | undefined {
  const ordered = tier.method === 'percentage' ? bySort(tier.services) : tier.services
  const owing = ordered
    .map((service) => ({ service: service.service, owed: round.owed(service, given.get(service.service) ?? 0n) }))
    .filter((service) => service.owed > 0n)
  const total = owing.reduce((all, service) => all + service.owed, 0n)
  if (left === 0n || total === 0n) return undefined
  const owed = owing.map((service) => service.owed)
  const parts = tier.method === 'percentage' ? shareOut(lesser(left, total), owed) : inTurn(left, owed)
  const shares = owing.map((service, at) => {
    return { service: service.service, owed: fromCents(service.owed), amount: fromCents(parts[at] ?? 0n) }
  })
  const money = { available: fromCents(left), owed: fromCents(total) }
  return { tier: tier.tier, method: tier.method, part: round.part, ...money, shares }
}

/** Pays each in full before the next (domain.md P3). */
function inTurn(amount: bigint, owed: bigint[]): bigint[] {
  let left = amount
  return owed.map((each) => {
    const part = lesser(left, each)
    left -= part
    return part
  })
}

function inPayoffOrder(given: Map<string, bigint>, settings: AllocationSettings, services: Owed[]): ServiceShare[] {
  return payoffOrder(settings, services).flatMap((service) => {
    const share = given.get(service) ?? 0n
    return share > 0n ? [{ service, amount: fromCents(share) }] : []
  })
}

const aboveBalance = (share: ServiceShare, owed: Owed): Record<string, string> => {
  return { service: share.service, amount: text(share.amount), balance: text(owed.balance) }
}

const atLeastZero = (a: bigint): bigint => (a > 0n ? a : 0n)
