import type { Db } from '../db/db.ts'
import { deferredOf } from '../deferred-charges/service.ts'
import { NotFound } from '../errors.ts'
import type { AllocationMethod } from '../ledger/allocation.ts'
import { type Day, periodOf } from '../ledger/calendar.ts'
import { type AccountFacts, accountFacts, bucketsOf } from '../ledger/facts.ts'
import { type Money, money, sum, ZERO } from '../ledger/money.ts'
import { isActiveOn, type OverpaymentMethod } from '../ledger/overpayment.ts'
import type { PaymentFacts } from './rules.ts'
import { type PaymentExtras, paymentExtras } from './store.ts'

export interface Payable {
  account: AccountFacts
  extras: PaymentExtras
  facts: PaymentFacts
}

/**
 * All that deciding a payment needs. The account's version is read first: what is read after it is at least as new, so
 * the comparison at posting covers all of it.
 */
export async function payable(db: Db, number: string, date: Day): Promise<Payable> {
  const account = await accountFacts(db, number)
  if (!account) throw new NotFound('account')
  const extras = await paymentExtras(db, account.id, date)
  const facts = paymentFacts(account, extras, date)
  if (account.settings.deferred_charges !== 'yes') return { account, extras, facts }
  const deferred = { ...(await deferredOf(db, account.id, date)), period: periodOf(date, account.periods) }
  return { account, extras, facts: { ...facts, deferred } }
}

function paymentFacts(account: AccountFacts, extras: PaymentExtras, date: Day): PaymentFacts {
  const { settings } = account
  const method = (name: string, initial: AllocationMethod) => (settings[name] || initial) as AllocationMethod
  return {
    services: account.services.map((service) => ({
      service: service.code,
      sort: service.sort,
      onAccount: service.onAccount !== null,
      active: service.onAccount !== null && isActiveOn({ active: service.active, ...service.onAccount }, date),
      pastDue: money(extras.pastDue[service.code] ?? '0'),
      buckets: bucketsOf(account, service.id),
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

const amounts = (written: Record<string, string>): Record<string, Money> =>
  Object.fromEntries(Object.entries(written).map(([code, amount]) => [code, atLeastZero(money(amount))]))

const atLeastZero = (amount: Money): Money => (amount.lt(ZERO) ? ZERO : amount)
