import { customField } from '../db/tables/extras.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { holderField } from '../panel/holder.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput, linesInput, optional, selectInput } from '../web/inputs.ts'
import { KINDS } from './form.ts'

const LABELS = { text: 'Text', number: 'Number', amount: 'Amount', date: 'Date', yes_no: 'Yes or no', list: 'List' }

/** Organization > Custom Fields: what the town adds to its customers and locations [001-242]. */
export const customFields = setupTable({
  table: customField,
  name: 'custom_field',
  path: '/organization/custom-fields',
  menu: 'Organization > Custom Fields',
  title: 'Custom Fields',
  singular: 'custom field',
  plural: 'custom fields',
  file: 'custom_fields.csv',
  fields: {
    ...codeAndName,
    holder: holderField('Holder'),
    kind: field(selectInput(KINDS), {
      label: 'Kind',
      input: 'select',
      size: 'sm',
      options: KINDS.map((kind) => ({ value: kind, label: LABELS[kind] })),
    }),
    choices: field(optional(linesInput(2000)), { label: 'Choices', input: 'textarea', hint: 'Of a list: one a line.' }),
    required: field(checkboxInput(), { label: 'Must be filled in', input: 'checkbox' }),
  },
  code: 'code',
  order: 'sort',
  columns: ['code', 'name', 'holder', 'kind', 'required'],
  lookup: ['code', 'name'],
  usage: [usedBy('custom_value', 'custom_field_id', 'customer or location', 'customers or locations')],
  faults: (data) =>
    data.kind === 'list' && !data.choices ? { choices: 'Write the choices of the list, one a line.' } : {},
})
