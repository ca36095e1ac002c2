import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import type { Layout, LayoutField } from './layout-rules.ts'
import { SECTIONS, type Section } from './layout-source-rules.ts'

/** A layout of the town as it is stored. */
export interface StoredLayout {
  id: number
  version: number
  changedBy: string
  layout: Layout
}

type Head = Omit<Layout, 'lineWidth' | Section> & { lineWidth: number | null }
type StoredField = { [K in keyof LayoutField]: LayoutField[K] | null } & { section: Section }
type Raw = Head & { id: number; version: number; changedBy: string; fields: StoredField[] }

/** The town's layouts with their fields, in the order of their codes; with `code` that one alone. */
export async function storedLayouts(db: Db, code?: string): Promise<StoredLayout[]> {
  const chosen = code === undefined ? sql`true` : sql`l.code = ${code}`
  const found = await rows<Raw>(
    db,
    sql`select l.id, l.version, coalesce(${shownName()}, '') as "changedBy", l.code, l.name, l.kind, l.line_width as "lineWidth",
      l.lines_per as "linesPer", l.column_names as "columnNames", l.line_end as "lineEnd",
      coalesce((select jsonb_agg(jsonb_build_object('section', f.section, 'name', f.name, 'source', f.source, 'width', f.width,
        'pad', f.pad, 'fill', f.fill, 'format', f.format, 'impliedDecimals', f.implied_decimals, 'digitsOnly', f.digits_only,
        'stripPunctuation', f.strip_punctuation, 'cut', f.cut) order by f.position)
        from county_layout_field f where f.layout_id = l.id), '[]') as fields
    from county_layout l left join app_user u on u.id = l.changed_by where ${chosen} order by ledger.number_order(l.code), l.code`,
  )
  return found.map(({ id, version, changedBy, fields, ...head }) => ({
    id,
    version,
    changedBy,
    layout: layoutOf(head, fields),
  }))
}

function layoutOf({ lineWidth, ...head }: Head, fields: readonly StoredField[]): Layout {
  const of = (section: Section) => fields.filter((field) => field.section === section).map(fieldOf)
  const width = lineWidth === null ? {} : { lineWidth }
  return { ...head, ...width, header: of('header'), line: of('line'), trailer: of('trailer') }
}

/** What a field says; what it leaves to the rules is not there. */
function fieldOf({ section: _, ...field }: StoredField): LayoutField {
  const said = Object.entries(field).filter(([, value]) => value !== null && value !== false)
  return Object.fromEntries(said) as unknown as LayoutField
}

/** Stores a new layout. A code that is there already breaks the unique constraint. */
export function insertLayout(db: Db, layout: Layout, by: number): Promise<void> {
  return db.transaction(async (tx) => {
    const { code, name, kind, lineWidth = null, linesPer, columnNames, lineEnd } = layout
    const row = await one<{ id: number }>(
      tx as unknown as Db,
      sql`insert into county_layout (code, name, kind, line_width, lines_per, column_names, line_end, changed_by)
        values (${code}, ${name}, ${kind}, ${lineWidth}, ${linesPer}, ${String(columnNames)}::text::boolean, ${lineEnd}, ${by})
        returning id`,
    )
    if (row) await writeFields(tx as unknown as Db, row.id, layout, by)
  })
}

/** Whether the layout was still at that version; if not, nothing is stored. */
export function updateLayout(
  db: Db,
  at: { id: number; version: number },
  layout: Layout,
  by: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { code, name, kind, lineWidth = null, linesPer, columnNames, lineEnd } = layout
    const row = await one(
      tx as unknown as Db,
      sql`update county_layout set code = ${code}, name = ${name}, kind = ${kind}, line_width = ${lineWidth}, lines_per = ${linesPer},
        column_names = ${String(columnNames)}::text::boolean, line_end = ${lineEnd}, changed_by = ${by}, version = version + 1
      where id = ${at.id} and version = ${at.version} returning id`,
    )
    if (row) await writeFields(tx as unknown as Db, at.id, layout, by)
    return row !== undefined
  })
}

/** Fields keep their rows by their place, so that the audit trail tells what of them was changed. */
async function writeFields(db: Db, layoutId: number, layout: Layout, by: number): Promise<void> {
  const fields = SECTIONS.flatMap((section) =>
    layout[section].map((field, at) => ({ ...field, section, position: at + 1 })),
  )
  await db.execute(sql`
    insert into county_layout_field as t (layout_id, section, position, name, source, width, pad, fill, format, implied_decimals,
      digits_only, strip_punctuation, cut, changed_by)
    select ${layoutId}::int, section, position, name, source, width, pad, fill, format, coalesce("impliedDecimals", false),
      coalesce("digitsOnly", false), coalesce("stripPunctuation", false), coalesce(cut, false), ${by}::int
    from jsonb_to_recordset(${JSON.stringify(fields)}::jsonb) as x(section text, position int, name text, source text, width int,
      pad text, fill text, format text, "impliedDecimals" boolean, "digitsOnly" boolean, "stripPunctuation" boolean, cut boolean)
    on conflict (layout_id, section, position) do update set name = excluded.name, source = excluded.source, width = excluded.width,
      pad = excluded.pad, fill = excluded.fill, format = excluded.format, implied_decimals = excluded.implied_decimals,
      digits_only = excluded.digits_only, strip_punctuation = excluded.strip_punctuation, cut = excluded.cut,
      changed_by = excluded.changed_by, version = t.version + 1
    where (t.name, t.source, t.width, t.pad, t.fill, t.format, t.implied_decimals, t.digits_only, t.strip_punctuation, t.cut)
      is distinct from (excluded.name, excluded.source, excluded.width, excluded.pad, excluded.fill, excluded.format,
        excluded.implied_decimals, excluded.digits_only, excluded.strip_punctuation, excluded.cut)`)
  const ends = SECTIONS.map((section) => ({ section, last: layout[section].length }))
  const surplus = sql`layout_id = ${layoutId} and position > (select last
    from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as e(section text, last int) where e.section = county_layout_field.section)`
  await deleteFields(db, surplus, by)
}

/** Whether the layout was still at that version. Its runs keep their files. */
export function deleteLayout(db: Db, at: { id: number; version: number }, by: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    const inside = tx as unknown as Db
    const row = await one(
      inside,
      sql`update county_layout set changed_by = ${by}, version = version + 1 where id = ${at.id} and version = ${at.version} returning id`,
    )
    if (!row) return false
    await deleteFields(inside, sql`layout_id = ${at.id}`, by)
    await tx.execute(sql`delete from county_layout where id = ${at.id}`)
    return true
  })
}

/** Who deletes is written first: the audit trigger reads it from the row. */
async function deleteFields(db: Db, which: ReturnType<typeof sql>, by: number): Promise<void> {
  await db.execute(sql`update county_layout_field set changed_by = ${by} where ${which}`)
  await db.execute(sql`delete from county_layout_field where ${which}`)
}
