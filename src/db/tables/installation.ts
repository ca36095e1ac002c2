import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable } from 'drizzle-orm/pg-core'
import { amount, day, tracked } from './columns.ts'
import { location } from './customers.ts'
import { meter } from './rates.ts'

/**
 * An earlier installation of a meter, ended and followed by another: the latest one stands on the meter itself. The final
 * read of each is the meter's reading of its `removeDate`. A meter is at one place at a time: an exclusion constraint.
 */
export const installation = pgTable(
  'installation',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    meterId: integer()
      .notNull()
      .references(() => meter.id),
    locationId: integer()
      .notNull()
      .references(() => location.id),
    installDate: day().notNull(),
    installRead: amount(),
    removeDate: day().notNull(),
    ...tracked,
  },
  (t) => [
    index('installation_location').on(t.locationId),
    check('installation_days', sql`${t.removeDate} >= ${t.installDate}`),
  ],
)
