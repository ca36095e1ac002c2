import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { amount, day } from './columns.ts'

export const ledgerSchema = pgSchema('ledger')

/** The books: a control account of the general ledger names its subsidiary book. */
export const subledger = ledgerSchema.enum('subledger', ['general', 'utility', 'certified', 'deposit'])

/** Taken when a row is staged: posting copies rows as they are, without a mapping. */
export const transactionId = ledgerSchema.sequence('transaction_id')

const id = () => bigint({ mode: 'number' })
const moment = () => timestamp({ withTimezone: true, mode: 'string' })

/** A period is known by its last day. The row `infinity` is the bucket of open credit and is closed. */
export const period = ledgerSchema.table('period', {
  endDate: date({ mode: 'string' }).primaryKey(),
  closedAt: moment(),
})

/** The account's lock and version: moved by every transaction and every certification of the account. */
export const accountLedger = ledgerSchema.table('account_ledger', {
  accountId: integer().primaryKey(),
  version: id().notNull().default(0),
})

/** Header. References are proven once per statement by triggers, not by foreign keys (ledger figures in docs/). */
export const transaction = ledgerSchema.table(
  'transaction',
  {
    id: id().primaryKey(),
    number: text(),
    runId: id().notNull(),
    runNumber: text(),
    accountId: integer(),
    transactionDate: day().notNull(),
    period: day().notNull(),
    dueDate: day(),
    postingCount: smallint().notNull(),
    postedBy: integer().notNull(),
    postedAt: moment().notNull(),
    reversesId: id(),
    type: text().notNull(),
    description: text().notNull(),
    sourceKey: text(),
    method: text(),
    reference: text(),
    receipt: text(),
    link: text(),
    facts: jsonb(),
    /** Who posted it elsewhere, by name, where it came with a town folder. */
    recordedBy: text(),
  },
  (t) => [
    check('transaction_posting_count', sql`${t.postingCount} >= 2`),
    check(
      'transaction_type',
      sql`${t.type} in ('Bill','Pen','Int','Misc','Pmt','Adj','PAdj','Fee','CertPmt','CertAdj','Dep','DepApp','DepRef','Ref','WriteOff','Open','Xfer','NSF','Rev')`,
    ),
    check('transaction_source', sql`(${t.sourceKey} is null) = (${t.reversesId} is not null)`),
    index('transaction_run').on(t.runId),
    index('transaction_account').on(t.accountId, t.transactionDate, t.id),
    uniqueIndex('transaction_reverses').on(t.reversesId).where(sql`${t.reversesId} is not null`),
    uniqueIndex('transaction_number').on(t.number).where(sql`${t.number} is not null`),
    index('transaction_receipt').on(t.receipt).where(sql`${t.receipt} is not null`),
    index('transaction_reference').on(t.reference).where(sql`${t.reference} is not null`),
    index('transaction_refund').on(t.transactionDate, t.id).where(sql`${t.type} in ('Ref', 'DepRef')`),
  ],
)

/** The columns of a posting, staged or posted. */
export const postingColumns = () => ({
  transactionId: id().notNull(),
  glAccountId: integer().notNull(),
  subledger: subledger().notNull(),
  accountId: integer(),
  period: day().notNull(),
  agingPeriod: day(),
  line: smallint().notNull(),
  serviceId: smallint(),
  taxYear: smallint(),
  depositId: integer(),
  amount: amount().notNull(),
})

export const posting = ledgerSchema.table('posting', postingColumns(), (t) => [
  primaryKey({ columns: [t.period, t.transactionId, t.line] }),
  check('posting_amount', sql`${t.amount} <> 0`),
  check(
    'posting_dimensions',
    sql`case ${t.subledger}
      when 'utility' then ${t.accountId} is not null and ${t.serviceId} is not null and ${t.agingPeriod} is not null
        and ${t.taxYear} is null and ${t.depositId} is null and (${t.serviceId} <> 0 or ${t.agingPeriod} = 'infinity')
      when 'certified' then ${t.accountId} is not null and ${t.taxYear} is not null and ${t.agingPeriod} is null and ${t.depositId} is null
      when 'deposit' then ${t.accountId} is not null and ${t.depositId} is not null and ${t.agingPeriod} is null and ${t.taxYear} is null
      else ${t.accountId} is null and ${t.agingPeriod} is null and ${t.depositId} is null end`,
  ),
])

