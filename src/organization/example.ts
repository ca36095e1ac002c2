import type { Db } from '../db/db.ts'
import { bucketSum } from '../ledger/aging.ts'
import type { AllocationSettings } from '../ledger/allocation.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Explanation, explainAllocation } from '../ledger/explain.ts'
import { type Money, sum, text, ZERO } from '../ledger/money.ts'
import type { OverpaymentMethod } from '../ledger/overpayment.ts'
import { payable } from '../payments/facts.ts'
import { decidePayment, type PaymentDecision, type PaymentFacts } from '../payments/rules.ts'
import type { AllocationLists } from './rules.ts'
import { exampleAccount } from './store.ts'

/** The allocation as the screen has it, stored or not. */
export interface Draft {
  lists: AllocationLists
  methods: AllocationSettings['methods']
  payPastDueFirst: boolean
  overpaymentMethod: OverpaymentMethod
}

export interface ExampleRow {
  order: string
  service: string
  owed: string
  paid: string
  over: string
  left: string
}

export interface Example {
  account: string
  customer: string
  rows: ExampleRow[]
  total: Omit<ExampleRow, 'order' | 'service'>
  says: Explanation[]
}

/**
 * What a payment of this amount on this account would pay under the draft: the same function that posts decides it.
 * Without an account, one that owes on many services. Undefined when no account owes anything.
 */
export async function workedExample(
  db: Db,
  draft: Draft,
  wanted: { amount: Money; account: string; date: Day },
): Promise<Example | undefined> {
  const number = wanted.account || (await exampleAccount(db))
  if (!number) return undefined
  const { account, facts } = await payable(db, number, wanted.date)
  const { first, second, third, overpayment: listed, exclude } = draft.lists
  const drafted: PaymentFacts = {
    ...facts,
    deferred: undefined,
    settings: { first, second, third, methods: draft.methods, payPastDueFirst: draft.payPastDueFirst },
    overpayment: { method: draft.overpaymentMethod, listed, exclude },
  }
  const decided = decidePayment(drafted, wanted.amount)
  if (!decided.ok) return undefined
  const names = Object.fromEntries(account.services.map((service) => [service.code, service.name]))
  const { overpayment, basis } = decided.value
  return {
    account: account.number,
    customer: account.customerName,
    ...tableOf(drafted, decided.value, names),
    says: explainAllocation(decided.value, { ...basis, shares: overpayment }, names),
  }
}

function tableOf(
  facts: PaymentFacts,
  decision: PaymentDecision,
  names: Record<string, string>,
): Pick<Example, 'rows' | 'total'> {
  const share = (list: { service: string | null; amount: Money }[], service: string | null) =>
    sum(list.filter((each) => each.service === service).map((each) => each.amount))
  const lines = [
    ...facts.services.map(({ service, buckets }) => ({ service, owed: bucketSum(buckets) })),
    { service: null, owed: facts.accountCredit },
  ]
    .map(({ service, owed }) => {
      const paid = share(decision.allocations, service)
      const over = share(decision.overpayment, service)
      return { service, owed, paid, over, left: owed.minus(paid).minus(over), place: placeOf(service, facts.settings) }
    })
    .filter(({ owed, over }) => !owed.eq(ZERO) || over.gt(ZERO))
    .sort((a, b) => a.place.rank - b.place.rank)
  const total = (column: 'owed' | 'paid' | 'over' | 'left') => text(sum(lines.map((line) => line[column])))
  const rows = lines.map(({ service, place, owed, paid, over, left }) => ({
    order: place.says,
    service: service === null ? 'Open credit' : (names[service] ?? service),
    owed: text(owed),
    paid: text(paid),
    over: text(over),
    left: text(left),
  }))
  return { rows, total: { owed: total('owed'), paid: total('paid'), over: total('over'), left: total('left') } }
}

const TIERS = [
  ['first', 'First'],
  ['second', 'Second'],
  ['third', 'Third'],
] as const

/** 'Second 1': the list a service stands in and its place there; in no list it comes last. */
function placeOf(service: string | null, settings: AllocationSettings): { rank: number; says: string } {
  for (const [tier, [name, title]] of TIERS.entries()) {
    const at = service === null ? -1 : settings[name].indexOf(service)
    if (at >= 0) return { rank: tier * 1000 + at, says: `${title} ${at + 1}` }
  }
  return service === null ? { rank: 9999, says: '' } : { rank: 3000, says: 'In no list' }
}
