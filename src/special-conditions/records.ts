import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { choices } from '../customers/rows.ts'
import { type Db, one } from '../db/db.ts'
import { specialCondition } from '../db/tables/terms.ts'
import { Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { activeField, leveled, levelField, ofPlace } from '../panel/level.ts'
import { type Found, type Place, recordFrame, type Typed } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { checkboxInput, codeInput, dateInput, optional } from '../web/inputs.ts'
import { type Requirements, unmet } from './rules.ts'

const FIELDS = {
  active: activeField,
  level: levelField('Type'),
  conditionCodeId: field(codeInput(), { label: 'Code', input: 'select' }),
  effectiveDate: field(dateInput(), { label: 'Effective Date', input: 'date', hint: 'The first day it applies.' }),
  hasExpiration: field(checkboxInput(), { label: 'Has Expiration', input: 'checkbox' }),
  expirationDate: field(optional(dateInput()), {
    label: 'Expiration Date',
    input: 'date',
    hint: 'The last day it applies. Counts only with Has Expiration ticked.',
  }),
}

const LIST = sql`(select coalesce(json_agg(json_build_object('id', o.id, 'active', o.active, 'type', o.level, 'code', k.code,
    'description', k.name, 'effectiveDate', o.effective_date, 'expirationDate', o.expiration_date) order by o.active desc, o.effective_date desc, o.id desc), '[]')
  from special_condition o join condition_code k on k.id = o.condition_code_id where ${ofAccount})`

/** Special conditions: exemptions from penalty, statements, notices, certification [001-509]. */
export const specialConditions = recordFrame({
  tab: 'special-conditions',
  noun: 'special condition',
  need: 'customers.edit',
  table: specialCondition,
  fields: FIELDS,
  list: LIST,
  options: async ({ db }) => ({ options: { conditionCodeId: await choices(db, sql`condition_code`) } }),
  initial: ({ today }) => ({ level: 'account', active: true, effectiveDate: today, expirationDate: today }),
  fixedNew: ['active'],
  find: ({ db, today }, place, id) => findOne(db, place, id, today),
  row: async ({ db, today }, place, typed: Typed<typeof FIELDS>, kept) => {
    const untouched = [today, (kept?.values as { expirationDate?: Day } | undefined)?.expirationDate]
    if (kept) return { active: typed.active, ...dates(typed, untouched) }
    await refuseUnmet(db, place, typed.conditionCodeId)
    const conditionCodeId = Number(typed.conditionCodeId)
    return { ...leveled(typed.level, place), conditionCodeId, active: true, ...dates(typed, untouched) }
  },
})

async function findOne(db: Db, place: Place, id: number, today: Day): Promise<Found | undefined> {
  const row = await one<Found & { active: boolean }>(
    db,
    sql`select o.id, o.version, k.code || ' ' || k.name as name, o.active, json_build_object('active', o.active, 'level', o.level,
        'conditionCodeId', o.condition_code_id, 'effectiveDate', o.effective_date, 'hasExpiration', o.expiration_date is not null,
        'expirationDate', coalesce(o.expiration_date, ${today}::date)) as values
      from special_condition o join condition_code k on k.id = o.condition_code_id where o.id = ${id} and ${ofPlace(place)}`,
  )
  if (!row) return undefined
  const { active, ...found } = row
  return { ...found, fixed: active ? ['level', 'conditionCodeId'] : Object.keys(FIELDS) }
}

/**
 * Expiration Date must be later than Effective Date [001-533]. Without Has Expiration it is not read where it is one of
 * those that the form opened with; another was typed, and is refused.
 */
function dates(
  { effectiveDate, hasExpiration, expirationDate }: Typed<typeof FIELDS>,
  untouched: readonly (Day | undefined)[],
) {
  if (!hasExpiration && expirationDate !== undefined && !untouched.includes(expirationDate))
    throw refusal('Tick Has Expiration for the date to count, or clear the date.', 'hasExpiration')
  if (!hasExpiration) return { effectiveDate, expirationDate: null }
  if (expirationDate === undefined) throw refusal('Write the last day, or clear Has Expiration.')
  if (expirationDate <= effectiveDate) throw refusal('The Expiration Date must be later than the Effective Date.')
  return { effectiveDate, expirationDate }
}

const refusal = (sentence: string, at = 'expirationDate') => new Refused('dates', sentence, { [at]: sentence })

const SENTENCES = {
  kind: 'This condition is only for customers of another kind.',
  customerType: 'This condition is only for another Customer Type.',
  revenueClass: 'This condition is only for locations of another Revenue Class.',
}

async function refuseUnmet(db: Db, { customerId, locationId }: Place, code: string): Promise<void> {
  const row = await one<{ asked: Requirements; facts: Requirements }>(
    db,
    sql`select json_build_object('kind', k.requires_kind, 'customerType', k.requires_customer_type_id, 'revenueClass', k.requires_revenue_class_id) as asked,
      json_build_object('kind', c.kind, 'customerType', c.customer_type_id, 'revenueClass', n.revenue_class_id) as facts
      from condition_code k, customer c, location n where k.id = ${Number(code)} and c.id = ${customerId} and n.id = ${locationId}`,
  )
  const missing = row && unmet(row.asked, row.facts)
  if (missing) throw new Refused('unmet', SENTENCES[missing], { conditionCodeId: SENTENCES[missing] })
}
