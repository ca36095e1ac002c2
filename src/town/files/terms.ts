import { byCode, CUSTOMER, code, column, count, day, flag, LOCATION, oneOf, ref, text } from '../columns.ts'
import { whole } from '../kinds.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

/** Where a record hangs; the level says which of the two numbers it names. */
export const leveledColumns = [
  oneOf('level', ['customer', 'location', 'account'], { required: true }),
  ref('customer_number', CUSTOMER, { into: 'customer_id' }),
  ref('location_number', LOCATION, { into: 'location_id' }),
]

/** Refuses a row that names what its level does not, or does not name what it does. */
export function checkLevel(row: SetUpRow, what: string): void {
  const level = row.cell('level')
  for (const column of ['customer_number', 'location_number']) {
    const wanted = level === 'account' || column.startsWith(level)
    if (wanted && row.cell(column) === '') row.fault(column, `a ${what} at level ${level} names it`)
    if (!wanted && row.cell(column) !== '') row.fault(column, `a ${what} at level ${level} does not name it`)
  }
}

/** They have no number of their own: they stand in the order of what they say, and equal ones are kept. */
export const specialConditions: TownFile = {
  name: 'special_conditions.csv',
  table: 'public.special_condition',
  key: [],
  columns: [
    ...leveledColumns,
    { ...ref('code', byCode('condition_code'), { into: 'condition_code_id' }), required: true },
    day('effective_date', { required: true }),
    day('expiration_date'),
    flag('active', 'yes'),
  ],
  complete(row) {
    checkLevel(row, 'special condition')
    const [from, to] = [row.cell('effective_date'), row.cell('expiration_date')]
    if (to !== '' && to <= from) row.fault('expiration_date', 'it is not later than the effective_date')
  },
}

export const appliedItems: TownFile = {
  name: 'applied_items.csv',
  table: 'public.applied_item',
  key: [],
  columns: [
    ...leveledColumns,
    { ...ref('item', { table: 'recurring_item', by: 'item' }, { into: 'recurring_item_id' }), required: true },
    day('effective_date', { required: true }),
    column('times_to_apply', whole(0, 999), { empty: '0' }),
    column('times_applied', whole(0, 99_999), { empty: '0' }),
    flag('active', 'yes'),
  ],
  complete: (row) => checkLevel(row, 'recurring item'),
}

export const demographics: TownFile = {
  name: 'demographics.csv',
  table: 'public.demographic',
  key: ['demographic'],
  columns: [
    code('demographic', { into: 'number', required: true }),
    ...leveledColumns,
    { ...ref('item', byCode('demographic_item'), { into: 'demographic_item_id' }), required: true },
  ],
  complete: (row) => checkLevel(row, 'demographic item'),
}

const OF_DEMOGRAPHIC = {
  ...ref('demographic', { table: 'demographic', by: 'number' }, { into: 'demographic_id' }),
  required: true,
}

export const demographicValues: TownFile = {
  name: 'demographic_values.csv',
  table: 'public.demographic_value',
  key: ['demographic', 'effective_date'],
  columns: [OF_DEMOGRAPHIC, day('effective_date', { required: true }), count('value', { required: true })],
}

export const demographicVariances: TownFile = {
  name: 'demographic_variances.csv',
  table: 'public.demographic_variance',
  key: [],
  columns: [
    OF_DEMOGRAPHIC,
    text('variance', { required: true }),
    count('amount', { empty: '0' }),
    count('value', { empty: '0' }),
    day('effective_date', { required: true }),
    day('expiration_date'),
    text('reference'),
  ],
  complete(row) {
    const [from, to] = [row.cell('effective_date'), row.cell('expiration_date')]
    if (to !== '' && to < from) row.fault('expiration_date', 'it is before the effective_date')
  },
}
