import { certificationTab } from './certification-tab.ts'
import { historyTab } from './history-tab.ts'
import type { Screen } from './tab.ts'
import { transactionsTab } from './transactions-tab.ts'

/** Customer Inquiry: what moved, what is unpaid by period, what is certified [000]. */
export const INQUIRY: Screen = {
  path: '/accounts',
  title: 'Customer Inquiry',
  search: '/customers/inquiry',
  start: 'accounts/inquiry',
  tabs: [transactionsTab, historyTab, certificationTab],
}
