import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, text, timestamp } from 'drizzle-orm/pg-core'
import { amount, day } from './columns.ts'
import { ledgerSchema } from './ledger.ts'

const moment = () => timestamp({ withTimezone: true, mode: 'string' })

/**
 * An unposted row of a batch (product.md 1.3): what a clerk entered, decided anew when the batch is prepared. It is
 * written by the posting functions only. A row that was taken out stays, for its receipt keeps its number.
 */
export const batchEntry = ledgerSchema.table(
  'batch_entry',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    runId: bigint({ mode: 'number' }).notNull(),
    accountId: integer().notNull(),
    type: text().notNull(),
    date: day().notNull(),
    /** The change of the account's balance: a payment is below zero. */
    amount: amount().notNull(),
    description: text().notNull(),
    method: text(),
    reference: text(),
    receipt: text(),
    /** What was entered beside: a payment's hand allocation, an adjustment's lines and reason. */
    input: jsonb().notNull(),
    enteredBy: integer().notNull(),
    enteredAt: moment().notNull().defaultNow(),
    version: integer().notNull().default(1),
    removedAt: moment(),
    removedBy: integer(),
  },
  (t) => [
    check('batch_entry_type', sql`${t.type} in ('Pmt', 'Adj')`),
    index('batch_entry_run').on(t.runId, t.id),
    index('batch_entry_account').on(t.accountId).where(sql`${t.removedAt} is null`),
    index('batch_entry_receipt').on(t.receipt).where(sql`${t.receipt} is not null`),
  ],
)
