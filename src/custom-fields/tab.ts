import { type SQL, sql } from 'drizzle-orm'
import { placeTab } from '../locations/place-tab.ts'
import { personTabs } from '../panel/person.ts'
import { withSeen } from '../web/seen.ts'
import { customForm, type Defined } from './form.ts'

interface Raw {
  fields: Defined[]
  values: Record<string, string>
}

/** The fields defined for a kind of holder and their values, json; `held` is about a value `o`. */
const fieldsWhere = (holder: 'customer' | 'location', held: SQL) => sql`json_build_object(
  'fields', (select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'kind', k.kind, 'choices', k.choices, 'required', k.required) order by k.sort, k.code), '[]')
    from custom_field k where k.holder = ${holder}),
  'values', (select coalesce(json_object_agg('f' || o.custom_field_id, o.value), '{}') from custom_value o where ${held}))`

const shown = ({ fields, values }: Raw) => ({
  custom: withSeen(customForm(fields).show(values)),
  nothing: fields.length === 0,
})

/** Custom Fields of the customer, and of the owner [001-241]. */
export const customerCustomFields = personTabs<Raw>({
  path: 'custom-fields',
  label: 'Custom Fields',
  need: 'customers.view',
  template: 'custom-fields/customer',
  sql: (who) => fieldsWhere('customer', sql`o.customer_id = ${who}`),
  present: (raw, { asked }) => ({ ...shown(raw), mayEdit: asked.may('customers.edit') }),
  count: (who) => sql`select count(*) from custom_value o where o.customer_id = ${who}`,
})

/** Custom Fields of the location [001-320]. */
export const locationCustomFields = placeTab<Raw>({
  path: 'custom-fields',
  label: 'Custom Fields',
  need: 'customers.view',
  template: 'custom-fields/location',
  sql: () => fieldsWhere('location', sql`o.location_id = a.location_id`),
  present: (raw) => ({ ...shown(raw), theirs: [] as string[], whoElse: '' }),
  count: sql`select count(*) from custom_value o where o.location_id = a.location_id`,
})
