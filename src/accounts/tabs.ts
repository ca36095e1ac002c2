import { certificationTab } from './certification-tab.ts'
import { historyTab } from './history-tab.ts'
import { notesTab } from './notes-tab.ts'
import { servicesTab } from './services-tab.ts'
import type { Tab } from './tab.ts'
import { transactionsTab } from './transactions-tab.ts'

/** The tabs of the account's page, in their order. */
export const TABS: readonly Tab[] = [transactionsTab, historyTab, certificationTab, notesTab, servicesTab]
