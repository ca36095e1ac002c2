import { bankCode } from '../db/tables/auto-payment.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { textInput } from '../web/inputs.ts'
import { isRoutingNumber } from './rules.ts'

export const routingField = (label: string) =>
  field(
    textInput(9).refine(isRoutingNumber, 'This is no routing number: its nine digits do not fit together. Check them.'),
    { label, size: 'sm' },
  )

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
  fields: { code: routingField('Bank Routing No.'), name: field(textInput(), { label: 'Bank' }) },
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('auto_payment', 'bank_code_id', 'customer', 'customers')],
})
