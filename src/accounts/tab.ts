import type { SQL } from 'drizzle-orm'
import type { Permission } from '../auth/permissions.ts'
import type { Day } from '../ledger/calendar.ts'
import type { AccountRow } from './store.ts'

export type { AccountRow } from './store.ts'

/** What a tab is asked with: the day, what stands in the address, and what the person may do. */
export interface TabQuery {
  today: Day
  asOf?: Day | undefined
  /** Address of the account's own pages: `/accounts/100.01`. */
  base: string
  /** Address of the screen that the tab stands on: `/panel/100.01`, or the same as `base` on Customer Inquiry. */
  at: string
  query: Record<string, string>
  may(permission: Permission): boolean
}

/** What a tab's statement may depend on: nothing of the account or the person, so that it is built once for all. */
export type Asking = Pick<TabQuery, 'today' | 'asOf' | 'query'>

/**
 * One tab of an account's screen: an address, what it asks in the account's own round trip, and its template, which
 * extends `accounts/page.njk` and fills the block `tab`. A new tab is one file and a line in the screen's list.
 */
export interface Tab<Raw = unknown> {
  /** The piece of the address; empty for the tab that opens first. */
  path: string
  label: string
  need: Permission
  template: string
  /** Path of the tab that it stands inside, for inner tabs. */
  inside?: string
  /** Json of what the tab shows, with the account in `a` (store.ts). */
  sql(asked: Asking): SQL
  /** What the template gets. */
  present(account: AccountRow, raw: Raw, asked: TabQuery): object
  /** The small number beside the label: of what the account's row holds on the day, or in SQL that sees the account as `a`. */
  count?: SQL | ((account: AccountRow, day: Day) => number)
  /** Whether the account has this tab at all; absent = always. */
  shown?(account: AccountRow): boolean
}

/** A screen with an account's dashboard on top: where it is, and its tabs in their order. */
export interface Screen {
  /** Where it is: `/panel`. */
  path: string
  title: string
  /** Where its search boxes lead. */
  search: string
  /** Template of the page on which nothing is selected yet. */
  start: string
  tabs: readonly Tab[]
}

/** Declares a tab with its own type of row. */
export const tab = <Raw>(declared: Tab<Raw>): Tab => declared as unknown as Tab
