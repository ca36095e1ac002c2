import { glAccount } from '../db/tables/organization.ts'
import { setupTable, usedBy, usedByJournal, usedBySettings } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { codeInput, selectInput, textInput } from '../web/inputs.ts'

const TYPES = ['asset', 'liability', 'revenue', 'expense', 'equity'] as const

/** Organization > GL Accounts: the chart of accounts that postings name. */
export const glAccounts = setupTable({
  table: glAccount,
  name: 'gl_account',
  path: '/organization/gl-accounts',
  menu: 'Organization > GL Accounts',
  title: 'GL Accounts',
  singular: 'GL account',
  plural: 'GL accounts',
  file: 'gl_accounts.csv',
  fields: {
    number: field(codeInput(), { label: 'Number', size: 'sm' }),
    name: field(textInput(), { label: 'Name' }),
    type: field(selectInput(TYPES), {
      label: 'Type',
      input: 'select',
      size: 'sm',
      options: TYPES.map((type) => ({ value: type, label: type.slice(0, 1).toUpperCase() + type.slice(1) })),
    }),
  },
  code: 'number',
  codeStays: true,
  columns: ['number', 'name', 'type'],
  lookup: ['number', 'name'],
  usage: [
    usedBy('service', 'receivable_gl', 'service as its receivable', 'services as their receivable'),
    usedBy('service', 'revenue_gl', 'service as its revenue', 'services as their revenue'),
    usedBy('payment_method', 'gl_id', 'payment method'),
    usedByJournal('gl_account_id'),
    usedBySettings('%\\_gl', 'number'),
  ],
})
