import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { type Db, one, rows } from '../db/db.ts'
import { appliedItem } from '../db/tables/terms.ts'
import { Refused } from '../errors.ts'
import { activeField, leveled, levelField, ofPlace } from '../panel/level.ts'
import { type Found, type Place, recordFrame, type Typed } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { codeInput, dateInput, numberInput, optional } from '../web/inputs.ts'

const FIELDS = {
  active: activeField,
  level: levelField('Type'),
  code: field(codeInput(), { label: 'Code', input: 'select' }),
  recurringItemId: field(codeInput(), { label: 'Description', input: 'select', hint: 'An item of that code.' }),
  effectiveDate: field(dateInput(), { label: 'Effective Date', input: 'date', hint: 'The first day it applies.' }),
  timesToApply: field(optional(numberInput({ max: 999 })), {
    label: 'Times to Apply',
    input: 'number',
    hint: '0 = while active. Empty = as the item is set up.',
  }),
}

const LIST = sql`(select coalesce(json_agg(json_build_object('id', o.id, 'active', o.active, 'type', o.level, 'code', k.code,
    'description', k.name, 'effectiveDate', o.effective_date, 'timesToApply', o.times_to_apply, 'timesApplied', o.times_applied)
    order by o.active desc, o.effective_date desc, o.id desc), '[]')
  from applied_item o join recurring_item k on k.id = o.recurring_item_id where ${ofAccount})`

/** Recurring items: a saved one is never edited or deleted, only deactivated [001-452, domain.md S3]. */
export const recurringItems = recordFrame({
  tab: 'recurring-items',
  noun: 'recurring item',
  need: 'customers.edit',
  kept: true,
  table: appliedItem,
  fields: FIELDS,
  list: LIST,
  options: async ({ db }, _place, id) => ({ options: await offered(db, id) }),
  fixedNew: ['active'],
  initial: ({ today }) => ({ active: true, level: 'account', effectiveDate: today }),
  find: ({ db }, place, id) => findOne(db, place, id),
  row: async ({ db }, place, typed: Typed<typeof FIELDS>, kept) => {
    if (kept) return { active: typed.active }
    const { timesToApply } = await itemOf(db, typed)
    return {
      ...leveled(typed.level, place),
      recurringItemId: Number(typed.recurringItemId),
      effectiveDate: typed.effectiveDate,
      timesToApply: typed.timesToApply ?? timesToApply,
      active: true,
    }
  },
})

/** Items that are given now, and the one that the open record has. */
async function offered(db: Db, id = 0) {
  const items = await rows<{ id: string; code: string; name: string }>(
    db,
    sql`select k.id::text, k.code, k.name from recurring_item k
      where k.active or k.id = (select o.recurring_item_id from applied_item o where o.id = ${id}) order by k.code, k.name, k.id`,
  )
  const codes = [...new Set(items.map(({ code }) => code))]
  return { code: codes, recurringItemId: items.map(({ id, code, name }) => ({ value: id, label: `${code}: ${name}` })) }
}

async function findOne(db: Db, place: Place, id: number): Promise<Found | undefined> {
  const row = await one<Found & { active: boolean }>(
    db,
    sql`select o.id, o.version, k.code || ' ' || k.name as name, o.active, json_build_object('active', o.active, 'level', o.level, 'code', k.code,
        'recurringItemId', o.recurring_item_id, 'effectiveDate', o.effective_date, 'timesToApply', o.times_to_apply) as values
      from applied_item o join recurring_item k on k.id = o.recurring_item_id where o.id = ${id} and ${ofPlace(place)}`,
  )
  if (!row) return undefined
  const { active, ...found } = row
  return { ...found, fixed: Object.keys(FIELDS).filter((name) => name !== 'active' || !active), removable: false }
}

/** The item that was chosen; one of another code, or one that is not given any more, is refused. */
async function itemOf(db: Db, { code, recurringItemId }: Typed<typeof FIELDS>): Promise<{ timesToApply: number }> {
  const item = await one<{ code: string; active: boolean; timesToApply: number }>(
    db,
    sql`select code, active, times_to_apply as "timesToApply" from recurring_item where id = ${Number(recurringItemId)}`,
  )
  if (item?.code !== code) throw refusal(`This item does not belong to the code ${code}.`)
  if (!item.active) throw refusal('This item is not given any more.')
  return item
}

const refusal = (sentence: string) => new Refused('item', sentence, { recurringItemId: sentence })
