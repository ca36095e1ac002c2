import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { amount, code, day, flag, tracked } from './columns.ts'
import { account, customer, location } from './customers.ts'
import { service } from './organization.ts'

/** A customer that is being set up: what a user typed so far, step by step. `made` = the customer it became. */
export const setupDraft = pgTable(
  'setup_draft',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    userId: integer().notNull(),
    typed: jsonb().notNull().default({}),
    made: jsonb(),
    changedAt: timestamp({ withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (t) => [index('setup_draft_user').on(t.userId)],
)

/** Who shares responsibility for a customer's accounts: at most one person, who is a customer too. */
export const cosigner = pgTable(
  'cosigner',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    customerId: integer()
      .notNull()
      .unique()
      .references(() => customer.id),
    cosignerCustomerId: integer()
      .notNull()
      .references(() => customer.id),
    ...tracked,
  },
  (t) => [
    check('cosigner_other', sql`${t.customerId} <> ${t.cosignerCustomerId}`),
    index('cosigner_of').on(t.cosignerCustomerId),
  ],
)

/** What was agreed with the owner of a rented location: one for each location; the landlord is its owner. */
export const landlordAgreement = pgTable('landlord_agreement', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  locationId: integer()
    .notNull()
    .unique()
    .references(() => location.id),
  /** Service goes back to the landlord when a tenant leaves and nobody follows. */
  autoConnect: flag(true),
  /** The landlord gets a copy of the tenant's notices. */
  noticeCopies: flag(false),
  since: day(),
  ...tracked,
})

/** A deposit that a customer is to pay: how much for which service, in how many parts. Money stands in the ledger. */
export const depositAgreement = pgTable(
  'deposit_agreement',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    /** The deposit's number, in the ledger too once something is paid. */
    number: code().unique(),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    serviceId: smallint()
      .notNull()
      .references(() => service.id),
    amount: amount().notNull(),
    installments: smallint().notNull().default(1),
    agreedOn: day().notNull(),
    description: text(),
    ...tracked,
  },
  (t) => [
    check('deposit_agreement_amount', sql`${t.amount} > 0`),
    check('deposit_agreement_installments', sql`${t.installments} between 1 and 24`),
    index('deposit_agreement_account').on(t.accountId),
  ],
)

/** How a customer left a location: what its undoing puts back. One for each account, gone when it is undone. */
export const moveOut = pgTable('move_out', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  accountId: integer()
    .notNull()
    .unique()
    .references(() => account.id),
  date: day().notNull(),
  /** Codes of the services that it disconnected. */
  services: text().array().notNull().default([]),
  /** The last reads that it entered: [{meter, date}]. */
  reads: jsonb().notNull().default([]),
  /** Number of the transaction that applied the deposit. */
  application: text(),
  /** Number of the final statement. */
  statement: text(),
  ...tracked,
})
