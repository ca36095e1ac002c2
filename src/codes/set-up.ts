import { codeCaption, codeValue } from '../db/tables/extras.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { holderField } from '../panel/holder.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { codeInput } from '../web/inputs.ts'

/** Organization > User Defined Codes: the captions; their values stand in a table of their own [001-189]. */
export const codeCaptions = setupTable({
  table: codeCaption,
  name: 'code_caption',
  path: '/organization/user-defined-codes',
  menu: 'Organization > User Defined Codes',
  title: 'User Defined Codes',
  singular: 'user defined code',
  plural: 'user defined codes',
  file: 'user_defined_codes.csv',
  fields: { ...codeAndName, holder: holderField('UDC type') },
  code: 'code',
  columns: ['code', 'name', 'holder'],
  lookup: ['code', 'name'],
  usage: [
    usedBy('code_value', 'code_caption_id', 'value'),
    usedBy('assigned_code', 'code_caption_id', 'customer or location', 'customers or locations'),
  ],
  help: 'A code is a caption with values to choose from. Add its values under User Defined Code Values.',
})

/** Organization > User Defined Code Values: what a caption may say. */
export const codeValues = setupTable({
  table: codeValue,
  name: 'code_value',
  path: '/organization/user-defined-code-values',
  menu: 'Organization > User Defined Code Values',
  title: 'User Defined Code Values',
  singular: 'value',
  plural: 'values',
  file: 'user_defined_code_values.csv',
  fields: {
    ...codeAndName,
    codeCaptionId: field(codeInput(), { label: 'UDC caption', input: 'select' }),
  },
  code: 'code',
  columns: ['code', 'name', 'codeCaptionId'],
  lookup: ['code', 'name', 'codeCaptionId'],
  links: { codeCaptionId: { table: codeCaption, code: 'code', label: 'name' } },
  usage: [usedBy('assigned_code', 'code_value_id', 'customer or location', 'customers or locations')],
})
