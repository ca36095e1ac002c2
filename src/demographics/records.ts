import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { addNumbered, addRow, changeRow } from '../customers/rows.ts'
import { type Db, one, rows } from '../db/db.ts'
import { demographic, demographicValue } from '../db/tables/terms.ts'
import { Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Level, leveled, ofPlace } from '../panel/level.ts'
import { type Found, type Place, recordFrame, type Typed } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { dayText } from '../web/format.ts'
import { codeInput, dateInput, decimalInput, textInput } from '../web/inputs.ts'

const FIELDS = {
  category: field(textInput(130), { label: 'Category', input: 'select', size: 'md' }),
  demographicItemId: field(codeInput(), { label: 'Item', input: 'select', hint: 'An item of that category.' }),
  value: field(decimalInput(), { label: 'Value', size: 'sm', hint: 'How many; multiplied by the value of one.' }),
  effectiveDate: field(dateInput(), {
    label: 'Counts from',
    input: 'date',
    hint: 'An earlier value stays in the history.',
  }),
}

/** Values and variances are what rules.ts counts; amounts and values as text. */
export const DEMOGRAPHICS = sql`(select coalesce(json_agg(json_build_object('id', o.id, 'type', o.level, 'category', g.name, 'item', k.name, 'code', k.code,
    'multiplier', trim_scale(k.multiplier)::text,
    'values', (select json_agg(json_build_object('from', v.effective_date, 'value', trim_scale(v.value)::text) order by v.effective_date desc, v.id desc)
      from demographic_value v where v.demographic_id = o.id),
    'variances', (select coalesce(json_agg(json_build_object('id', x.id, 'variance', x.variance, 'amount', trim_scale(x.amount)::text, 'value', trim_scale(x.value)::text,
      'effective', x.effective_date, 'expires', x.expiration_date, 'reference', x.reference) order by x.effective_date desc, x.id desc), '[]')
      from demographic_variance x where x.demographic_id = o.id)) order by g.name, k.name, o.id), '[]')
  from demographic o join demographic_item k on k.id = o.demographic_item_id join demographic_category g on g.id = k.demographic_category_id
  where ${ofAccount})`

/** Demographic items of the account, its customer and its location; the category says which [001-410]. */
export const demographics = recordFrame({
  tab: 'demographics',
  noun: 'demographic item',
  need: 'customers.edit',
  table: demographic,
  fields: FIELDS,
  list: DEMOGRAPHICS,
  options: async ({ db }) => ({ options: await offered(db) }),
  initial: ({ today }) => ({ effectiveDate: today }),
  find: ({ db, today }, place, id) => findOne(db, place, id, today),
  row: async ({ db }, place, typed: Typed<typeof FIELDS>, kept) => {
    const { value, effectiveDate } = typed
    if (kept) return { value: value.toFixed(), effectiveDate }
    const where = leveled(await levelOf(db, typed), place)
    return { ...where, demographicItemId: Number(typed.demographicItemId), value: value.toFixed(), effectiveDate }
  },
  goesToo: async ({ db }, { id }) => {
    const row = await one<{ since: Day; values: number; variances: number }>(
      db,
      sql`select min(v.effective_date)::text as since, count(*)::int as values,
          (select count(*)::int from demographic_variance x where x.demographic_id = ${id}) as variances
        from demographic_value v where v.demographic_id = ${id} having count(*) > 0`,
    )
    return row
      ? `Its values since ${dayText(row.since)} (${row.values}) and its variances (${row.variances}) go with it.`
      : ''
  },
  store: async ({ db, actor }, row, seen) => {
    const { value, effectiveDate, ...item } = row as { value: string; effectiveDate: Day }
    return db.transaction(async (tx) => {
      const id = seen?.id ?? (await addNumbered(tx, 'demographic', demographic, item, actor.id))
      // whoever adds at once waits for the number, so that this sees what was there first
      if (!seen) await refuseSecond(tx, id)
      if (seen) await changeRow(tx, demographic, seen, {}, actor.id, {})
      await keepValue(tx, { demographicId: id, value, effectiveDate }, actor.id)
      return id
    })
  },
})

/** Refuses an item that the same account, customer or location has already: both would count. */
async function refuseSecond(db: Db, id: number): Promise<void> {
  const row = await one<{ level: Level }>(
    db,
    sql`select n.level from demographic n join demographic o on o.demographic_item_id = n.demographic_item_id and o.level = n.level
        and o.customer_id is not distinct from n.customer_id and o.location_id is not distinct from n.location_id
      where n.id = ${id} and o.id <> n.id limit 1`,
  )
  if (!row) return
  const sentence = `The ${row.level} has this item already: change its value there.`
  throw new Refused('item_twice', sentence, { demographicItemId: sentence })
}

/** A new value counts from its day on; a second one of the same day takes the place of the first [001-414]. */
async function keepValue(db: Db, row: { demographicId: number; value: string; effectiveDate: Day }, by: number) {
  const known = await one<{ id: number; version: number }>(
    db,
    sql`select id, version from demographic_value where demographic_id = ${row.demographicId} and effective_date = ${row.effectiveDate}`,
  )
  if (known) return changeRow(db, demographicValue, known, { value: row.value }, by, {})
  await addRow(db, demographicValue, row, by, {})
}

async function offered(db: Db) {
  const items = await rows<{ id: string; category: string; item: string }>(
    db,
    sql`select k.id::text, g.code || ' ' || g.name as category, k.code || ' ' || k.name as item from demographic_item k
      join demographic_category g on g.id = k.demographic_category_id order by g.code, k.code`,
  )
  const categories = [...new Set(items.map(({ category }) => category))]
  return {
    category: categories,
    demographicItemId: items.map(({ id, category, item }) => ({ value: id, label: `${category}: ${item}` })),
  }
}

async function findOne(db: Db, place: Place, id: number, today: Day): Promise<Found | undefined> {
  const row = await one<Found>(
    db,
    sql`select o.id, o.version, k.name, json_build_object('category', g.code || ' ' || g.name, 'demographicItemId', o.demographic_item_id,
        'effectiveDate', ${today}::date, 'value', (select trim_scale(v.value)::text from demographic_value v where v.demographic_id = o.id
          order by v.effective_date > ${today}::date, abs(v.effective_date - ${today}::date), v.id desc limit 1)) as values
      from demographic o join demographic_item k on k.id = o.demographic_item_id join demographic_category g on g.id = k.demographic_category_id
      where o.id = ${id} and ${ofPlace(place)}`,
  )
  return row && { ...row, fixed: ['category', 'demographicItemId'] }
}

async function levelOf(db: Db, { category, demographicItemId }: Typed<typeof FIELDS>): Promise<Level> {
  const row = await one<{ level: Level; category: string }>(
    db,
    sql`select g.level, g.code || ' ' || g.name as category from demographic_item k join demographic_category g on g.id = k.demographic_category_id
      where k.id = ${Number(demographicItemId)}`,
  )
  if (row?.category === category) return row.level
  const sentence = 'This item does not belong to the category.'
  throw new Refused('item', sentence, { demographicItemId: sentence })
}
