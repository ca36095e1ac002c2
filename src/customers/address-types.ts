import { addressType } from '../db/tables/person-types.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { setupTable, usedBy } from '../tables/table.ts'

const BUILT_IN: readonly unknown[] = ['mailing', 'home', 'work', 'temporary']

/** Organization > Address Types: what a customer's address is [001-102]. */
export const addressTypes = setupTable({
  table: addressType,
  name: 'address_type',
  path: '/organization/address-types',
  menu: 'Organization > Address Types',
  title: 'Address Types',
  singular: 'address type',
  plural: 'address types',
  file: 'address_types.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [
    usedBy('customer', 'address_type_id', 'customer'),
    usedBy('customer_address', 'address_type_id', 'further address', 'further addresses'),
    usedBy('contact_address', 'address_type_id', 'address of a contact', 'addresses of contacts'),
  ],
  kept: (row) =>
    BUILT_IN.includes(row.code)
      ? { says: 'This address type always exists. Its name can be changed.', fields: ['code'] }
      : undefined,
})
