import type { Permission } from '../auth/permissions.ts'
import type { Db } from '../db/db.ts'
import type { Menu, MenuItem } from '../web/menu.ts'
import { certifiedNotUpdated } from './store.ts'

/** The screens whose name holds what was typed, those that begin with it first. */
export function findScreens(menus: readonly Menu[], query: string): (MenuItem & { menu: string })[] {
  const asked = query.toLowerCase()
  if (asked === '') return []
  const place = (label: string) => label.toLowerCase().indexOf(asked)
  return menus
    .flatMap((menu) => menu.items.map((item) => ({ ...item, menu: menu.name })))
    .filter((item) => place(item.label) >= 0)
    .sort((a, b) => place(a.label) - place(b.label) || a.label.localeCompare(b.label))
}

interface Worklist {
  label: string
  count: number
  href: string
}

/** What waits to be done, each with the screen that does it; only screens that exist and that the person may use. */
export async function worklists(
  db: Db,
  may: (permission: Permission) => boolean,
  menus: readonly Menu[],
): Promise<Worklist[]> {
  const screens = menus.flatMap((menu) => menu.items)
  const update = screens.find((item) => item.label === 'Update Customer Balances')
  if (!update || !may('certification.view')) return []
  const count = await certifiedNotUpdated(db)
  return count === 0 ? [] : [{ label: 'Accounts certified and not yet updated', count, href: update.href }]
}
