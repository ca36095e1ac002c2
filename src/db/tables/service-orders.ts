import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { code, day, flag, tracked } from './columns.ts'
import { customer, location } from './customers.ts'

export const serviceOrderCategory = pgTable('service_order_category', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  ...tracked,
})

/** What is to be done, in words that the office uses again and again. */
export const serviceOrderCode = pgTable('service_order_code', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  serviceOrderCategoryId: integer()
    .notNull()
    .references(() => serviceOrderCategory.id),
  ...tracked,
})

/** An order that is made in one step: its code, its instructions, how soon it is due. */
export const serviceOrderTemplate = pgTable('service_order_template', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  serviceOrderCodeId: integer()
    .notNull()
    .references(() => serviceOrderCode.id),
  instructions: text(),
  /** Days from the request to the day it is due. */
  dueDays: integer().notNull().default(0),
  ...tracked,
})

export const serviceOrder = pgTable(
  'service_order',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique(),
    /** Who asked; none = the location's own order. */
    customerId: integer().references(() => customer.id),
    locationId: integer()
      .notNull()
      .references(() => location.id),
    serviceOrderCodeId: integer()
      .notNull()
      .references(() => serviceOrderCode.id),
    description: text().notNull(),
    instructions: text(),
    requested: day().notNull(),
    due: day(),
    urgent: flag(false),
    assignedTo: text(),
    completed: day(),
    result: text(),
    ...tracked,
  },
  (t) => [
    check('service_order_completed', sql`${t.completed} >= ${t.requested}`),
    index('service_order_customer').on(t.customerId),
    index('service_order_location').on(t.locationId),
    index('service_order_open').on(t.due).where(sql`${t.completed} is null`),
  ],
)
