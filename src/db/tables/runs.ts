import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  customType,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { amount, flag, tracked } from './columns.ts'
import { ledgerSchema } from './ledger.ts'

const id = () => bigint({ mode: 'number' })
const moment = () => timestamp({ withTimezone: true, mode: 'string' })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** A run of a batch routine, or the token of a single posting. `posting` never outlives its database transaction. */
export const run = ledgerSchema.table(
  'run',
  {
    id: id().primaryKey().generatedByDefaultAsIdentity(),
    number: text(),
    kind: text().notNull(),
    state: text().notNull().default('preparing'),
    options: jsonb().notNull().default({}),
    criteria: jsonb().notNull().default({}),
    /** What the staged accounts' fingerprints are made of: the ledger version or the certified buckets. */
    factsKind: text().notNull().default('version'),
    previewHash: text(),
    accountCount: integer(),
    transactionCount: integer(),
    postingCount: integer(),
    total: numeric({ precision: 16, scale: 2 }),
    fees: numeric({ precision: 16, scale: 2 }),
    outsideCriteria: integer().notNull().default(0),
    enteredTransactions: integer().notNull().default(0),
    enteredPostings: integer().notNull().default(0),
    preparedBy: integer().notNull(),
    preparedAt: moment().notNull().defaultNow(),
    postedBy: integer(),
    postedAt: moment(),
    /** The import that it came with, and who prepared and posted it elsewhere, by name: users do not travel. */
    importRunId: id(),
    preparedByName: text(),
    postedByName: text(),
    reversesRunId: id(),
    reason: text(),
    progressDone: integer().notNull().default(0),
    progressTotal: integer().notNull().default(0),
    failure: text(),
    /** Count and totals of the preview before this one, for "what changed since the last preview". */
    lastPreview: jsonb(),
    result: jsonb(),
  },
  (t) => [
    check('run_state', sql`${t.state} in ('preparing', 'prepared', 'posting', 'posted', 'cancelled', 'failed')`),
    uniqueIndex('run_reverses')
      .on(t.reversesRunId)
      .where(sql`${t.reversesRunId} is not null and ${t.state} = 'posted'`),
    uniqueIndex('run_number').on(t.number).where(sql`${t.number} is not null`),
    index('run_kind').on(t.kind, t.id),
  ],
)

export const stagedAccount = ledgerSchema.table(
  'staged_account',
  {
    runId: id().notNull(),
    accountId: integer().notNull(),
    fingerprint: text().notNull(),
    before: amount(),
    after: amount(),
    /** What the rule used, kept so that the preview can explain itself. */
    facts: jsonb(),
    /** What will be posted, as the preview shows it: [{type, service, amount, taxYear, fee}]. */
    lines: jsonb(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.accountId] })],
)

/** Who met the criteria and was left out, with each test, its value, threshold and outcome. */
export const stagedExclusion = ledgerSchema.table(
  'staged_exclusion',
  { runId: id().notNull(), accountId: integer().notNull(), reasons: jsonb().notNull() },
  (t) => [primaryKey({ columns: [t.runId, t.accountId] })],
)

/**
 * What a run does to other data: kind, target row, old value, new value; applied by posting, undone by Reverse where
 * the value is still what the run set. `note` is what the preview says of it; `applied` is written by posting only.
 */
export const stagedEffect = ledgerSchema.table(
  'staged_effect',
  {
    runId: id().notNull(),
    line: integer().notNull(),
    accountId: integer(),
    kind: text().notNull(),
    target: integer().notNull(),
    old: jsonb(),
    new: jsonb(),
    note: text(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.line] })],
)

/** What a posted run did to other data; Reverse reads it. Insert-only. */
export const runEffect = ledgerSchema.table(
  'run_effect',
  {
    runId: id().notNull(),
    line: integer().notNull(),
    accountId: integer(),
    kind: text().notNull(),
    target: integer().notNull(),
    old: jsonb(),
    new: jsonb(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.line] })],
)

/** Bytes are in the database, in chunks of 256 KB: registers, notices, county files; nothing on local disk. */
export const file = pgTable('file', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  name: text().notNull(),
  mediaType: text().notNull(),
  bytes: integer().notNull(),
  sha256: text().notNull(),
  createdAt: moment().notNull().defaultNow(),
  createdBy: integer().notNull(),
})

export const fileChunk = pgTable(
  'file_chunk',
  {
    fileId: integer()
      .notNull()
      .references(() => file.id),
    position: integer().notNull(),
    bytes: bytea().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.position] })],
)

/** Files of a run. Kept when it is reversed, then marked so. */
export const runFile = ledgerSchema.table(
  'run_file',
  {
    runId: id().notNull(),
    name: text().notNull(),
    fileId: integer().notNull(),
    /** Names accounts of private customers: shown to administrators only. */
    holdsPrivate: flag(false),
  },
  (t) => [primaryKey({ columns: [t.runId, t.name] })],
)

/** Saved selection criteria, shared by all users of a routine. */
export const savedCriteria = pgTable(
  'saved_criteria',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    kind: text().notNull(),
    name: text().notNull(),
    criteria: jsonb().notNull(),
    ...tracked,
  },
  (t) => [uniqueIndex('saved_criteria_name').on(t.kind, t.name)],
)
