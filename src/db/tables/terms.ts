import { sql } from 'drizzle-orm'
import { check, index, integer, numeric, pgTable, text } from 'drizzle-orm/pg-core'
import { amount, code, day, flag, tracked } from './columns.ts'
import { customer, location } from './customers.ts'
import { customerType, glAccount, revenueClass } from './organization.ts'

/** Where a term hangs: a customer, a location, or the two together, which is an account. */
const leveled = {
  level: text().notNull(),
  customerId: integer().references(() => customer.id),
  locationId: integer().references(() => location.id),
}

const levelIs = (name: string) =>
  check(
    name,
    sql`case level when 'customer' then customer_id is not null and location_id is null
      when 'location' then location_id is not null and customer_id is null
      when 'account' then customer_id is not null and location_id is not null else false end`,
  )

/** What a special condition takes a customer, account or location out of, and who may have it. */
export const conditionCode = pgTable('condition_code', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  icon: text(),
  exemptPenalty: flag(false),
  exemptInterest: flag(false),
  exemptStatement: flag(false),
  exemptDelinquentNotice: flag(false),
  exemptShutoffNotice: flag(false),
  exemptCertification: flag(false),
  requiresKind: text(),
  requiresCustomerTypeId: integer().references(() => customerType.id),
  requiresRevenueClassId: integer().references(() => revenueClass.id),
  ...tracked,
})

export const specialCondition = pgTable(
  'special_condition',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    ...leveled,
    conditionCodeId: integer()
      .notNull()
      .references(() => conditionCode.id),
    effectiveDate: day().notNull(),
    /** Last day it applies, inclusive; none = permanent. */
    expirationDate: day(),
    active: flag(true),
    ...tracked,
  },
  (t) => [
    levelIs('special_condition_level'),
    check('special_condition_dates', sql`${t.expirationDate} > ${t.effectiveDate}`),
    index('special_condition_customer').on(t.customerId),
    index('special_condition_location').on(t.locationId),
  ],
)

/** A discount, credit or rebate that may be given: several items may share a code. */
export const recurringItem = pgTable('recurring_item', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  item: code().unique(),
  code: code(),
  name: text().notNull(),
  amount: amount(),
  /** A fraction: 0.10 = 10 %. */
  percent: numeric({ precision: 9, scale: 6 }),
  beforeTax: flag(true),
  /** Given even where it exceeds the charge. */
  rebate: flag(false),
  timesToApply: integer().notNull().default(0),
  glId: integer().references(() => glAccount.id),
  active: flag(true),
  ...tracked,
})

export const appliedItem = pgTable(
  'applied_item',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    ...leveled,
    recurringItemId: integer()
      .notNull()
      .references(() => recurringItem.id),
    effectiveDate: day().notNull(),
    /** How often it is given; 0 = while active. */
    timesToApply: integer().notNull(),
    timesApplied: integer().notNull().default(0),
    active: flag(true),
    ...tracked,
  },
  (t) => [
    levelIs('applied_item_level'),
    check('applied_item_times', sql`${t.timesToApply} >= 0 and ${t.timesApplied} >= 0`),
    index('applied_item_customer').on(t.customerId),
    index('applied_item_location').on(t.locationId),
  ],
)

export const demographicCategory = pgTable('demographic_category', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  /** account, customer or location: where its items hang. */
  level: text().notNull(),
  ...tracked,
})

export const demographicItem = pgTable('demographic_item', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  kind: text(),
  demographicCategoryId: integer()
    .notNull()
    .references(() => demographicCategory.id),
  multiplier: numeric({ precision: 14, scale: 4 }).notNull().default('1'),
  ...tracked,
})

export const demographic = pgTable(
  'demographic',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    /** The town's number of it, for files. */
    number: code().unique(),
    ...leveled,
    demographicItemId: integer()
      .notNull()
      .references(() => demographicItem.id),
    ...tracked,
  },
  (t) => [
    levelIs('demographic_level'),
    index('demographic_customer').on(t.customerId),
    index('demographic_location').on(t.locationId),
  ],
)

/** How many there are, from a day on: an earlier value stays in the history. */
export const demographicValue = pgTable(
  'demographic_value',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    demographicId: integer()
      .notNull()
      .references(() => demographic.id, { onDelete: 'cascade' }),
    effectiveDate: day().notNull(),
    value: numeric({ precision: 14, scale: 4 }).notNull(),
    ...tracked,
  },
  (t) => [index('demographic_value_of').on(t.demographicId, t.effectiveDate)],
)

export const demographicVariance = pgTable(
  'demographic_variance',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    demographicId: integer()
      .notNull()
      .references(() => demographic.id, { onDelete: 'cascade' }),
    variance: text().notNull(),
    amount: numeric({ precision: 14, scale: 4 }).notNull().default('0'),
    value: numeric({ precision: 14, scale: 4 }).notNull().default('0'),
    effectiveDate: day().notNull(),
    /** Last day it counts, inclusive; none = from then on. */
    expirationDate: day(),
    reference: text(),
    ...tracked,
  },
  (t) => [
    check('demographic_variance_dates', sql`${t.expirationDate} >= ${t.effectiveDate}`),
    index('demographic_variance_of').on(t.demographicId),
  ],
)
