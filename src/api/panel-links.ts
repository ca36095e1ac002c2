import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, rows } from '../db/db.ts'
import { type Holder, kindOf } from '../panel/holder.ts'
import { refusedInput } from '../web/refused.ts'

type Values = Record<string, unknown>

/** A row that a record may name: by what a program sends, and by what the form's fields hold. */
interface Choice {
  outer: Record<string, string>
  inner: Record<string, string>
}

/** What stands outside in the place of fields that hold a row's id or its label. */
interface Link {
  /** By these a program names the row; one is enough where it leaves no choice. */
  outer: readonly string[]
  inner: readonly string[]
  hint: string
  /** All rows that may be named. */
  choices: SQL
  /** The records `o` with the row that each names. */
  named: SQL
}

interface Declared {
  /** Outer name and form's field, one of each row's: those of one place are the same thing. */
  names: [outer: string, inner: string][]
  hint: string
  outer: SQL
  inner: SQL
  from: SQL
  records: SQL
}

const linkOf = ({ names, hint, outer, inner, from, records }: Declared): Link => ({
  outer: names.map(([name]) => name),
  inner: names.map(([, name]) => name),
  hint,
  choices: sql`select jsonb_build_object(${outer}) as outer, jsonb_build_object(${inner}) as inner from ${from}`,
  named: sql`select o.id::text as id, jsonb_build_object(${outer}) as outer from ${records}`,
})

const codesOf = (holder: Holder): Link =>
  linkOf({
    names: [
      ['code', 'caption'],
      ['valueCode', 'codeValueId'],
    ],
    hint: 'A user defined code and the code of its value.',
    outer: sql`'code', k.code, 'valueCode', v.code`,
    inner: sql`'caption', k.code || ' ' || k.name, 'codeValueId', v.id::text`,
    from: sql`code_value v join code_caption k on k.id = v.code_caption_id where k.holder = ${kindOf(holder)}`,
    records: sql`assigned_code o join code_value v on v.id = o.code_value_id join code_caption k on k.id = o.code_caption_id`,
  })

/** A link to one row of a set-up table by its code. */
const byCode = (name: string, field: string, table: SQL, records: SQL, hint: string): Link =>
  linkOf({
    ...{ names: [[name, field]], hint, records },
    outer: sql`${sql.raw(`'${name}'`)}, k.code`,
    inner: sql`${sql.raw(`'${field}'`)}, k.id::text`,
    from: sql`${table} k where k.id <> 0`,
  })

/** The links of each kind of record, by its tab. */
const LINKS: Record<string, Link> = {
  notes: byCode(
    'noteType',
    'noteTypeId',
    sql`note_type`,
    sql`note o join note_type k on k.id = o.note_type_id`,
    'Code of a note type.',
  ),
  'special-conditions': byCode(
    'code',
    'conditionCodeId',
    sql`condition_code`,
    sql`special_condition o join condition_code k on k.id = o.condition_code_id`,
    'A special condition code.',
  ),
  'service-orders': byCode(
    'code',
    'serviceOrderCodeId',
    sql`service_order_code`,
    sql`service_order o join service_order_code k on k.id = o.service_order_code_id`,
    'A service order code.',
  ),
  'recurring-items': linkOf({
    names: [
      ['item', 'recurringItemId'],
      ['code', 'code'],
    ],
    hint: 'A recurring item, or its code where that has one item.',
    outer: sql`'item', k.item, 'code', k.code`,
    inner: sql`'recurringItemId', k.id::text, 'code', k.code`,
    from: sql`recurring_item k`,
    records: sql`applied_item o join recurring_item k on k.id = o.recurring_item_id`,
  }),
  demographics: linkOf({
    names: [
      ['code', 'demographicItemId'],
      ['categoryCode', 'category'],
    ],
    hint: 'A demographic item, or its category where that has one item.',
    outer: sql`'code', k.code, 'categoryCode', g.code`,
    inner: sql`'demographicItemId', k.id::text, 'category', g.code || ' ' || g.name`,
    from: sql`demographic_item k join demographic_category g on g.id = k.demographic_category_id`,
    records: sql`demographic o join demographic_item k on k.id = o.demographic_item_id join demographic_category g on g.id = k.demographic_category_id`,
  }),
  'customer/codes': codesOf('customer'),
  'owner/codes': codesOf('owner'),
  'location/codes': codesOf('location'),
}

/** How a form's field is called outside: a refusal of `codeValueId` is one of `valueCode`. */
export function outerOf(tab: string, name: string): string {
  const { inner = [], outer = [] } = LINKS[tab] ?? {}
  return outer[inner.indexOf(name)] ?? name
}

/** The fields of the links as they are sent. */
export const linkFields = (tab: string): Record<string, z.ZodType> =>
  Object.fromEntries(
    (LINKS[tab]?.outer ?? []).map((name) => [
      name,
      z.union([z.string().max(100), z.null()], 'Write a code as text.').meta({ description: LINKS[tab]?.hint ?? '' }),
    ]),
  )

/**
 * The form's fields of the row that was named, over what is there. Refuses a code that there is none of, and one that
 * leaves several rows to choose from.
 */
export async function linked(db: Db, tab: string, before: Values, body: Values): Promise<Values> {
  const found = LINKS[tab]
  const sent = Object.fromEntries((found?.outer ?? []).flatMap((name) => (name in body ? [[name, body[name]]] : [])))
  if (!found || Object.keys(sent).length === 0) return {}
  if (Object.values(sent).every((value) => value === null || value === '')) return blank(found)
  const all = await rows<Choice>(db, found.choices)
  const now = all.find(({ inner }) => found.inner.every((name) => inner[name] === String(before[name])))
  const wanted = { ...now?.outer, ...sent }
  let left = all
  for (const [name, value] of Object.entries(wanted)) {
    left = left.filter(({ outer }) => outer[name] === value)
    if (left.length === 0)
      throw refusedInput({ [name in sent ? name : firstOf(sent)]: `There is no ${name} ${value}.` })
  }
  const [row, second] = left
  const missing = found.outer.find((name) => !(name in wanted)) ?? firstOf(sent)
  if (second !== undefined) throw refusedInput({ [missing]: 'There are several: say which.' })
  return row?.inner ?? {}
}

const blank = ({ inner }: Link): Values => Object.fromEntries(inner.map((name) => [name, '']))
const firstOf = (sent: Values): string => Object.keys(sent)[0] ?? ''

/** The named rows of these records, by the record's id, as a program names them. */
export async function namesOf(db: Db, tab: string, ids: readonly string[]): Promise<Map<string, Values>> {
  const found = LINKS[tab]
  if (!found || ids.length === 0) return new Map()
  const all = await rows<{ id: string; outer: Values }>(
    db,
    sql`${found.named} where o.id in (select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`,
  )
  return new Map(all.map(({ id, outer }) => [id, outer]))
}
