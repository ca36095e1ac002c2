import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { tab } from '../accounts/tab.ts'
import type { Day } from '../ledger/calendar.ts'
import { dayText } from '../web/format.ts'
import { withSeen } from '../web/seen.ts'
import { NOTES, notes } from './records.ts'

interface Note {
  id: number
  version: number
  type: string
  created: Day
  by: string | null
  level: string
  subject: string
  text: string | null
  messageCenter: boolean
  paymentCenter: boolean
  graceDate: Day | null
  usedFor: string | null
  expirationDate: Day | null
  attachments: { id: number; description: string; name: string; bytes: number }[]
}

interface Raw {
  notes: Note[]
  types: { value: string; label: string }[]
}

/** Notes of the account, its customer and its location; the selected one is edited below the grid [001-335]. */
export const notesTab = tab<Raw>({
  path: 'notes',
  label: 'Notes',
  need: 'customers.view',
  template: 'notes/tab',
  count: sql`select count(*) from note o where ${ofAccount}`,
  sql: () => sql`json_build_object('notes', ${NOTES},
    'types', (select json_agg(json_build_object('value', k.id::text, 'label', k.code || ' ' || k.name) order by k.code) from note_type k))`,
  present: (_account, raw, { query, may, asOf }) => {
    const find = (query.find ?? '').normalize('NFC').trim().slice(0, 100)
    const found = raw.notes.filter(
      (note) => (asOf === undefined || note.created <= asOf) && says(note).includes(find.toLowerCase()),
    )
    const selected = found.find(({ id }) => String(id) === query.note)
    return {
      notes: found,
      find,
      nothing: raw.notes.length === 0,
      selected: selected ?? null,
      mayEdit: may('notes.edit'),
      form: selected && formOf(selected, raw),
    }
  },
})

/** Everything a note says, for the search in any of its fields [001-336]. */
function says(note: Note): string {
  const days = [note.created, note.graceDate, note.expirationDate].flatMap((day) => (day ? [dayText(day)] : []))
  const files = note.attachments.flatMap(({ description, name }) => [description, name])
  const marks = [
    note.messageCenter ? 'message center' : '',
    note.paymentCenter ? 'payment center' : '',
    note.usedFor ?? '',
  ]
  return [note.level, note.type, note.subject, note.text ?? '', note.by ?? '', ...days, ...marks, ...files]
    .join('\n')
    .toLowerCase()
}

const formOf = (note: Note, { types }: Raw) =>
  withSeen(notes.form.show({ ...note, version: String(note.version) }, {}, { options: { noteTypeId: types } }))
