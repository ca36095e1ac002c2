import { sql } from 'drizzle-orm'
import { check, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { code, flag, tracked } from './columns.ts'

/** A layout of the county file that the town made; the product's own are not stored (layout-preset-rules.ts). */
export const countyLayout = pgTable(
  'county_layout',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    /** Part of file names and addresses. */
    code: code().unique(),
    name: text().notNull(),
    kind: text().notNull(),
    /** Characters of a record; a CSV file has none. */
    lineWidth: integer(),
    linesPer: text().notNull(),
    columnNames: flag(false),
    lineEnd: text().notNull().default('lf'),
    ...tracked,
  },
  (t) => [
    check('county_layout_code', sql`${t.code} ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$'`),
    check('county_layout_kind', sql`${t.kind} in ('csv', 'fixed')`),
    check('county_layout_width', sql`(${t.kind} = 'fixed') = (${t.lineWidth} is not null)`),
    check('county_layout_lines_per', sql`${t.linesPer} in ('account', 'parcel')`),
    check('county_layout_line_end', sql`${t.lineEnd} in ('lf', 'crlf')`),
  ],
)

/** The fields of its header, its lines and its trailer, in the order of `position`. */
export const countyLayoutField = pgTable(
  'county_layout_field',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    layoutId: integer()
      .notNull()
      .references(() => countyLayout.id, { onDelete: 'cascade' }),
    section: text().notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    source: text().notNull(),
    width: integer(),
    pad: text(),
    fill: text(),
    format: text(),
    impliedDecimals: flag(false),
    digitsOnly: flag(false),
    stripPunctuation: flag(false),
    cut: flag(false),
    ...tracked,
  },
  (t) => [
    unique('county_layout_field_position').on(t.layoutId, t.section, t.position),
    check('county_layout_field_section', sql`${t.section} in ('header', 'line', 'trailer')`),
    check('county_layout_field_pad', sql`${t.pad} in ('left', 'right')`),
  ],
)
