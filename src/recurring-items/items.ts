import { glAccount } from '../db/tables/organization.ts'
import { recurringItem } from '../db/tables/terms.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput, codeInput, decimalInput, moneyInput, numberInput, optional, textInput } from '../web/inputs.ts'

/** Organization > Recurring Items: discounts, credits and rebates that may be given; several may share a code [001-446]. */
export const recurringItemTable = setupTable({
  table: recurringItem,
  name: 'recurring_item',
  path: '/organization/recurring-items',
  menu: 'Organization > Recurring Items',
  title: 'Recurring Items',
  singular: 'recurring item',
  plural: 'recurring items',
  file: 'recurring_items.csv',
  fields: {
    item: field(codeInput(), { label: 'Item', size: 'sm', hint: 'Its own short name, once.' }),
    code: field(codeInput(), { label: 'Code', size: 'sm', hint: 'Items of one code are offered together.' }),
    name: field(textInput(), { label: 'Description' }),
    amount: field(optional(moneyInput()), { label: 'Amount', input: 'money' }),
    percent: field(optional(decimalInput({ places: 6, max: '1' })), {
      label: 'Percent of the charge',
      size: 'sm',
      hint: 'A fraction: 0.10 is 10 %.',
    }),
    beforeTax: field(checkboxInput(), { label: 'Before tax', input: 'checkbox', hint: 'Lowers what is taxed.' }),
    rebate: field(checkboxInput(), {
      label: 'Rebate',
      input: 'checkbox',
      hint: 'Given in full even where it is more than the charge.',
    }),
    timesToApply: field(numberInput({ max: 999 }), {
      label: 'Times to Apply',
      input: 'number',
      hint: '0 = while active. What a new one opens with.',
    }),
    glId: field(optional(codeInput()), { label: 'GL account', input: 'select' }),
    active: field(checkboxInput(), { label: 'Active', input: 'checkbox', hint: 'Can be given to accounts.' }),
  },
  code: 'item',
  columns: ['item', 'code', 'name', 'amount', 'percent', 'beforeTax', 'timesToApply', 'active'],
  lookup: ['item', 'code', 'name'],
  links: { glId: { table: glAccount, code: 'number', label: 'name' } },
  usage: [
    usedBy('applied_item', 'recurring_item_id', 'account, customer or location', 'accounts, customers or locations'),
  ],
  faults: (data) => (data.amount || data.percent ? {} : { amount: 'Give an amount, a percentage or both.' }),
})
