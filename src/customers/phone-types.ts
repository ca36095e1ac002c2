import { phoneType } from '../db/tables/person-types.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { setupTable, usedBy } from '../tables/table.ts'

const BUILT_IN: readonly unknown[] = ['home', 'work', 'mobile']

/** Organization > Phone Types: where a phone number rings [001-122]. */
export const phoneTypes = setupTable({
  table: phoneType,
  name: 'phone_type',
  path: '/organization/phone-types',
  menu: 'Organization > Phone Types',
  title: 'Phone Types',
  singular: 'phone type',
  plural: 'phone types',
  file: 'phone_types.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [
    usedBy('customer', 'phone_type_id', 'customer'),
    usedBy('customer_phone', 'phone_type_id', 'further phone number'),
    usedBy('contact_phone', 'phone_type_id', 'phone number of a contact', 'phone numbers of contacts'),
  ],
  kept: (row) =>
    BUILT_IN.includes(row.code)
      ? { says: 'This phone type always exists. Its name can be changed.', fields: ['code'] }
      : undefined,
})
