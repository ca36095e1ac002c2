import { sql } from 'drizzle-orm'
import { check, integer, pgTable, primaryKey, smallint, text, unique } from 'drizzle-orm/pg-core'
import { amount, code, flag, tracked } from './columns.ts'
import { subledger } from './ledger.ts'

/** The settings of the organization by name; their types and defaults stand in organization/settings.ts. */
export const setting = pgTable('setting', { name: text().primaryKey(), value: text().notNull(), ...tracked })

export const glAccount = pgTable(
  'gl_account',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique(),
    name: text().notNull(),
    type: text().notNull(),
    /** Which book the account controls; derived from services and settings, refused to change once posted to. */
    subledger: subledger().notNull().default('general'),
    ...tracked,
  },
  (t) => [
    unique('gl_account_subledger').on(t.id, t.subledger),
    check('gl_account_type', sql`${t.type} in ('asset', 'liability', 'revenue', 'expense', 'equity')`),
  ],
)

/** Organization > Services. Row 0, code '', is the account's own open credit. */
export const service = pgTable(
  'service',
  {
    id: smallint().primaryKey().generatedByDefaultAsIdentity(),
    code: code().unique(),
    name: text().notNull(),
    kind: text().notNull().default('flat'),
    active: flag(true),
    allowNewBillings: flag(true),
    sort: integer().notNull().default(0),
    subjectToCertification: flag(false),
    certificationPeriods: smallint().notNull().default(0),
    subjectToPenalty: flag(false),
    penaltyPeriods: smallint().notNull().default(0),
    penaltyType: smallint().notNull().default(0),
    billFinalDisconnect: flag(false),
    defaultRate: text(),
    defaultFrequency: text().notNull().default('monthly'),
    defaultMultiplier: integer().notNull().default(1),
    depositAllowed: flag(false),
    defaultDeposit: amount(),
    minimumRate: amount(),
    maximumRate: amount(),
    unitsBase: flag(false),
    receivableGl: integer().references(() => glAccount.id),
    revenueGl: integer().references(() => glAccount.id),
    ...tracked,
  },
  (t) => [
    check('service_kind', sql`${t.kind} in ('metered', 'flat', 'penalty', 'fee')`),
    check('service_certification_periods', sql`${t.certificationPeriods} between 0 and 120`),
    check('service_penalty_type', sql`${t.penaltyType} between 0 and 8`),
  ],
)

/** Organization > Payment Allocation: the three priority lists and the two overpayment lists. */
export const paymentAllocation = pgTable(
  'payment_allocation',
  {
    list: text().notNull(),
    position: integer().notNull(),
    serviceId: smallint()
      .notNull()
      .references(() => service.id),
    ...tracked,
  },
  (t) => [
    primaryKey({ columns: [t.list, t.position] }),
    unique('payment_allocation_service').on(t.list, t.serviceId),
    check('payment_allocation_list', sql`${t.list} in ('first', 'second', 'third', 'overpayment', 'exclude')`),
  ],
)

export const paymentMethod = pgTable(
  'payment_method',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    code: code().unique(),
    name: text().notNull(),
    kind: text().notNull().default('other'),
    glId: integer('gl_id').references(() => glAccount.id),
    active: flag(true),
    referenceRequired: flag(false),
    ...tracked,
  },
  (t) => [
    check('payment_method_kind', sql`${t.kind} in ('cash', 'check', 'card', 'money_order', 'ach', 'county', 'other')`),
  ],
)

const codeTable = (name: string) =>
  pgTable(name, {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    code: code().unique(),
    name: text().notNull(),
    ...tracked,
  })

export const customerType = codeTable('customer_type')
export const revenueClass = codeTable('revenue_class')
export const route = codeTable('route')
export const noteType = codeTable('note_type')

/** Current and Shutoff are fixed rows: neither edited nor deleted [001]. */
export const accountStatus = pgTable('account_status', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  fixed: flag(false),
  ...tracked,
})

export const cycle = pgTable('cycle', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  dueDays: integer(),
  ...tracked,
})

export const collectionCode = pgTable('collection_code', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  sendUtilityBill: flag(true),
  delinquentNotice: flag(true),
  sendShutoffNotice: flag(true),
  displayWarning: flag(false),
  ...tracked,
})
