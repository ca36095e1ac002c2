import { cycle } from '../db/tables/organization.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { numberInput, optional } from '../web/inputs.ts'
import { codeAndName } from './code-fields.ts'

/** Organization > Cycles: locations that are billed together, perhaps with due days of their own. */
export const cycles = setupTable({
  table: cycle,
  name: 'cycle',
  path: '/organization/cycles',
  menu: 'Organization > Cycles',
  title: 'Cycles',
  singular: 'cycle',
  plural: 'cycles',
  file: 'cycles.csv',
  inFile: { always: ['dueDays'] },
  fields: {
    ...codeAndName,
    dueDays: field(optional(numberInput({ max: 365 })), {
      label: 'Days until due',
      input: 'number',
      hint: 'Empty = those of the organization.',
    }),
  },
  code: 'code',
  columns: ['code', 'name', 'dueDays'],
  lookup: ['code', 'name'],
  usage: [usedBy('location', 'cycle_id', 'location')],
})
