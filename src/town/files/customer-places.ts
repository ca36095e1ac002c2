import { byCode, CUSTOMER, column, ref, text } from '../columns.ts'
import type { Kind } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const monthDay: Kind = {
  read: (cell) =>
    /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(cell)
      ? { value: cell }
      : { reason: 'write a day of the year like 11-15' },
  write: (stored) => stored,
}

const customer = { ...ref('customer_number', CUSTOMER, { into: 'customer_id' }), required: true }

/** Addresses beside the primary one of customers.csv; with a season mail goes there from one day to the other, every year. */
export const customerAddresses: TownFile = {
  name: 'customer_addresses.csv',
  table: 'public.customer_address',
  key: [],
  columns: [
    customer,
    ref('type', byCode('address_type'), { into: 'address_type_id' }),
    text('care_of'),
    text('address_line_1', { required: true }),
    text('address_line_2'),
    text('city'),
    text('state'),
    text('zip'),
    text('country'),
    text('county'),
    text('geo_code'),
    column('mail_from', monthDay),
    column('mail_to', monthDay),
  ],
  complete(row) {
    const half = (row.cell('mail_from') === '') !== (row.cell('mail_to') === '')
    if (half) row.fault(row.cell('mail_from') === '' ? 'mail_from' : 'mail_to', 'a season has both days, or neither')
  },
}

/** Phone numbers beside the primary one of customers.csv. */
export const customerPhones: TownFile = {
  name: 'customer_phones.csv',
  table: 'public.customer_phone',
  key: [],
  columns: [customer, ref('type', byCode('phone_type'), { into: 'phone_type_id' }), text('number', { required: true })],
}
