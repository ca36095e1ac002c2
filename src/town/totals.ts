import { OPEN } from '../ledger/book.ts'
import { centsText } from './history/entry.ts'
import type { History } from './history/read.ts'

/** What a clerk compares with the old system before and after: rows by file, and balances by service. */
export interface ControlTotals {
  rows: Record<string, number>
  transactions: number
  postings: number
  /** Balance by service in dollars; '' is open credit of accounts. */
  services: { service: string; balance: string }[]
  receivable: string
  openCredit: string
  certified: string
  deposits: string
}

export function controlTotals(rows: Record<string, number>, history: History): ControlTotals {
  const balances = new Map<string, bigint>()
  let credit = 0n
  for (const { service, bucket, cents } of history.books.unpaid()) {
    balances.set(service, (balances.get(service) ?? 0n) + cents)
    if (bucket === OPEN) credit += cents
  }
  const services = [...balances]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, cents]) => ({ service, balance: centsText(cents) }))
  return {
    rows,
    transactions: history.transactions,
    postings: history.postings,
    services,
    receivable: centsText([...balances.values()].reduce((sum, cents) => sum + cents, 0n)),
    openCredit: centsText(credit),
    certified: centsText(history.books.certified()),
    deposits: centsText(history.books.held()),
  }
}
