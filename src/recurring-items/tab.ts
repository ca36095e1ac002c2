import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { gridTab } from '../panel/grid.ts'
import { recurringItems } from './records.ts'
import { timesText } from './rules.ts'

interface Row {
  active: boolean
  timesToApply: number
}

/** Recurring discounts, credits and rebates of the account, its customer and its location [001-443]. */
export const recurringItemsTab = gridTab<Row>({
  path: 'recurring-items',
  label: 'Recurring Items',
  template: 'recurring-items/tab',
  list: recurringItems.kind.list,
  count: sql`select count(*) from applied_item o where o.active and ${ofAccount}`,
  columns: [
    { name: 'code', label: 'Code' },
    { name: 'description', label: 'Description' },
    { name: 'type', label: 'Type' },
    { name: 'effectiveDate', label: 'Effective Date' },
  ],
  shown: (row) => ({ ...row, times: timesText(row.timesToApply) }),
})