/** What is unpaid by account, service and aging period; a row at zero is deleted. */
export const openItem = ledgerSchema.table(
  'open_item',
  {
    accountId: integer().notNull(),
    serviceId: smallint().notNull(),
    agingPeriod: day().notNull(),
    unpaid: amount().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.serviceId, t.agingPeriod] }),
    check(
      'open_item_not_overpaid',
      sql`case when ${t.agingPeriod} = 'infinity' then ${t.unpaid} < 0 else ${t.unpaid} > 0 end`,
    ),
  ],
)

export const certifiedBalance = ledgerSchema.table(
  'certified_balance',
  { accountId: integer().notNull(), taxYear: smallint().notNull(), balance: amount().notNull() },
  (t) => [
    primaryKey({ columns: [t.accountId, t.taxYear] }),
    check('certified_balance_not_overpaid', sql`${t.balance} >= 0`),
  ],
)

/** Deposit held by account, service (0 = none) and deposit; a liability, so never above zero here. */
export const depositBalance = ledgerSchema.table(
  'deposit_balance',
  {
    accountId: integer().notNull(),
    serviceId: smallint().notNull(),
    depositId: integer().notNull(),
    balance: amount().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.serviceId, t.depositId] }),
    check('deposit_balance_not_overdrawn', sql`${t.balance} <= 0`),
  ],
)

/** The GL journal of a run; insert-only. Trial balance = sum of its rows; it carries the foreign keys of its postings. */
export const journal = ledgerSchema.table(
  'journal',
  {
    runId: id().notNull(),
    period: day().notNull(),
    glAccountId: integer().notNull(),
    subledger: subledger().notNull(),
    serviceId: smallint(),
    debit: numeric({ precision: 16, scale: 2 }).notNull(),
    credit: numeric({ precision: 16, scale: 2 }).notNull(),
  },
  (t) => [index('journal_period').on(t.period, t.glAccountId)],
)

/** The source keys in force: entered with their transaction, gone with its reversal, written by nobody else. */
export const liveSource = ledgerSchema.table('live_source', {
  sourceKey: text().primaryKey(),
  transactionId: id().notNull(),
})

export const deposit = ledgerSchema.table('deposit', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  number: text().notNull().unique(),
  accountId: integer().notNull(),
})

/** A receipt: number from one gapless counter; its lines are the transactions that name it. */
export const receipt = ledgerSchema.table('receipt', {
  number: text().primaryKey(),
  date: day().notNull(),
  takenAt: moment().notNull().defaultNow(),
  takenBy: integer().notNull(),
  /** By name, where it came with a town folder. */
  takenByName: text(),
  drawer: text(),
  tenders: jsonb().notNull(),
  total: amount().notNull(),
})

export const counter = ledgerSchema.table('counter', { name: text().primaryKey(), value: id().notNull() })

/** One answer per request: a twin waits, then gets the first answer. */
export const request = ledgerSchema.table(
  'request',
  {
    userId: integer().notNull(),
    path: text().notNull(),
    key: text().notNull(),
    bodyHash: text().notNull(),
    answer: jsonb(),
    at: moment().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.path, t.key] })],
)

/** The proofs of the ledger, newest last: each check with its count of faults and the accounts at fault. */
export const proof = ledgerSchema.table('proof', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  at: moment().notNull().defaultNow(),
  checks: jsonb().notNull(),
})

/** Accounts that the ledger proof found at fault: no money is posted to them until the proof is clean again. */
export const parkedAccount = ledgerSchema.table('parked_account', {
  accountId: integer().primaryKey(),
  reason: text().notNull(),
  at: moment().notNull().defaultNow(),
})
