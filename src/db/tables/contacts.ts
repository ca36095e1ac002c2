import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  check,
  index,
  integer,
  type PgColumnBuilderBase,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { code, day, flag, tracked } from './columns.ts'
import { customer, location } from './customers.ts'
import { masterContact } from './master-contacts.ts'
import { addressType, emailType, phoneType } from './person-types.ts'

/** What a contact is, and whether it goes with the customer or stays with the location; the system's own stay as they are. */
export const contactType = pgTable(
  'contact_type',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    code: code().unique(),
    name: text().notNull(),
    place: text().notNull().default('customer'),
    system: flag(false),
    ...tracked,
  },
  (t) => [check('contact_type_place', sql`${t.place} in ('customer', 'location')`)],
)

/** A contact of a customer, wherever he lives, or of a location, whoever lives there. */
export const contact = pgTable(
  'contact',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique('contact_number'),
    customerId: integer().references(() => customer.id),
    locationId: integer().references(() => location.id),
    contactTypeId: integer()
      .notNull()
      .references(() => contactType.id),
    notices: text().notNull().default('none'),
    firstName: text().notNull(),
    middleName: text(),
    lastName: text().notNull(),
    suffix: text(),
    birthDate: day(),
    /** Sealed with the contact's own number (product.md 4). */
    licenceSealed: text(),
    licenceLast4: text('licence_last4'),
    ssnSealed: text(),
    ssnLast4: text('ssn_last4'),
    masterContactId: integer().references(() => masterContact.id),
    ...tracked,
  },
  (t) => [
    check('contact_place', sql`(${t.customerId} is null) <> (${t.locationId} is null)`),
    check('contact_notices', sql`${t.notices} in ('mail', 'email', 'none')`),
    index('contact_customer').on(t.customerId),
    index('contact_location').on(t.locationId),
    index('contact_master').on(t.masterContactId),
  ],
)

/** What a contact has several of, one of them primary. */
const partOf = <C extends Record<string, PgColumnBuilderBase>>(name: string, columns: C) =>
  pgTable(
    name,
    {
      id: integer().primaryKey().generatedByDefaultAsIdentity(),
      contactId: integer()
        .notNull()
        .references((): AnyPgColumn => contact.id, { onDelete: 'cascade' }),
      isPrimary: flag(false),
      ...columns,
      ...tracked,
    },
    (t) => {
      const { contactId, isPrimary } = t as unknown as Record<'contactId' | 'isPrimary', AnyPgColumn>
      return [
        index(`${name}_contact`).on(contactId),
        uniqueIndex(`${name}_one_primary`).on(contactId).where(sql`${isPrimary}`),
      ]
    },
  )

export const contactAddress = partOf('contact_address', {
  addressTypeId: integer()
    .notNull()
    .references(() => addressType.id),
  careOf: text(),
  addressLine1: text('address_line_1').notNull(),
  addressLine2: text('address_line_2'),
  city: text().notNull(),
  state: text().notNull(),
  zip: text(),
  country: text().notNull(),
  county: text(),
  geoCode: text(),
})

export const contactEmail = partOf('contact_email', {
  emailTypeId: integer()
    .notNull()
    .references(() => emailType.id),
  address: text().notNull(),
  description: text(),
})

export const contactPhone = partOf('contact_phone', {
  phoneTypeId: integer()
    .notNull()
    .references(() => phoneType.id),
  number: text().notNull(),
  extension: text(),
  description: text(),
})

/** A master contact that went into another one: who did it, when; its records came from `master_moved`. */
export const masterMerge = pgTable(
  'master_merge',
  {
    masterContactId: integer()
      .primaryKey()
      .references(() => masterContact.id),
    intoId: integer()
      .notNull()
      .references(() => masterContact.id),
    mergedAt: timestamp({ withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    mergedBy: text().notNull(),
    ...tracked,
  },
  (t) => [index('master_merge_into').on(t.intoId)],
)

/** A record that a merge moved: undoing it moves it back, where it still is. */
export const masterMoved = pgTable(
  'master_moved',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    masterContactId: integer()
      .notNull()
      .references(() => masterMerge.masterContactId, { onDelete: 'cascade' }),
    customerId: integer().references(() => customer.id, { onDelete: 'cascade' }),
    contactId: integer().references(() => contact.id, { onDelete: 'cascade' }),
    ...tracked,
  },
  (t) => [
    check('master_moved_one', sql`(${t.customerId} is null) <> (${t.contactId} is null)`),
    index('master_moved_merge').on(t.masterContactId),
  ],
)
