import { customerType } from '../db/tables/organization.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { codeAndName } from './code-fields.ts'

/** Organization > Customer Type: groups of customers, for criteria and reports. */
export const customerTypes = setupTable({
  table: customerType,
  name: 'customer_type',
  path: '/organization/customer-type',
  menu: 'Organization > Customer Type',
  title: 'Customer Type',
  singular: 'customer type',
  plural: 'customer types',
  file: 'customer_types.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('customer', 'customer_type_id', 'customer')],
})
