import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { tracked } from './columns.ts'
import { note } from './customers.ts'
import { file } from './runs.ts'

/** Files of a note; a note may have several. */
export const noteAttachment = pgTable(
  'note_attachment',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    noteId: integer()
      .notNull()
      .references(() => note.id, { onDelete: 'cascade' }),
    fileId: integer()
      .notNull()
      .references(() => file.id),
    description: text().notNull(),
    ...tracked,
  },
  (t) => [index('note_attachment_note').on(t.noteId)],
)
