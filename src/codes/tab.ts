import { sql } from 'drizzle-orm'
import { placeTab } from '../locations/place-tab.ts'
import { heldBy } from '../panel/holder.ts'
import { personTabs } from '../panel/person.ts'
import { codesWhere } from './records.ts'

interface Row {
  id: number
  code: string
  caption: string
  value: string
}

/** Customer Codes: user defined codes of the customer, and of the owner [001-182]. */
export const customerCodes = personTabs<Row[]>({
  path: 'codes',
  label: 'Customer Codes',
  need: 'customers.view',
  template: 'codes/customer',
  sql: (who) => codesWhere(sql`o.customer_id = ${who}`),
  present: (rows, { asked }) => ({ rows, mayEdit: asked.may('customers.edit') }),
  count: (who) => sql`select count(*) from assigned_code o where o.customer_id = ${who}`,
})

/** Location Codes: user defined codes of the location [001-309]. */
export const locationCodes = placeTab<Row[]>({
  path: 'codes',
  label: 'Location Codes',
  need: 'customers.view',
  template: 'codes/location',
  sql: () => codesWhere(heldBy('location')),
  present: (rows) => ({ rows }),
  count: sql`select count(*) from assigned_code o where ${heldBy('location')}`,
})
