import { may, type Permission, type Role } from '../auth/permissions.ts'
import type { Route } from './routes.ts'

/**
 * The menus and the order of their screens, by the sources' own names (product.md 2). A route takes its place with
 * `menu: 'Organization > Services'`; a screen that is not named here comes after those that are, by name.
 */
const MENUS: Record<string, readonly string[]> = {
  Organization: [
    'Organization',
    'Services',
    'Rates',
    'Customer Type',
    'Collection Codes',
    'Account Status',
    'GL Accounts',
    'Cycles',
    'Routes',
  ],
  Customers: [
    'Account Control Panel',
    'Customer Inquiry',
    'Setup New Customers',
    'Modify Existing Customers',
    'Setup New Locations',
    'Master Contacts',
    'Landlords',
    'Deposits',
    'Batch Add/Delete Services',
    'Final bill',
  ],
  'Meter Reading': ['Route sheet', 'Enter reads', 'Import reads', 'Export reads', 'Exceptions', 'Meters'],
  Billing: ['Calculate billing', 'Billing register', 'Penalty', 'Print bills', 'Equal pay', 'Close'],
  Payments: ['Payment entry', 'Batches and drawer', 'Receipts', 'Imports', 'Autopay', 'NSF', 'Transfer', 'Refund'],
  Collections: [
    'Delinquent list',
    'Delinquent notices',
    'Shutoff list',
    'Shutoff notices',
    'Arrangements',
    'Write-off',
  ],
  'Tax Certification': [
    'Create Tax Certification Records',
    'Print Certification Notices',
    'Update Customer Balances',
    'County file',
    'Enter Certification Payments',
    'Enter Certification Adjustments',
    'Certification Register',
    'Certification cases',
  ],
  'Service Orders': ['Control panel', 'Categories', 'Codes', 'Templates'],
  Reports: [
    'Aging',
    'Transaction register',
    'A/R by service',
    'Trial balance',
    'Rate summary',
    'Consumption',
    'Deposits',
    'Customer history',
    'Audit trail',
  ],
}

/** Stand at the end of their menu. */
const LAST: Record<string, readonly string[]> = { Organization: ['Users and roles', 'Period close', 'Modify data'] }

export interface MenuItem {
  label: string
  href: string
}

export interface Menu {
  name: string
  /** Where the breadcrumb leads: the list of this menu's screens. */
  href: string
  items: MenuItem[]
  /** Longer than a screen is high: shown in two columns. */
  long: boolean
}

interface Placed extends MenuItem {
  menu: string
  need: Route['need']
}

/** Where routes put themselves. Refuses a menu that does not exist and a screen that cannot be opened by its address alone. */
export function placesOf(routes: readonly Route[]): Placed[] {
  return routes.flatMap((route) => {
    if (route.menu === undefined) return []
    const [menu = '', label = ''] = route.menu.split(' > ')
    if (!Object.hasOwn(MENUS, menu) || label === '') throw new Error(`${route.path}: there is no menu "${route.menu}"`)
    if (route.method !== 'get' || route.path.includes(':')) throw new Error(`${route.path} cannot stand in a menu`)
    return [{ menu, label, href: route.path, need: route.need }]
  })
}

/** The menus of a role: the screens that exist and that it may use, in the order above. Empty menus are left out. */
export function menusFor(routes: readonly Route[], role: Role): Menu[] {
  const open = placesOf(routes).filter((place) => allowed(role, place.need))
  return Object.keys(MENUS).flatMap((name) => {
    const items = open
      .filter((place) => place.menu === name)
      .sort((a, b) => rank(name, a.label) - rank(name, b.label) || a.label.localeCompare(b.label))
      .map(({ label, href }) => ({ label, href }))
    return items.length === 0 ? [] : [{ name, href: menuHref(name), items, long: items.length > 18 }]
  })
}

export const menuHref = (name: string): string => `/menu/${name.toLowerCase().replaceAll(' ', '-')}`

const allowed = (role: Role, need: Route['need']): boolean =>
  need === 'anyone' || need === 'signed-in' || may(role, need as Permission)

function rank(menu: string, label: string): number {
  const at = MENUS[menu]?.indexOf(label) ?? -1
  if (at >= 0) return at
  const last = LAST[menu]?.indexOf(label) ?? -1
  return last >= 0 ? 2000 + last : 1000
}

/** Pages of records that no menu leads to by themselves. */
const RECORDS: Record<string, string> = { '/accounts': 'Customers', '/locations': 'Customers', '/receipts': 'Payments' }

/** The menu a path belongs to: that of the longest screen address it begins with, else that of its record. */
export function currentMenu(menus: readonly Menu[], path: string): Menu | undefined {
  let best: Menu | undefined
  let length = 0
  for (const menu of menus) {
    const longest = longestWithin(menu, path)
    if (longest > length) [best, length] = [menu, longest]
  }
  return best
}

function longestWithin(menu: Menu, path: string): number {
  let length = isWithin(path, menu.href) ? menu.href.length : 0
  for (const { href } of menu.items) if (href.length > length && isWithin(path, href)) length = href.length
  for (const record in RECORDS) {
    if (RECORDS[record] === menu.name && record.length > length && isWithin(path, record)) length = record.length
  }
  return length
}

const isWithin = (path: string, href: string): boolean =>
  path.startsWith(href) && (path.length === href.length || path[href.length] === '/')
