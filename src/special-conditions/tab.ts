import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { gridTab } from '../panel/grid.ts'
import { specialConditions } from './records.ts'

/** Special conditions of the account, its customer and its location [001-509]. */
export const specialConditionsTab = gridTab({
  path: 'special-conditions',
  label: 'Special Conditions',
  template: 'special-conditions/tab',
  list: specialConditions.kind.list,
  count: sql`select count(*) from special_condition o where o.active and ${ofAccount}`,
  columns: [
    { name: 'code', label: 'Code' },
    { name: 'description', label: 'Description' },
    { name: 'type', label: 'Type' },
    { name: 'effectiveDate', label: 'Effective Date' },
    { name: 'expirationDate', label: 'Expiration Date' },
  ],
})
