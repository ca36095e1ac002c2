import { title } from '../db/tables/person-types.ts'
import { setupTable } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { codeInput } from '../web/inputs.ts'

const BUILT_IN: readonly unknown[] = ['Mr.', 'Mrs.', 'Ms.', 'Dr.']

/** Organization > Titles: offered before an individual's name [001-064]. Customers keep the words, so none is ever in use. */
export const titles = setupTable({
  table: title,
  name: 'title',
  path: '/organization/titles',
  menu: 'Organization > Titles',
  title: 'Titles',
  singular: 'title',
  plural: 'titles',
  file: 'titles.csv',
  fields: { name: field(codeInput(), { label: 'Title', size: 'sm' }) },
  code: 'name',
  columns: ['name'],
  lookup: ['name'],
  usage: [],
  kept: (row) =>
    BUILT_IN.includes(row.name)
      ? { says: 'This title always exists; customers keep it or not.', fields: ['name'] }
      : undefined,
})
