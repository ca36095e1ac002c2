import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { tab } from '../accounts/tab.ts'
import type { Day } from '../ledger/calendar.ts'
import { gridQuery, searched } from '../panel/grid.ts'
import { dayText } from '../web/format.ts'
import { specialConditions } from './records.ts'

interface Row {
  id: number
  active: boolean
  type: string
  code: string
  description: string
  effectiveDate: Day
  expirationDate: Day | null
}

const COLUMNS = [
  { name: 'code', label: 'Code' },
  { name: 'description', label: 'Description' },
  { name: 'type', label: 'Type' },
  { name: 'effectiveDate', label: 'Effective Date' },
  { name: 'expirationDate', label: 'Expiration Date' },
]

/** Special conditions of the account, its customer and its location [001-509]. */
export const specialConditionsTab = tab<Row[]>({
  path: 'special-conditions',
  label: 'Special Conditions',
  need: 'customers.view',
  template: 'special-conditions/tab',
  count: sql`select count(*) from special_condition o where o.active and ${ofAccount}`,
  sql: () => specialConditions.kind.list,
  present: (_account, rows, { query, may }) => {
    const asked = gridQuery(query, COLUMNS)
    return {
      rows: searched(rows, asked, shown),
      nothing: rows.length === 0,
      asked,
      columns: COLUMNS,
      mayEdit: may('customers.edit'),
    }
  },
})

function shown(row: Row, column: string): string {
  const value = row[column as keyof Row]
  if (value === null) return ''
  return column.endsWith('Date') ? dayText(String(value)) : String(value)
}
