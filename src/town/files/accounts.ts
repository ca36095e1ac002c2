import { ACCOUNT, byCode, CUSTOMER, code, count, day, LOCATION, oneOf, ref, SERVICE } from '../columns.ts'
import type { Picture } from '../picture.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

export const accounts: TownFile = {
  name: 'accounts.csv',
  table: 'public.account',
  key: ['account_number'],
  columns: [
    code('account_number', { into: 'number', required: true }),
    { ...ref('customer_number', CUSTOMER, { into: 'customer_id' }), required: true },
    { ...ref('location_number', LOCATION, { into: 'location_id' }), required: true },
    day('connect_date'),
    day('disconnect_date'),
    oneOf('activity_status', ['Current', 'Waiting', 'Final'], { empty: 'Current' }),
    ref('account_status', byCode('account_status')),
    day('status_since', { extra: true }),
  ],
  complete(row, picture) {
    const status = statusOf(row, picture)
    row.values.account_status_id = picture.ids.get('account_status')?.get(status) ?? null
    oneCurrent(row, picture)
    const number = row.cell('account_number')
    picture.accounts.set(number, { id: row.id, number })
  },
}

/** The account's own status, else the one that its customer gives all its accounts, else CURRENT. */
function statusOf(row: SetUpRow, picture: Picture): string {
  const own = row.cell('account_status')
  const customers = picture.customers.get(row.cell('customer_number'))?.status ?? ''
  if (own !== '' && customers !== '' && own !== customers) {
    row.fault(
      'account_status',
      `the customer's account_status ${customers} sets all its accounts, and this one says ${own}`,
    )
  }
  return own || customers || 'CURRENT'
}

function oneCurrent(row: SetUpRow, picture: Picture): void {
  if (row.cell('activity_status') !== 'Current') return
  const taken = picture.ids.get('current_at') ?? new Map<string, number>()
  picture.ids.set('current_at', taken)
  const location = row.cell('location_number')
  if (taken.has(location)) row.fault('location_number', `location ${location} has another Current account`)
  taken.set(location, row.id)
}

export const accountServices: TownFile = {
  name: 'account_services.csv',
  table: 'public.account_service',
  key: ['account_number', 'service'],
  columns: [
    { ...ref('account_number', ACCOUNT, { into: 'account_id' }), required: true },
    { ...ref('service', SERVICE), required: true },
    code('rate'),
    count('quantity', { empty: '1' }),
    count('units', { empty: '1' }),
    code('frequency', { empty: 'monthly' }),
    day('connect_date'),
    day('disconnect_date'),
  ],
  complete(row, picture) {
    const rate = row.cell('rate')
    if (rate !== '' && !picture.ids.get('rate_code')?.has(rate)) row.fault('rate', `there is no rate ${rate}`)
  },
}
