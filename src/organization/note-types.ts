import { noteType } from '../db/tables/organization.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { codeAndName } from './code-fields.ts'

/** Organization > Note Types: `general` always exists. */
export const noteTypes = setupTable({
  table: noteType,
  name: 'note_type',
  path: '/organization/note-types',
  menu: 'Organization > Note Types',
  title: 'Note Types',
  singular: 'note type',
  plural: 'note types',
  file: 'note_types.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('note', 'note_type_id', 'note')],
  kept: (row) =>
    row.code === 'general'
      ? { says: 'The note type general always exists. Its name can be changed.', fields: ['code'] }
      : undefined,
})
