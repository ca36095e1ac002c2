import { serviceOrderCategory, serviceOrderCode, serviceOrderTemplate } from '../db/tables/service-orders.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { codeInput, linesInput, numberInput, optional } from '../web/inputs.ts'

const BUILT_IN: readonly unknown[] = ['READ', 'ON', 'OFF', 'REPAIR', 'METER']

/** Service Orders > Categories: built-in ones and the town's own (domain.md 2.15). */
export const serviceOrderCategories = setupTable({
  table: serviceOrderCategory,
  name: 'service_order_category',
  path: '/service-orders/categories',
  menu: 'Service Orders > Categories',
  title: 'Service Order Categories',
  singular: 'service order category',
  plural: 'service order categories',
  file: 'service_order_categories.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('service_order_code', 'service_order_category_id', 'service order code')],
  kept: (row) =>
    BUILT_IN.includes(row.code)
      ? { says: 'This category always exists. Its name can be changed.', fields: ['code'] }
      : undefined,
})

/** Service Orders > Codes. */
export const serviceOrderCodes = setupTable({
  table: serviceOrderCode,
  name: 'service_order_code',
  path: '/service-orders/codes',
  menu: 'Service Orders > Codes',
  title: 'Service Order Codes',
  singular: 'service order code',
  plural: 'service order codes',
  file: 'service_order_codes.csv',
  fields: {
    ...codeAndName,
    serviceOrderCategoryId: field(codeInput(), { label: 'Category', input: 'select' }),
  },
  code: 'code',
  columns: ['code', 'name', 'serviceOrderCategoryId'],
  lookup: ['code', 'name'],
  links: { serviceOrderCategoryId: { table: serviceOrderCategory, code: 'code', label: 'name' } },
  usage: [
    usedBy('service_order', 'service_order_code_id', 'service order'),
    usedBy('service_order_template', 'service_order_code_id', 'template'),
  ],
})

/** Service Orders > Templates: an order in one step. */
export const serviceOrderTemplates = setupTable({
  table: serviceOrderTemplate,
  name: 'service_order_template',
  path: '/service-orders/templates',
  menu: 'Service Orders > Templates',
  title: 'Service Order Templates',
  singular: 'template',
  plural: 'templates',
  file: 'service_order_templates.csv',
  fields: {
    ...codeAndName,
    serviceOrderCodeId: field(codeInput(), { label: 'Service order code', input: 'select' }),
    instructions: field(optional(linesInput(2000)), { label: 'Instructions', input: 'textarea' }),
    dueDays: field(numberInput({ max: 365 }), { label: 'Due after days', input: 'number', hint: '0 = the same day.' }),
  },
  code: 'code',
  columns: ['code', 'name', 'serviceOrderCodeId', 'dueDays'],
  lookup: ['code', 'name'],
  links: { serviceOrderCodeId: { table: serviceOrderCode, code: 'code', label: 'name' } },
  usage: [],
})
