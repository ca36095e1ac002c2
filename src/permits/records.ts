import { sql } from 'drizzle-orm'
import { one } from '../db/db.ts'
import { permit } from '../db/tables/extras.ts'
import { placeTab } from '../locations/place-tab.ts'
import { type Found, recordFrame } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { optionalText, textInput } from '../web/inputs.ts'

interface Row {
  id: number
  number: string
  description: string | null
}

const LIST = sql`(select coalesce(json_agg(json_build_object('id', o.id, 'number', o.number, 'description', o.description) order by ledger.number_order(o.number), o.number), '[]')
  from permit o where o.location_id = a.location_id)`

/** Permits of a location: number and description [001-315]. */
export const permits = recordFrame({
  tab: 'location/permits',
  noun: 'permit',
  need: 'customers.edit',
  table: permit,
  fields: {
    number: field(textInput(40), { label: 'Permit No.', size: 'md', autofocus: true }),
    description: field(optionalText(200), { label: 'Description' }),
  },
  list: LIST,
  find: ({ db }, { locationId }, id) =>
    one<Found>(
      db,
      sql`select o.id, o.version, o.number as name, json_build_object('number', o.number, 'description', o.description) as values
        from permit o where o.id = ${id} and o.location_id = ${locationId}`,
    ),
  row: (_ctx, { locationId }, { number, description }) => ({
    locationId,
    number,
    description: description || null,
  }),
  sentences: { permit_once: ['number', 'The location has a permit of this number already.'] },
})

/** Location Permits [001-315]. */
export const permitsTab = placeTab<Row[]>({
  path: 'permits',
  label: 'Location Permits',
  need: 'customers.view',
  template: 'permits/tab',
  sql: () => LIST,
  present: (rows) => ({ rows }),
  count: sql`select count(*) from permit o where o.location_id = a.location_id`,
})
