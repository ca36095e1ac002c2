import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { tab } from '../accounts/tab.ts'
import type { Day } from '../ledger/calendar.ts'
import { gridQuery, searched } from '../panel/grid.ts'
import { dayText } from '../web/format.ts'
import { recurringItems } from './records.ts'
import { timesText } from './rules.ts'

interface Row {
  id: number
  active: boolean
  type: string
  code: string
  description: string
  effectiveDate: Day
  timesToApply: number
  timesApplied: number
}

const COLUMNS = [
  { name: 'code', label: 'Code' },
  { name: 'description', label: 'Description' },
  { name: 'type', label: 'Type' },
  { name: 'effectiveDate', label: 'Effective Date' },
]

/** Recurring discounts, credits and rebates of the account, its customer and its location [001-443]. */
export const recurringItemsTab = tab<Row[]>({
  path: 'recurring-items',
  label: 'Recurring Items',
  need: 'customers.view',
  template: 'recurring-items/tab',
  count: sql`select count(*) from applied_item o where o.active and ${ofAccount}`,
  sql: () => recurringItems.kind.list,
  present: (_account, rows, { query, may }) => {
    const asked = gridQuery(query, COLUMNS)
    const found = searched(rows, asked, shown).map((row) => ({ ...row, times: timesText(row.timesToApply) }))
    return { rows: found, nothing: rows.length === 0, asked, columns: COLUMNS, mayEdit: may('customers.edit') }
  },
})

function shown(row: Row, column: string): string {
  const value = String(row[column as keyof Row])
  return column === 'effectiveDate' ? dayText(value) : value
}
