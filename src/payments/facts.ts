import type { Db } from '../db/db.ts'
import { deferredOf } from '../deferred-charges/service.ts'
import { NotFound } from '../errors.ts'
import type { AllocationMethod } from '../ledger/allocation.ts'
import { addDays, type Day, periodOf } from '../ledger/calendar.ts'
import { type AccountFacts, bucketsOf, factsOf } from '../ledger/facts.ts'
import { type Money, money, sum, ZERO } from '../ledger/money.ts'
import { isActiveOn, type OverpaymentMethod } from '../ledger/overpayment.ts'
import { type PaymentExtras, paymentExtras, type TwelveMonths } from './extras-store.ts'
import type { PaymentFacts } from './rules.ts'

export interface Payable {
  account: AccountFacts
  extras: PaymentExtras
  facts: PaymentFacts
}

/** A payment that is to be decided. `since`: of several for one account the earliest date, for what is charged in between. */
export interface ToDecide {
  number: string
  date: Day
  since?: Day | undefined
}

/** All that deciding a payment needs; NotFound for an account that this pool may not see. */
export async function payable(db: Db, number: string, date: Day): Promise<Payable> {
  const [found] = await payables(db, [{ number, date }])
  if (!found) throw new NotFound('account')
  return found
}

/**
 * The same for many payments, in their order, from three statements in all. The accounts' versions are read first: what is
 * read after them is at least as new, so the comparison at posting covers all of it.
 */
export async function payables(db: Db, asked: readonly ToDecide[]): Promise<Payable[]> {
  const accounts = await factsOf(db, [...new Set(asked.map(({ number }) => number))])
  const wanted = asked.map(({ number, date, since }) => {
    const account = accounts.get(number)
    if (!account) throw new NotFound('account')
    return { account, accountId: account.id, date, since }
  })
  const extras = await paymentExtras(db, wanted)
  const charging = wanted.some(({ account }) => account.settings.deferred_charges === 'yes')
  const deferred = charging ? await deferredOf(db, wanted) : []
  return wanted.map(({ account, date }, at) => {
    const own = extras[at]
    if (!own) throw new Error(`nothing was read of account ${account.number}`)
    const facts = paymentFacts(account, own, date)
    const brought = deferred[at]
    const period = { period: periodOf(date, account.periods), due: addDays(date, account.dueDays) }
    return { account, extras: own, facts: brought ? { ...facts, deferred: { ...brought, ...period } } : facts }
  })
}

/** What a payment's rules ask, without the deferred charges that it may bring. */
export function paymentFacts(account: AccountFacts, extras: PaymentExtras, date: Day): PaymentFacts {
  const { settings } = account
  const method = (name: string, initial: AllocationMethod) => (settings[name] || initial) as AllocationMethod
  return {
    day: date,
    services: account.services.map((service) => ({
      service: service.code,
      sort: service.sort,
      onAccount: service.onAccount !== null,
      active: service.onAccount !== null && isActiveOn({ active: service.active, ...service.onAccount }, date),
      buckets: bucketsOf(account, service.id),
      due: extras.due[service.code] ?? {},
    })),
    accountCredit: sum(bucketsOf(account, 0).map((bucket) => bucket.unpaid)),
    settings: {
      first: extras.lists.first,
      second: extras.lists.second,
      third: extras.lists.third,
      methods: {
        first: method('first_priority_method', 'percentage'),
        second: method('second_priority_method', 'listed'),
        third: method('third_priority_method', 'listed'),
      },
      payPastDueFirst: settings.pay_past_due_first === 'yes',
    },
    overpayment: {
      method: (settings.overpayment_method || 'listed') as OverpaymentMethod,
      listed: extras.lists.overpayment,
      exclude: extras.lists.exclude,
    },
    paid12: amounts(extras.paid12),
    charged12: amounts(extras.charged12),
  }
}

const amounts = (written: TwelveMonths): Record<string, Money> =>
  Object.fromEntries(Object.entries(written).map(([code, amount]) => [code, atLeastZero(money(amount))]))

const atLeastZero = (amount: Money): Money => (amount.lt(ZERO) ? ZERO : amount)
