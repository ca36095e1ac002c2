import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { serviceOrder } from '../db/tables/service-orders.ts'
import { Refused } from '../errors.ts'
import { addDays, type Day } from '../ledger/calendar.ts'
import { type Found, type Place, recordFrame, type Typed } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { checkboxInput, codeInput, dateInput, linesInput, optional, optionalText } from '../web/inputs.ts'

const FIELDS = {
  serviceOrderCodeId: field(codeInput(), { label: 'Service order code', input: 'select', autofocus: true }),
  description: field(optionalText(200), { label: 'Description', hint: 'Empty: the name of the code.' }),
  instructions: field(optional(linesInput(2000)), { label: 'Instructions', input: 'textarea', rows: 4 }),
  requested: field(dateInput(), { label: 'Date requested', input: 'date' }),
  due: field(optional(dateInput()), { label: 'Due date', input: 'date' }),
  urgent: field(checkboxInput(), { label: 'Urgent', input: 'checkbox' }),
  assignedTo: field(optionalText(60), { label: 'Assigned to', size: 'md' }),
}

/** Orders `o` that meet a condition, json; open ones first, then the latest. */
export const ordersWhere = (
  condition: ReturnType<typeof sql>,
) => sql`(select coalesce(json_agg(json_build_object('id', o.id, 'number', o.number, 'version', o.version,
    'category', g.name, 'code', k.code, 'description', o.description, 'instructions', o.instructions, 'requested', o.requested, 'due', o.due,
    'urgent', o.urgent, 'assignedTo', o.assigned_to, 'completed', o.completed, 'result', o.result,
    'customer', (select c.name from customer c where c.id = o.customer_id),
    'by', (select u.name from app_user u where u.id = o.changed_by and u.id <> 0))
    order by o.completed is not null, o.urgent desc, coalesce(o.completed, o.due, o.requested) desc, o.id desc), '[]')
  from service_order o join service_order_code k on k.id = o.service_order_code_id join service_order_category g on g.id = k.service_order_category_id
  where ${condition})`

/** Orders `o` of the account in `a`: its customer's there, and the location's own. */
export const OF_ACCOUNT = sql`o.location_id = a.location_id and (o.customer_id = a.customer_id or o.customer_id is null)`

/** The same, seen from the ids of a place. */
export const ofPlace = ({ customerId, locationId }: Place) =>
  sql`o.location_id = ${locationId} and (o.customer_id = ${customerId} or o.customer_id is null)`

/** Service orders of the account: added, edited while open, deleted while open [001-439]. */
export const serviceOrders = recordFrame({
  tab: 'service-orders',
  noun: 'service order',
  need: 'customers.edit',
  table: serviceOrder,
  numbered: 'service_order',
  fields: FIELDS,
  list: ordersWhere(OF_ACCOUNT),
  options: async ({ db }) => ({ options: { serviceOrderCodeId: await codes(db) } }),
  initial: ({ db, today }, _place, { template }) => opened(db, today, template),
  find: ({ db }, place, id) => findOne(db, place, id),
  row: async ({ db }, { customerId, locationId }, typed: Typed<typeof FIELDS>, kept) => {
    const content = await contentOf(db, typed)
    return kept ? content : { ...content, customerId, locationId }
  },
  used: 'A completed service order stays.',
})

const codes = (db: Db) =>
  rows<{ value: string; label: string }>(
    db,
    sql`select k.id::text as value, g.name || ': ' || k.code || ' ' || k.name as label from service_order_code k
      join service_order_category g on g.id = k.service_order_category_id order by g.code, k.code`,
  )

/** What a new order opens with: today, or all that a template says. */
async function opened(db: Db, today: Day, template: unknown): Promise<object> {
  const row =
    typeof template === 'string' && template !== ''
      ? await one<{ code: number; name: string; instructions: string | null; days: number }>(
          db,
          sql`select service_order_code_id as code, name, instructions, due_days as days from service_order_template where code = ${template}`,
        )
      : undefined
  if (!row) return { requested: today }
  const { code, name, instructions, days } = row
  return {
    requested: today,
    due: addDays(today, days),
    serviceOrderCodeId: String(code),
    description: name,
    instructions,
  }
}

async function findOne(db: Db, place: Place, id: number): Promise<Found | undefined> {
  const row = await one<Found & { completed: Day | null }>(
    db,
    sql`select o.id, o.version, o.number as name, o.completed, json_build_object('serviceOrderCodeId', o.service_order_code_id, 'description', o.description,
        'instructions', o.instructions, 'requested', o.requested, 'due', o.due, 'urgent', o.urgent, 'assignedTo', o.assigned_to) as values
      from service_order o where o.id = ${id} and ${ofPlace(place)}`,
  )
  if (!row) return undefined
  const { completed, ...found } = row
  return completed === null ? found : { ...found, fixed: Object.keys(FIELDS), removable: false }
}

async function contentOf(
  db: Db,
  { serviceOrderCodeId, description, instructions, due, assignedTo, ...typed }: Typed<typeof FIELDS>,
) {
  if (due !== undefined && due < typed.requested) {
    const sentence = 'The due date is before the date requested.'
    throw new Refused('dates', sentence, { due: sentence })
  }
  const named = await one<{ name: string }>(
    db,
    sql`select name from service_order_code where id = ${Number(serviceOrderCodeId)}`,
  )
  return {
    ...typed,
    serviceOrderCodeId: Number(serviceOrderCodeId),
    description: description || (named?.name ?? ''),
    instructions: instructions ?? null,
    due: due ?? null,
    assignedTo: assignedTo || null,
  }
}
