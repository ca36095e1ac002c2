import { emailType } from '../db/tables/person-types.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { setupTable, usedBy } from '../tables/table.ts'

/** Organization > E-mail Types: what a contact's e-mail address is [001-276]. */
export const emailTypes = setupTable({
  table: emailType,
  name: 'email_type',
  path: '/organization/email-types',
  menu: 'Organization > E-mail Types',
  title: 'E-mail Types',
  singular: 'e-mail type',
  plural: 'e-mail types',
  file: 'email_types.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('contact_email', 'email_type_id', 'e-mail address', 'e-mail addresses')],
})
