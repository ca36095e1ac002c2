import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { code, day, flag, tracked } from './columns.ts'
import { customer, location } from './customers.ts'
import { file } from './runs.ts'

/** Who has it: a customer or a location. */
const held = {
  customerId: integer().references(() => customer.id),
  locationId: integer().references(() => location.id),
}

const oneHolder = (name: string) => check(name, sql`num_nonnulls(customer_id, location_id) = 1`)

/** A user defined code: its caption, and what it may say. */
export const codeCaption = pgTable('code_caption', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  /** customer or location. */
  holder: text().notNull(),
  ...tracked,
})

export const codeValue = pgTable('code_value', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  codeCaptionId: integer()
    .notNull()
    .references(() => codeCaption.id),
  ...tracked,
})

/** A code that a customer or a location carries: one value a caption. */
export const assignedCode = pgTable(
  'assigned_code',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    ...held,
    codeCaptionId: integer()
      .notNull()
      .references(() => codeCaption.id),
    codeValueId: integer()
      .notNull()
      .references(() => codeValue.id),
    ...tracked,
  },
  (t) => [
    oneHolder('assigned_code_holder'),
    unique('assigned_code_customer').on(t.customerId, t.codeCaptionId),
    unique('assigned_code_location').on(t.locationId, t.codeCaptionId),
  ],
)

/** A field that the town adds to its customers or locations. */
export const customField = pgTable('custom_field', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  holder: text().notNull(),
  kind: text().notNull().default('text'),
  /** Of a list: one a line. */
  choices: text(),
  required: flag(false),
  sort: integer().notNull().default(0),
  ...tracked,
})

export const customValue = pgTable(
  'custom_value',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    ...held,
    customFieldId: integer()
      .notNull()
      .references(() => customField.id),
    value: text().notNull(),
    ...tracked,
  },
  (t) => [
    oneHolder('custom_value_holder'),
    unique('custom_value_customer').on(t.customerId, t.customFieldId),
    unique('custom_value_location').on(t.locationId, t.customFieldId),
  ],
)

export const permit = pgTable(
  'permit',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    locationId: integer()
      .notNull()
      .references(() => location.id),
    number: text().notNull(),
    description: text(),
    ...tracked,
  },
  (t) => [unique('permit_once').on(t.locationId, t.number)],
)

export const documentType = pgTable('document_type', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  code: code().unique(),
  name: text().notNull(),
  /** Its documents are for permitted users only. */
  secure: flag(false),
  ...tracked,
})

export const document = pgTable(
  'document',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    customerId: integer()
      .notNull()
      .references(() => customer.id),
    documentTypeId: integer()
      .notNull()
      .references(() => documentType.id),
    description: text().notNull(),
    added: day().notNull(),
    fileId: integer()
      .notNull()
      .references(() => file.id),
    ...tracked,
  },
  (t) => [index('document_customer').on(t.customerId)],
)
