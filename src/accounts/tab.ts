import type { SQL } from 'drizzle-orm'
import type { Permission } from '../auth/permissions.ts'
import type { Day } from '../ledger/calendar.ts'
import type { AccountRow } from './store.ts'

/** What a tab is asked with: the day, what stands in the address, and what the person may do. */
export interface TabQuery {
  today: Day
  asOf?: Day | undefined
  /** Address of the account's pages: `/accounts/100.01`. */
  base: string
  query: Record<string, string>
  may(permission: Permission): boolean
}

/**
 * One tab of the account's page: an address, what it asks in the account's own round trip, and its template, which
 * extends `accounts/page.njk` and fills the block `tab`. A new tab is one file and a line in tabs.ts.
 */
export interface Tab<Raw = unknown> {
  /** The piece of the address; empty for the tab that opens first. */
  path: string
  label: string
  need: Permission
  template: string
  /** Json of what the tab shows, with the account in `a` (store.ts). */
  sql(asked: TabQuery): SQL
  /** What the template gets. */
  present(account: AccountRow, raw: Raw, asked: TabQuery): object
  /** The small number beside the label. */
  count?(account: AccountRow): number
}

/** Declares a tab with its own type of row. */
export const tab = <Raw>(declared: Tab<Raw>): Tab => declared as unknown as Tab
