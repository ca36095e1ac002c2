import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import type { Db } from '../db/db.ts'
import { defineForm, type FieldMeta, field } from '../web/form.ts'
import { optionalText } from '../web/inputs.ts'

/** A row of a set-up table by the names of its fields; a linked field holds the other row's code. */
export type Row = { id: number; version: number } & Record<string, unknown>

/** Something that may refer to a row: how many do, counted in SQL that sees the row as `r`. */
export interface Usage {
  one: string
  many: string
  /** Said without how often. */
  uncounted?: boolean
  count: SQL
}

/** A field that names a row of another table by its code. */
export interface Link {
  table: PgTable
  /** The other table's code and what is shown beside it. */
  code: string
  label: string
}

/** Why a row stays: it is never deleted, and these fields of it are shown and not typed. */
export interface Kept {
  says: string
  fields: readonly string[]
}

/** How a table's file differs from what follows from its declaration. */
export interface InFile {
  /** Fields that stand in the file even where no row has a value, in their order, after the code and what is required. */
  always?: readonly string[]
  /** What an empty cell means where that is not what the column defaults to, by field. */
  empty?: Record<string, string>
}

/**
 * A set-up table, declared once (product.md 1.4): of it the frame makes list, lookup, form, Save and Delete, its calls of
 * the API, and its file in a town folder. What is typed, sent and imported is held to the same rules.
 */
export interface SetupTable {
  /** With the columns id, version and changed_by, and a trigger that audits it. */
  table: PgTable
  /** The table's name in SQL. */
  name: string
  path: string
  menu: string
  title: string
  singular: string
  plural: string
  /** Its file in a town folder: columns, their kinds and defaults follow from the fields and the table's columns. */
  file: string
  inFile?: InFile
  /** The fields in their order, by the table's own property names; rule, label and control of each (web/form.ts). */
  fields: Record<string, z.ZodType>
  /** The field that identifies a row to people. */
  code: string
  /** Codes that settings and posted rows name as text: not typed any more once stored. */
  codeStays?: boolean
  /** Fields that are not typed any more once the row is stored. */
  stays?: readonly string[]
  /** Columns of the list, and the fields its lookup looks at. */
  columns: readonly string[]
  lookup: readonly string[]
  /** Rows stand by their code, digit runs as numbers; or in an order of their own, moved up and down. */
  order?: 'code' | 'sort'
  /** Headings of a form with many fields; else all fields stand under one. */
  groups?: readonly { title: string; fields: readonly string[] }[]
  links?: Record<string, Link>
  usage: readonly Usage[]
  kept?: (row: Row) => Kept | undefined
  /** What is wrong across fields or beyond them, by field. */
  faults?: (data: Record<string, unknown>) => Record<string, string>
  /** Values in use, offered and not binding. */
  suggestions?: (db: Db) => Promise<Record<string, readonly string[]>>
  /** One sentence under the title of the list. */
  help?: string
  /** An editor of its own inside the form: its template extends `tables/form.njk` and gets what `more` answers. */
  template?: string
  more?: (db: Db, typed: Record<string, string>) => Promise<object>
  /** What a button of that editor makes of what is typed; nothing is stored. Its block is `editor`. */
  attempt?: (typed: Record<string, string>) => Record<string, string>
  /** Names that the editor sends and that are no fields. */
  beside?: readonly string[]
}

/** A declaration with its form; `seen` carries what the clerk was shown, so that nobody's change is overwritten. */
export type TableFrame = SetupTable & { form: ReturnType<typeof defineForm> }

export function setupTable(declared: SetupTable): TableFrame {
  const seen = field(optionalText(20_000), { label: '', input: 'hidden' })
  return { ...declared, form: defineForm({ ...declared.fields, seen }) }
}

/** Counts the rows of `table` whose `column` is this row's id. */
export function usedBy(table: string, column: string, one: string, many = `${one}s`): Usage {
  const count = sql`(select count(*) from ${sql.raw(table)} u where u.${sql.raw(column)} = r.id)`
  return { one, many, count }
}

/** Whether the GL journal names this row; how often is not said, for the journal holds private accounts too (product.md 3.20). */
export function usedByJournal(column: string): Usage {
  const count = sql`(select exists (select from ledger.journal u where u.${sql.raw(column)} = r.id))`
  return { one: 'the GL journal', many: 'the GL journal', uncounted: true, count }
}

/** Settings of the organization that name this row by its code; `pattern` is a LIKE pattern of their names. */
export function usedBySettings(pattern: string, code: string): Usage {
  const count = sql`(select count(*) from setting u where u.name like ${pattern} and u.value = r.${sql.raw(code)})`
  return { one: 'setting of the organization', many: 'settings of the organization', count }
}

export const metaOf = (frame: SetupTable, name: string): FieldMeta =>
  (frame.fields[name]?.meta() ?? { label: name }) as unknown as FieldMeta

/** A field's name outside this program, in the API: a link is named by what it names, `gl` where the column is `glId`. */
export const outerName = (declared: SetupTable, name: string): string =>
  declared.links?.[name] ? name.replace(/Id$/, '') : name

/** The column of a field. A declaration whose field has none is refused as the program starts. */
export function columnOf(declared: SetupTable, name: string): PgColumn {
  const found = (declared.table as unknown as Record<string, PgColumn | undefined>)[name]
  if (!found) throw new Error(`${declared.name} has no column for its field ${name}`)
  return found
}
