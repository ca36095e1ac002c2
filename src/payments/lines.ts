import { Refused } from '../errors.ts'
import type { AccountFacts } from '../ledger/facts.ts'
import { type Money, ZERO } from '../ledger/money.ts'
import { otherSide, ownSide, type Side, type TransactionType } from '../ledger/other-side.ts'
import type { Result } from '../ledger/result.ts'
import type { ServicePosting } from '../ledger/reversal.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import { refused } from './refusals.ts'

/** Lines on the customer's book: one per service and bucket, on the receivable of the service or the open credit. */
export function utilityLines(account: AccountFacts, lines: readonly ServicePosting[]): NewPosting[] {
  return lines.map((line) => {
    const service = account.services.find((each) => each.code === line.service)
    const side = ownSide('utility', { settings: account.settings, service })
    return {
      gl: glOf(account, side),
      book: 'utility',
      service: service?.id ?? 0,
      aging: line.period,
      amount: line.amount,
    }
  })
}

/** What transactions that are not posted yet move on the utility book of one of their accounts. */
export function movedBy(account: AccountFacts, transactions: readonly NewTransaction[]): ServicePosting[] {
  const codes = new Map(account.services.map(({ id, code }) => [id, code]))
  return transactions
    .filter(({ accountId }) => accountId === account.id)
    .flatMap(({ postings }) => postings.filter(({ book }) => book === 'utility'))
    .map((line) => ({
      service: codes.get(line.service ?? 0) ?? null,
      period: line.aging ?? 'open',
      amount: line.amount,
    }))
}

interface Against {
  /** Code of the service whose revenue it is, where the type asks one. */
  service?: string | undefined
  method?: { code: string; gl: string | null } | undefined
  /** A GL number that stands in for what the rule would choose. */
  gl?: string | null | undefined
}

/** The line of the general ledger that stands against an amount; a service's revenue keeps the service. */
export function counterLine(
  account: AccountFacts,
  type: TransactionType,
  amount: Money,
  against: Against = {},
): NewPosting {
  const service = account.services.find((each) => each.code === against.service)
  const side = otherSide(type, { settings: account.settings, service, method: against.method, override: against.gl })
  const named = side.ok && side.value?.from === 'revenue_gl' ? service?.id : undefined
  return { gl: glOf(account, side), book: 'general', amount, ...(named === undefined ? {} : { service: named }) }
}

/** Counter lines for changes of several services: one for each GL account and service, none at zero. */
export function counterLines(
  account: AccountFacts,
  type: TransactionType,
  changes: readonly { service: string; change: Money }[],
): NewPosting[] {
  const lines = changes.map(({ service, change }) =>
    counterLine(account, type, change.times('-1'), { service: service || undefined }),
  )
  const summed = new Map<string, NewPosting>()
  for (const line of lines) {
    const key = `${line.gl}/${line.service ?? ''}`
    summed.set(key, { ...line, amount: line.amount.plus(summed.get(key)?.amount ?? ZERO) })
  }
  return [...summed.values()].filter((line) => !line.amount.eq(ZERO))
}

function glOf(account: AccountFacts, side: Result<Side | null>): number {
  if (!side.ok) throw refused(side)
  if (!side.value) throw new Error('this transaction has another side')
  const id = account.gl[side.value.gl]
  if (id !== undefined) return id
  const sentence = `${side.value.from} names GL account ${side.value.gl}, which does not exist.`
  throw new Refused('setting_missing', sentence, { [side.value.from]: sentence })
}
