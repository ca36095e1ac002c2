import { sql } from 'drizzle-orm'
import { bigint, integer, jsonb, primaryKey, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { day } from './columns.ts'
import { ledgerSchema, postingColumns } from './ledger.ts'

const id = () => bigint({ mode: 'number' })
const moment = () => timestamp({ withTimezone: true, mode: 'string' })

/** What will be posted: its rows are copied as they are. */
export const stagedTransaction = ledgerSchema.table(
  'staged_transaction',
  {
    id: id().notNull().default(sql`nextval('ledger.transaction_id')`),
    runId: id().notNull(),
    number: text(),
    runNumber: text(),
    accountId: integer(),
    transactionDate: day().notNull(),
    period: day().notNull(),
    dueDate: day(),
    postingCount: smallint().notNull(),
    type: text().notNull(),
    description: text().notNull(),
    sourceKey: text(),
    reversesId: id(),
    method: text(),
    reference: text(),
    receipt: text(),
    link: text(),
    facts: jsonb(),
    recordedAt: moment(),
    recordedBy: text(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.id] })],
)

export const stagedPosting = ledgerSchema.table(
  'staged_posting',
  { runId: id().notNull(), ...postingColumns() },
  (t) => [primaryKey({ columns: [t.runId, t.transactionId, t.line] })],
)
