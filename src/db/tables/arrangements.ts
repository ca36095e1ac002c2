import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { amount, code, day, tracked } from './columns.ts'
import { account } from './customers.ts'
import { service } from './organization.ts'

const moment = () => timestamp({ withTimezone: true, mode: 'string' })

/** A payment plan with the terms that were agreed; what was paid on it is read from the ledger. */
export const arrangement = pgTable(
  'arrangement',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique(),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    madeOn: day().notNull(),
    /** What was posted later counts; none = whatever is dated later does. */
    madeAt: moment(),
    description: text().notNull(),
    /** Of the chosen services together, when it was made. */
    accountBalance: amount().notNull(),
    amount: amount().notNull(),
    /** Due with the regular bills; else by its own frequency from its start date. */
    regularBilling: boolean().notNull().default(false),
    frequency: text(),
    startDate: day(),
    /** Days after an instalment's due date until the plan is broken. */
    graceDays: integer().notNull().default(0),
    paymentOrder: text().notNull().default('instalment'),
    endedOn: day(),
    endedAs: text(),
    endedReason: text(),
    ...tracked,
  },
  (t) => [
    check('arrangement_amount', sql`${t.amount} > 0 and ${t.amount} <= ${t.accountBalance}`),
    check(
      'arrangement_due',
      sql`case when ${t.regularBilling} then ${t.frequency} is null and ${t.startDate} is null
        else ${t.frequency} in ('weekly', 'biweekly', 'monthly', 'quarterly') and ${t.startDate} is not null end`,
    ),
    check('arrangement_order', sql`${t.paymentOrder} in ('instalment', 'bill')`),
    check(
      'arrangement_ended',
      sql`(${t.endedOn} is null) = (${t.endedAs} is null) and coalesce(${t.endedAs} in ('completed', 'broken', 'cancelled'), true)`,
    ),
    index('arrangement_account').on(t.accountId),
    uniqueIndex('arrangement_unfinished').on(t.accountId).where(sql`${t.endedOn} is null`),
  ],
)

/** A service of the plan and what was owed on it when the plan was made. */
export const arrangementService = pgTable(
  'arrangement_service',
  {
    arrangementId: integer()
      .notNull()
      .references(() => arrangement.id, { onDelete: 'cascade' }),
    serviceId: smallint()
      .notNull()
      .references(() => service.id),
    balance: amount().notNull(),
  },
  (t) => [primaryKey({ columns: [t.arrangementId, t.serviceId] })],
)

export const arrangementInstalment = pgTable(
  'arrangement_instalment',
  {
    arrangementId: integer()
      .notNull()
      .references(() => arrangement.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    dueDate: day().notNull(),
    amount: amount().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.arrangementId, t.position] }),
    check('arrangement_instalment_amount', sql`${t.amount} > 0`),
  ],
)

/** A plan that a user is making: how far the wizard is, what was typed, what it came to. `made` = the plan it became. */
export const arrangementDraft = pgTable(
  'arrangement_draft',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    accountId: integer()
      .notNull()
      .references(() => account.id, { onDelete: 'cascade' }),
    userId: integer().notNull(),
    step: text().notNull().default('setup'),
    typed: jsonb().notNull().default({}),
    terms: jsonb(),
    made: text(),
    changedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    check('arrangement_draft_step', sql`${t.step} in ('setup', 'review', 'confirmation', 'finish')`),
    index('arrangement_draft_account').on(t.accountId),
  ],
)
