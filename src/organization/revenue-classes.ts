import { revenueClass } from '../db/tables/organization.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { codeAndName } from './code-fields.ts'

/** Organization > Revenue Classes: groups of locations, for reports of revenue. */
export const revenueClasses = setupTable({
  table: revenueClass,
  name: 'revenue_class',
  path: '/organization/revenue-classes',
  menu: 'Organization > Revenue Classes',
  title: 'Revenue Classes',
  singular: 'revenue class',
  plural: 'revenue classes',
  file: 'revenue_classes.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('location', 'revenue_class_id', 'location')],
})
