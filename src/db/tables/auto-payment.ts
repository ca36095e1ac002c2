import { sql } from 'drizzle-orm'
import { check, integer, numeric, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { amount, code, day, flag, tracked } from './columns.ts'
import { customer } from './customers.ts'
import { glAccount } from './organization.ts'

/** A bank by its routing number. */
export const bankCode = pgTable('bank_code', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  ...tracked,
})

/** How a customer's bills are paid without the customer's doing: by a draft on a bank account, or by a card's token. */
export const autoPayment = pgTable(
  'auto_payment',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    /** Of the record itself, and the place of its sealed values: a customer may get another number. */
    reference: text().notNull().unique(),
    customerId: integer()
      .notNull()
      .unique()
      .references(() => customer.id),
    /** none, draft or card. */
    type: text().notNull(),
    notifyInAdvance: flag(false),
    /** checking or savings. */
    accountType: text(),
    bankCodeId: integer().references(() => bankCode.id),
    bankAccountSealed: text(),
    bankAccountLast4: text(),
    /** balance, maximum, fixed or required. */
    special: text().notNull().default('balance'),
    maximum: amount(),
    fixed: amount(),
    /** pending, sent, active, suspended or ended, since the day beside it. */
    state: text().notNull().default('pending'),
    stateSince: day().notNull(),
    tokenSealed: text(),
    tokenLast4: text(),
    ...tracked,
  },
  (t) => [check('auto_payment_type', sql`${t.type} in ('none', 'draft', 'card')`)],
)

/** A charge that waits until a payment comes [001]: a donation, a round-up. */
export const deferredCharge = pgTable('deferred_charge', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  active: flag(true),
  /** opt_in or opt_out. */
  signup: text().notNull().default('opt_in'),
  /** overpayment or payment. */
  trigger: text().notNull().default('overpayment'),
  useFixed: flag(false),
  fixed: amount(),
  usePercentage: flag(false),
  percentage: numeric({ precision: 5, scale: 2 }),
  useRoundUp: flag(false),
  roundUp: amount(),
  /** maximum, minimum or sum of what is ticked. */
  calculation: text().notNull().default('maximum'),
  capped: flag(false),
  cap: amount(),
  glId: integer().references(() => glAccount.id),
  /** Codes of services, one a line: the first that is active on the account carries the charge. */
  serviceOrder: text(),
  companyOrder: flag(true),
  onlyIfCovered: flag(false),
  sort: integer().notNull().default(0),
  ...tracked,
})

/** Whether a customer takes part, where that is not what the charge's Signup Type says. */
export const deferredParticipation = pgTable(
  'deferred_participation',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    customerId: integer()
      .notNull()
      .references(() => customer.id),
    deferredChargeId: integer()
      .notNull()
      .references(() => deferredCharge.id),
    takesPart: flag(true),
    ...tracked,
  },
  (t) => [unique('deferred_participation_once').on(t.customerId, t.deferredChargeId)],
)
