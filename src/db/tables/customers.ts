import { sql } from 'drizzle-orm'
import {
  check,
  index,
  integer,
  numeric,
  pgTable,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { code, day, flag, tracked } from './columns.ts'
import { masterContact } from './master-contacts.ts'
import {
  accountStatus,
  collectionCode,
  customerType,
  cycle,
  noteType,
  revenueClass,
  route,
  service,
} from './organization.ts'
import { addressType, phoneType } from './person-types.ts'

export const customer = pgTable(
  'customer',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique(),
    kind: text().notNull().default('individual'),
    name: text().notNull(),
    title: text(),
    firstName: text(),
    middleName: text(),
    lastName: text(),
    suffix: text(),
    spouse: text(),
    businessName: text(),
    customerTypeId: integer().references(() => customerType.id),
    altCustomerId: text(),
    active: flag(true),
    /** Not public = private: for administrators only, on every surface. */
    public: flag(true),
    bankrupt: flag(false),
    doNotAcceptPayments: flag(false),
    /** Codes of payment methods, which stay as they are once stored. */
    disallowedPayMethods: text().array().notNull().default([]),
    badDebt: flag(false),
    sentToCollections: flag(false),
    budgetBilling: flag(false),
    webUser: flag(false),
    collectionCodeId: integer().references(() => collectionCode.id),
    /** The primary address and phone; further ones stand in customer_address and customer_phone. */
    addressTypeId: integer().references(() => addressType.id),
    careOf: text(),
    addressLine1: text('address_line_1'),
    addressLine2: text('address_line_2'),
    city: text(),
    state: text(),
    zip: text(),
    country: text(),
    county: text(),
    geoCode: text(),
    email: text(),
    phone: text(),
    phoneTypeId: integer().references(() => phoneType.id),
    mailNotices: flag(true),
    emailNotices: flag(false),
    birthDate: day(),
    licenceState: text(),
    /** Sealed with the customer's own number (product.md 4). */
    licenceSealed: text(),
    licenceLast4: text('licence_last4'),
    ssnSealed: text(),
    ssnLast4: text('ssn_last4'),
    masterContactId: integer().references(() => masterContact.id),
    ...tracked,
  },
  (t) => [
    check('customer_kind', sql`${t.kind} in ('individual', 'profit', 'non_profit', 'government')`),
    index('customer_name').on(sql`lower(${t.name}) text_pattern_ops`),
    index('customer_master').on(t.masterContactId),
    // what every row policy asks for
    index('customer_private').on(t.id).where(sql`not ${t.public}`),
  ],
)

/** Alert messages are rows; Replace ends the old ones and Reverse brings them back (product.md 3.13). */
export const customerAlert = pgTable(
  'customer_alert',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    customerId: integer()
      .notNull()
      .references(() => customer.id),
    text: text().notNull(),
    since: day().notNull(),
    addedBy: integer().notNull(),
    endedAt: timestamp({ withTimezone: true, mode: 'string' }),
    ...tracked,
  },
  (t) => [index('customer_alert_customer').on(t.customerId).where(sql`${t.endedAt} is null`)],
)

export const location = pgTable('location', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  number: code().unique(),
  serviceAddress: text().notNull(),
  city: text(),
  state: text(),
  zip: text(),
  cycleId: integer().references(() => cycle.id),
  routeId: integer().references(() => route.id),
  readSequence: text(),
  revenueClassId: integer().references(() => revenueClass.id),
  parcelNumber: text(),
  rental: flag(false),
  ownerCustomerId: integer().references(() => customer.id),
  description: text(),
  region: text(),
  altLocationId: text(),
  crossStreet: text(),
  outOfTown: flag(false),
  /** A lien is placed on the property. */
  onLien: flag(false),
  ...tracked,
})

export const account = pgTable(
  'account',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique(),
    customerId: integer()
      .notNull()
      .references(() => customer.id),
    locationId: integer()
      .notNull()
      .references(() => location.id),
    connectDate: day(),
    disconnectDate: day(),
    activityStatus: text().notNull().default('Current'),
    accountStatusId: integer()
      .notNull()
      .references(() => accountStatus.id),
    statusSince: day(),
    ...tracked,
  },
  (t) => [
    check('account_activity', sql`${t.activityStatus} in ('Current', 'Waiting', 'Final')`),
    index('account_customer').on(t.customerId),
    uniqueIndex('account_one_current').on(t.locationId).where(sql`${t.activityStatus} = 'Current'`),
    index('account_location').on(t.locationId),
  ],
)

/** A service that an account has: what bills it, and since when. */
export const accountService = pgTable(
  'account_service',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    accountId: integer()
      .notNull()
      .references(() => account.id),
    serviceId: smallint()
      .notNull()
      .references(() => service.id),
    rate: text(),
    quantity: numeric({ precision: 14, scale: 4 }).notNull().default('1'),
    units: numeric({ precision: 14, scale: 4 }).notNull().default('1'),
    frequency: text().notNull().default('monthly'),
    connectDate: day(),
    disconnectDate: day(),
    ...tracked,
  },
  (t) => [unique('account_service_once').on(t.accountId, t.serviceId)],
)

/** Notes at three levels: customer (customer set), location (location set), account (both set). */
export const note = pgTable(
  'note',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    /** The town's number of it, once something names it: its files. */
    number: text().unique(),
    level: text().notNull(),
    customerId: integer().references(() => customer.id),
    locationId: integer().references(() => location.id),
    noteTypeId: integer()
      .notNull()
      .references(() => noteType.id),
    subject: text().notNull(),
    text: text(),
    created: day().notNull(),
    messageCenter: flag(false),
    paymentCenter: flag(false),
    graceDate: day(),
    /** What else the note serves, until its expiration date, inclusive. */
    usedFor: text(),
    expirationDate: day(),
    ...tracked,
  },
  (t) => [
    check(
      'note_level',
      sql`case ${t.level} when 'customer' then ${t.customerId} is not null and ${t.locationId} is null
        when 'location' then ${t.locationId} is not null and ${t.customerId} is null
        when 'account' then ${t.customerId} is not null and ${t.locationId} is not null else false end`,
    ),
    index('note_customer').on(t.customerId),
    index('note_location').on(t.locationId),
  ],
)
