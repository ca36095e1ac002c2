import { documentType } from '../db/tables/extras.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput, textInput } from '../web/inputs.ts'

/** Organization > Document Types [001-196]. */
export const documentTypes = setupTable({
  table: documentType,
  name: 'document_type',
  path: '/organization/document-types',
  menu: 'Organization > Document Types',
  title: 'Document Types',
  singular: 'document type',
  plural: 'document types',
  file: 'document_types.csv',
  fields: {
    code: field(textInput(6), { label: 'Code', size: 'sm', hint: 'At most 6 characters.' }),
    name: field(textInput(), { label: 'Description' }),
    secure: field(checkboxInput(), { label: 'Secure', input: 'checkbox', hint: 'For permitted users only.' }),
  },
  code: 'code',
  columns: ['code', 'name', 'secure'],
  lookup: ['code', 'name'],
  usage: [usedBy('document', 'document_type_id', 'document')],
})
