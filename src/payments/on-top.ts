import { deferredKey } from '../deferred-charges/rules.ts'
import type { AccountFacts } from '../ledger/facts.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { historyWindow } from '../ledger/overpayment.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { afterPostings, bucketsIn } from './change-rules.ts'
import { booksOf } from './door.ts'
import { laterDue, willBeDue } from './due-rules.ts'
import { CHARGED, PAID, type PaymentExtras, type TwelveMonths } from './extras-store.ts'
import { type Payable, paymentFacts } from './facts.ts'
import { movedBy } from './lines.ts'

/** The account as transactions staged before leave it: what deciding would read if they were posted already. */
export function onTop(found: Payable, staged: readonly NewTransaction[]): Payable {
  if (staged.length === 0) return found
  const account = withBuckets(found.account, staged)
  const extras = withStaged(found, staged)
  const { day, deferred } = found.facts
  const charges = deferred?.charges.filter(({ code }) => !isStaged(staged, found, code)) ?? []
  const facts = paymentFacts(account, extras, day)
  return { account, extras, facts: deferred ? { ...facts, deferred: { ...deferred, charges } } : facts }
}

function withBuckets(account: AccountFacts, staged: readonly NewTransaction[]): AccountFacts {
  const books = afterPostings(booksOf(account), movedBy(account, staged))
  const buckets = [null, ...account.services].flatMap((service) =>
    bucketsIn(books, service?.code ?? null).map((bucket) => ({ ...bucket, serviceId: service?.id ?? 0 })),
  )
  return { ...account, buckets }
}

function withStaged({ account, extras, facts }: Payable, staged: readonly NewTransaction[]): PaymentExtras {
  const { from, to } = historyWindow(facts.day)
  const recent = staged.filter(({ date }) => date >= from && date <= to)
  const moved = (types: string[]) => {
    const lines = movedBy(
      account,
      recent.filter(({ type }) => types.includes(type)),
    )
    return (code: string): Money => sum(lines.filter(({ service }) => service === code).map(({ amount }) => amount))
  }
  const [charged, paid] = [moved(CHARGED), moved(PAID)]
  const codes = account.services.map(({ code }) => code)
  return {
    ...extras,
    due: Object.fromEntries(codes.map((code) => [code, dueAfter(account, extras, staged, code)])),
    paid12: added(extras.paid12, codes, (code) => ZERO.minus(paid(code))),
    charged12: added(extras.charged12, codes, charged),
  }
}

const added = (sums: TwelveMonths, codes: string[], more: (code: string) => Money): TwelveMonths =>
  Object.fromEntries(codes.map((code) => [code, text(money(sums[code] ?? '0').plus(more(code)))]))

function dueAfter(account: AccountFacts, extras: PaymentExtras, staged: readonly NewTransaction[], code: string) {
  return staged.reduce((dates, each) => {
    const due = willBeDue(each.type, each.date, account.dueDays)
    return due === undefined ? dates : laterDue(dates, code, movedBy(account, [each]), { period: each.period, due })
  }, extras.due[code] ?? {})
}

const isStaged = (staged: readonly NewTransaction[], { account, facts }: Payable, code: string): boolean => {
  const key = deferredKey(code, account.number, facts.deferred?.statement?.number ?? null)
  return staged.some(({ sourceKey }) => sourceKey === key)
}
