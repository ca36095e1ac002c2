import { bigint, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/**
 * Who did what, when, to which record, with the values before and after. Rows of audited tables come from a
 * trigger, money's from the posting function, everything else (sign-in, export, denied) from `recordEvent`.
 */
export const audit = pgTable(
  'audit',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    actor: integer('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull().default(''),
    subjectKey: text('subject_key').notNull().default(''),
    /** Set where the row is about one customer, so that private customers' rows can be hidden. */
    customerId: integer('customer_id'),
    old: jsonb('old'),
    new: jsonb('new'),
    reason: text('reason').notNull().default(''),
    address: text('address').notNull().default(''),
  },
  (t) => [
    index('audit_at').on(t.at),
    index('audit_subject').on(t.subject, t.subjectKey),
    index('audit_customer').on(t.customerId),
  ],
)

/** The chain over the audit trail: each hash covers the one before it and the row, so a hole or a change shows. */
export const auditSeal = pgTable('audit_seal', {
  position: bigint('position', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  auditId: bigint('audit_id', { mode: 'number' }).notNull().unique(),
  hash: text('hash').notNull(),
})
