import { type Column, code, column, flag } from '../columns.ts'
import { name, whole } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const codeTable = (file: string, table: string, more: Column[] = []): TownFile => ({
  name: file,
  table: `public.${table}`,
  key: ['code'],
  columns: [code('code', { required: true }), column('name', name, { required: true }), ...more],
})

export const customerTypes = codeTable('customer_types.csv', 'customer_type')
export const revenueClasses = codeTable('revenue_classes.csv', 'revenue_class')
export const routes = codeTable('routes.csv', 'route')
export const noteTypes = codeTable('note_types.csv', 'note_type')

/** Current and Shutoff are fixed rows: a file may repeat them, and they stay as they are [001]. */
export const accountStatuses: TownFile = {
  ...codeTable('account_statuses.csv', 'account_status'),
  complete(row) {
    const fixed: Record<string, string> = { CURRENT: 'Current', SHUTOFF: 'Shutoff' }
    row.values.name = fixed[row.cell('code')] ?? row.cell('name')
  },
}

export const collectionCodes = codeTable('collection_codes.csv', 'collection_code', [
  flag('send_utility_bill', 'no'),
  flag('delinquent_notice', 'no'),
  flag('send_shutoff_notice', 'no'),
  flag('display_warning', 'no'),
])

export const cycles = codeTable('cycles.csv', 'cycle', [column('due_days', whole(0, 365))])
