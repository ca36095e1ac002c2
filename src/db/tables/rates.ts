import { sql } from 'drizzle-orm'
import { check, index, integer, numeric, pgTable, smallint, text, unique } from 'drizzle-orm/pg-core'
import { amount, code, day, flag, tracked } from './columns.ts'
import { location } from './customers.ts'
import { service } from './organization.ts'

const quantity = () => numeric({ precision: 14, scale: 4 })
const price = () => numeric({ precision: 14, scale: 6 })

/** A rate of a service from a day on; one row per code and effective date. */
export const rate = pgTable(
  'rate',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    code: code(),
    serviceId: smallint()
      .notNull()
      .references(() => service.id),
    name: text().notNull(),
    effectiveFrom: day().notNull(),
    unit: text(),
    unitQuantity: quantity(),
    usageRounding: text(),
    baseCharge: price(),
    includedQuantity: quantity(),
    minimumCharge: price(),
    maximumCharge: price(),
    perUnit: flag(false),
    outOfTownMultiplier: price(),
    basedOn: text(),
    percent: price(),
    average: text(),
    averageDefaultAmount: price(),
    averageDefaultQuantity: quantity(),
    ...tracked,
  },
  (t) => [
    unique('rate_code_date').on(t.code, t.effectiveFrom),
    check('rate_rounding', sql`${t.usageRounding} is null or ${t.usageRounding} in ('exact', 'up', 'down', 'nearest')`),
    check('rate_average', sql`${t.average} is null or ${t.average} in ('fixed', 'lesser', 'cap')`),
  ],
)

export const rateBlock = pgTable(
  'rate_block',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    rateId: integer()
      .notNull()
      .references(() => rate.id),
    months: text(),
    position: integer().notNull(),
    upTo: quantity(),
    price: price().notNull(),
    ...tracked,
  },
  (t) => [unique('rate_block_position').on(t.rateId, t.months, t.position).nullsNotDistinct()],
)

export const rateSize = pgTable(
  'rate_size',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    rateId: integer()
      .notNull()
      .references(() => rate.id),
    sizeKind: text().notNull(),
    size: text().notNull(),
    baseCharge: price(),
    minimumCharge: price(),
    ...tracked,
  },
  (t) => [
    unique('rate_size_once').on(t.rateId, t.sizeKind, t.size),
    check('rate_size_kind', sql`${t.sizeKind} in ('meter_size', 'household')`),
  ],
)

export const meter = pgTable(
  'meter',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    number: code().unique(),
    serviceId: smallint()
      .notNull()
      .references(() => service.id),
    locationId: integer().references(() => location.id),
    dials: smallint(),
    multiplier: quantity().notNull().default('1'),
    unit: text(),
    size: text(),
    manufacturer: text(),
    serial: text(),
    installDate: day(),
    removeDate: day(),
    installRead: amount(),
    ...tracked,
  },
  (t) => [index('meter_location').on(t.locationId)],
)

export const reading = pgTable(
  'reading',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    meterId: integer()
      .notNull()
      .references(() => meter.id),
    readDate: day().notNull(),
    reading: quantity().notNull(),
    kind: text().notNull().default('actual'),
    ...tracked,
  },
  (t) => [
    unique('reading_once').on(t.meterId, t.readDate, t.kind),
    check('reading_kind', sql`${t.kind} in ('actual', 'estimated')`),
  ],
)
