import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { tracked } from './columns.ts'
import { customer } from './customers.ts'
import { addressType, phoneType } from './person-types.ts'

const ofCustomer = () =>
  integer()
    .notNull()
    .references(() => customer.id, { onDelete: 'cascade' })

const monthDay = (column: 'mail_from' | 'mail_to') =>
  check(`customer_address_${column}`, sql.raw(`${column} ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'`))

/**
 * Further addresses of a customer; the primary one stands in the customer's own row. With a season it takes the primary
 * address' place for mail from one day of the year to another, both included.
 */
export const customerAddress = pgTable(
  'customer_address',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    customerId: ofCustomer(),
    addressTypeId: integer().references(() => addressType.id),
    careOf: text(),
    addressLine1: text('address_line_1').notNull(),
    addressLine2: text('address_line_2'),
    city: text(),
    state: text(),
    zip: text(),
    country: text(),
    county: text(),
    geoCode: text(),
    /** MM-DD. */
    mailFrom: text(),
    mailTo: text(),
    ...tracked,
  },
  (t) => [
    index('customer_address_customer').on(t.customerId),
    monthDay('mail_from'),
    monthDay('mail_to'),
    check('customer_address_season', sql`(${t.mailFrom} is null) = (${t.mailTo} is null)`),
  ],
)

/** Further phone numbers of a customer; the primary one stands in the customer's own row. */
export const customerPhone = pgTable(
  'customer_phone',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    customerId: ofCustomer(),
    phoneTypeId: integer().references(() => phoneType.id),
    number: text().notNull(),
    ...tracked,
  },
  (t) => [index('customer_phone_customer').on(t.customerId)],
)

/** How a customer signs in online, where the town offers that: the password's hash, and a link that sets it once. */
export const customerWebLogin = pgTable('customer_web_login', {
  customerId: integer()
    .primaryKey()
    .references(() => customer.id, { onDelete: 'cascade' }),
  passwordHash: text(),
  linkHash: text().unique('customer_web_login_link'),
  linkExpiresAt: timestamp({ withTimezone: true, mode: 'string' }),
  ...tracked,
})
