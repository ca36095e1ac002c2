import { index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { amount, day, tracked } from './columns.ts'
import { ledgerSchema } from './ledger.ts'

/**
 * What was sent (product.md 3.18): never changed, posts nothing. A Bill is a charge; a statement shows many. `sourceKey`
 * is what it was made for, so that asking twice makes one.
 */
export const statement = ledgerSchema.table(
  'statement',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: text().notNull().unique(),
    accountId: integer().notNull(),
    date: day().notNull(),
    dueDate: day().notNull(),
    format: text().notNull(),
    balanceForward: amount().notNull(),
    charges: amount().notNull(),
    amount: amount().notNull(),
    /** The moment up to which it shows what was posted. */
    madeAt: timestamp({ withTimezone: true, mode: 'string' }).notNull(),
    madeBy: integer().notNull(),
    /** Who made it where the statement came with a town folder: users do not travel. */
    madeByName: text(),
    /** Its PDF; null where it came without. */
    fileId: integer(),
    sourceKey: text().notNull().unique(),
    /** The lines it shows. */
    facts: jsonb(),
  },
  (t) => [index('statement_account').on(t.accountId, t.madeAt)],
)

/** The check that paid a refund out, by the refund's number; it is entered later (domain.md 3.14). */
export const refundCheck = pgTable('refund_check', {
  transaction: text().primaryKey(),
  accountId: integer().notNull(),
  checkNumber: text().notNull(),
  checkDate: day(),
  ...tracked,
})
