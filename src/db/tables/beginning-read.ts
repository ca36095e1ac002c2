import { integer, numeric, pgTable, unique } from 'drizzle-orm/pg-core'
import { day, tracked } from './columns.ts'
import { account } from './customers.ts'
import { meter } from './rates.ts'

/** The read that an account begins with at a meter: its first bill counts only usage after it [003]. */
export const beginningRead = pgTable(
  'beginning_read',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    meterId: integer()
      .notNull()
      .references(() => meter.id),
    readDate: day().notNull(),
    reading: numeric({ precision: 14, scale: 4 }).notNull(),
    ...tracked,
  },
  (t) => [unique('beginning_read_once').on(t.accountId, t.meterId)],
)
