import { collectionCode } from '../db/tables/organization.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput } from '../web/inputs.ts'
import { codeAndName } from './code-fields.ts'

const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })

/** Organization > Collection Codes: what a customer in collection is still sent (domain.md 2.21). */
export const collectionCodes = setupTable({
  table: collectionCode,
  name: 'collection_code',
  path: '/organization/collection-codes',
  menu: 'Organization > Collection Codes',
  title: 'Collection Codes',
  singular: 'collection code',
  plural: 'collection codes',
  file: 'collection_codes.csv',
  inFile: {
    always: ['sendUtilityBill', 'delinquentNotice', 'sendShutoffNotice', 'displayWarning'],
    empty: { sendUtilityBill: 'no', delinquentNotice: 'no', sendShutoffNotice: 'no' },
  },
  fields: {
    ...codeAndName,
    sendUtilityBill: tick('Send Utility Bill'),
    delinquentNotice: tick('Delinquent Notice'),
    sendShutoffNotice: tick('Send Shutoff Notice'),
    displayWarning: tick('Display Warning When Entering Payments', 'Payment entry then shows the code.'),
  },
  code: 'code',
  columns: ['code', 'name', 'sendUtilityBill', 'delinquentNotice', 'sendShutoffNotice', 'displayWarning'],
  lookup: ['code', 'name'],
  usage: [usedBy('customer', 'collection_code_id', 'customer')],
})
