import { USES } from '../../notes/rules.ts'
import { byCode, code, day, documentColumns, flag, oneOf, ref, text } from '../columns.ts'
import type { TownFile } from '../town-file.ts'
import { checkLevel, leveledColumns } from './terms.ts'

/**
 * Notes stand in the order of what they say, and equal ones are kept. Only those with files have a number, for their
 * attachments to name them.
 */
export const notes: TownFile = {
  name: 'notes.csv',
  table: 'public.note',
  key: [],
  named: 'note',
  columns: [
    ...leveledColumns,
    { ...ref('type', byCode('note_type'), { into: 'note_type_id' }), required: true },
    text('subject'),
    text('text'),
    day('created'),
    flag('message_center', 'no'),
    flag('payment_center', 'no'),
    day('grace_date'),
    oneOf('used_for', USES, { extra: true }),
    day('expiration_date', { extra: true }),
    code('note', { into: 'number', extra: true }),
  ],
  complete(row, picture) {
    row.values.subject = row.cell('subject')
    row.values.created = row.cell('created') || picture.today
    checkLevel(row, 'note')
  },
}

/** Which of the note's files it is, in the order in which they are written: the same in every town they travel to. */
const PLACE = `(select count(*) from public.note_attachment y join public.file g on g.id = y.file_id, public.file f
  where y.note_id = t.note_id and f.id = t.file_id and (y.description, g.name, y.id) <= (t.description, f.name, t.id))::text`

/** Files of notes: `files/notes/<note>/<which>`. */
export const noteAttachments: TownFile = {
  name: 'note_attachments.csv',
  table: 'public.note_attachment',
  key: [],
  columns: [
    { ...ref('note', { table: 'note', by: 'number' }, { into: 'note_id' }), required: true },
    text('description', { required: true }),
    ...documentColumns(["'notes'", '(select x.number from public.note x where x.id = t.note_id)', PLACE], {
      required: true,
    }),
  ],
}
