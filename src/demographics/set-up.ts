import { demographicCategory, demographicItem } from '../db/tables/terms.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { levelField } from '../panel/level.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { codeInput, decimalInput, optionalText } from '../web/inputs.ts'

/** Organization > Demographic Categories: each typed Account, Customer or Location [001-417]. */
export const demographicCategories = setupTable({
  table: demographicCategory,
  name: 'demographic_category',
  path: '/organization/demographic-categories',
  menu: 'Organization > Demographic Categories',
  title: 'Demographic Categories',
  singular: 'demographic category',
  plural: 'demographic categories',
  file: 'demographic_categories.csv',
  fields: { ...codeAndName, level: levelField('Type') },
  code: 'code',
  columns: ['code', 'name', 'level'],
  lookup: ['code', 'name'],
  usage: [usedBy('demographic_item', 'demographic_category_id', 'demographic item')],
})

/** Organization > Demographic Items: what is counted, and what one of it is worth [001-419]. */
export const demographicItems = setupTable({
  table: demographicItem,
  name: 'demographic_item',
  path: '/organization/demographic-items',
  menu: 'Organization > Demographic Items',
  title: 'Demographic Items',
  singular: 'demographic item',
  plural: 'demographic items',
  file: 'demographic_items.csv',
  fields: {
    ...codeAndName,
    kind: field(optionalText(40), { label: 'Type', hint: 'As the town sorts its items: residents, acres, budget.' }),
    demographicCategoryId: field(codeInput(), { label: 'Category', input: 'select' }),
    multiplier: field(decimalInput(), {
      label: 'Value of one',
      size: 'sm',
      hint: 'Each counted one is multiplied by it.',
    }),
  },
  code: 'code',
  columns: ['code', 'name', 'kind', 'demographicCategoryId', 'multiplier'],
  lookup: ['code', 'name'],
  links: { demographicCategoryId: { table: demographicCategory, code: 'code', label: 'name' } },
  usage: [
    usedBy('demographic', 'demographic_item_id', 'account, customer or location', 'accounts, customers or locations'),
  ],
})
