import type { Permission } from '../auth/permissions.ts'
import type { Day } from '../ledger/calendar.ts'
import type { HistoryQuery } from './query.ts'
import type { AccountFacts, Action } from './rules.ts'

/** An unposted row as the account's own statement gives it. */
export interface Waiting {
  id: number
  runId: number
  type: 'Pmt' | 'Adj'
  date: Day
  amount: string
  description: string
  method: string | null
  reference: string | null
  receipt: string | null
  input: { of?: string[]; reason?: string; changes?: { service: string; change: string }[] }
  enteredAt: string
  by: string
}

export interface Frame {
  account: AccountFacts
  number: string
  /** Of the panel and of the account's own pages. */
  at: string
  base: string
  query: HistoryQuery
  asOf: Day | undefined
  may(permission: Permission): boolean
}

export interface Shown {
  key: string
  id: string
  posted: boolean
  href: string
  date: Day
  type: string
  description: string
  other: string
  reference: string
  receipt: string
  marks: { mark: string; says: string }[]
  amount: string
  balance: string
  actions: (Action & { href: string })[]
  lines: { label: string; amount: string }[]
  total: string
  facts: { label: string; value: string; href?: string; moment?: boolean; day?: boolean }[]
  explain: string
}

/** The address of the tab, or of an action that needs no row. */
export function tabHref({ at, base }: Frame, action = ''): string {
  if (action === 'print') return `${at}/history/print`
  if (action === 'statement') return `${base}/statements/new`
  if (action === 'duplicates') return `${base}/statements/new?duplicates=yes`
  return `${at}/history`
}

/** The tab with this row selected, the listing as it is. */
export function rowHref(frame: Frame, name: 'row' | 'unposted', id: string): string {
  const { view, service, from, to, page } = frame.query
  const kept = {
    view: view === 'all' ? '' : view,
    service,
    from,
    to,
    page: page > 1 ? String(page) : '',
    asOf: frame.asOf,
  }
  const filled = Object.entries(kept).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return `${tabHref(frame)}?${new URLSearchParams([...filled, [name, id]])}`
}
