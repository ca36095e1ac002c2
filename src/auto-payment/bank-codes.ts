import { bankCode } from '../db/tables/auto-payment.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { textInput } from '../web/inputs.ts'
import { isRoutingNumber, NO_ROUTING_NUMBER } from './rules.ts'

/** Organization > Bank Codes: banks by their routing numbers [001-156]. */
export const bankCodes = setupTable({
  table: bankCode,
  name: 'bank_code',
  path: '/organization/bank-codes',
  menu: 'Organization > Bank Codes',
  title: 'Bank Codes',
  singular: 'bank code',
  plural: 'bank codes',
  file: 'bank_codes.csv',
  fields: {
    code: field(textInput(9).refine(isRoutingNumber, NO_ROUTING_NUMBER), { label: 'Bank Routing No.', size: 'sm' }),
    name: field(textInput(), { label: 'Bank' }),
  },
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('auto_payment', 'bank_code_id', 'customer', 'customers')],
})
