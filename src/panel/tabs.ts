import { notesTab } from '../accounts/notes-tab.ts'
import type { Screen } from '../accounts/tab.ts'

/**
 * Customers > Account Control Panel: its twelve tabs in their order, inner tabs beside the one that they stand in [001].
 * A tab belongs to the feature whose records it shows; it is listed here and nowhere else.
 */
export const PANEL: Screen = {
  path: '/panel',
  title: 'Account Control Panel',
  search: '/panel',
  tabs: [notesTab],
}
