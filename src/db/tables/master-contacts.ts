import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { code, flag, tracked } from './columns.ts'

/** One person or business, whatever records name it: the customers and contacts say which master contact is theirs. */
export const masterContact = pgTable(
  'master_contact',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique('master_contact_number'),
    name: text().notNull(),
    addressLine1: text('address_line_1'),
    addressLine2: text('address_line_2'),
    city: text(),
    state: text(),
    zip: text(),
    phone: text(),
    email: text(),
    /** Private records alone made it known, and they have left it: nobody who does not see them sees it. */
    heldBack: flag(false),
    ...tracked,
  },
  (t) => [index('master_contact_name').on(sql`lower(${t.name})`)],
)
