import { sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { NOTES_OF } from './notes-of.ts'
import { tab } from './tab.ts'

interface Raw {
  notes: NoteRow[]
  types: { value: string; label: string }[]
}

export interface NoteRow {
  id: number
  level: 'account' | 'customer' | 'location'
  type: string
  subject: string
  text: string | null
  created: Day
  messageCenter: boolean
  paymentCenter: boolean
  graceDate: Day | null
  by: string | null
}

/** Notes of the account, of its customer and of its location, newest first [001]. */
export const notesTab = tab<Raw>({
  path: 'notes',
  label: 'Notes',
  need: 'customers.view',
  template: 'accounts/notes',
  count: sql`select count(*) from note o where ${NOTES_OF}`,
  sql: ({
    asOf,
  }) => sql`json_build_object('notes', (select coalesce(json_agg(json_build_object('id', o.id, 'level', o.level, 'type', k.name,
      'subject', o.subject, 'text', o.text, 'created', o.created, 'messageCenter', o.message_center, 'paymentCenter', o.payment_center,
      'graceDate', o.grace_date, 'by', (select u.name from app_user u where u.id = o.changed_by and u.id <> 0)) order by o.created desc, o.id desc), '[]')
    from note o join note_type k on k.id = o.note_type_id where ${NOTES_OF} and ${asOf === undefined ? sql`true` : sql`o.created <= ${asOf}`}))`,
  present: (_account, raw) => ({ notes: raw.notes }),
})
