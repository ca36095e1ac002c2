import Big from 'big.js'
import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { tab } from '../accounts/tab.ts'
import type { Day } from '../ledger/calendar.ts'
import { DEMOGRAPHICS } from './records.ts'
import { effectiveValue, inForce, valueOn } from './rules.ts'

interface Variance {
  id: number
  variance: string
  amount: string
  value: string
  effective: Day
  expires: Day | null
  reference: string | null
}

interface Row {
  id: number
  type: string
  category: string
  item: string
  code: string
  multiplier: string
  values: { from: Day; value: string }[]
  variances: Variance[]
}

/** Counted facts of the account, its customer and its location, with what varies them for a time [001-410]. */
export const demographicsTab = tab<Row[]>({
  path: 'demographics',
  label: 'Demographics',
  need: 'customers.view',
  template: 'demographics/tab',
  count: sql`select count(*) from demographic o where ${ofAccount}`,
  sql: () => DEMOGRAPHICS,
  present: (_account, rows, { query, may, asOf, today }) => {
    const selected = rows.find(({ id }) => String(id) === query.item) ?? rows[0]
    return {
      rows: rows.map((row) => counted(row, asOf ?? today)),
      selected: selected?.id ?? 0,
      mayEdit: may('customers.edit'),
    }
  },
})

function counted(row: Row, day: Day) {
  const values = row.values.map(({ from, value }) => ({ from, value: new Big(value) }))
  const variances = row.variances.map((each) => ({ ...each, amount: new Big(each.amount), value: new Big(each.value) }))
  return {
    ...row,
    value: valueOn(values, day)?.toString() ?? '',
    effective: effectiveValue(new Big(row.multiplier), values, variances, day).toString(),
    variances: row.variances.map((each, at) => ({
      ...each,
      counts: inForce(variances[at] as (typeof variances)[0], day),
    })),
  }
}
