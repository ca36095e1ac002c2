import { sql } from 'drizzle-orm'
import { locationForm } from '../customers/forms.ts'
import { numberShown } from '../customers/owner-change.ts'
import type { Option } from '../web/form.ts'
import { withSeen } from '../web/seen.ts'
import { placeTab } from './place-tab.ts'

export interface PlaceFacts {
  id: number
  version: number
  values: Record<string, unknown>
  billPeriod: string
}

export interface PlaceLists {
  cycleId: Option[]
  routeId: Option[]
  revenueClassId: Option[]
}

/** The location of the account in `a` as its form holds it. An owner who may not be seen is named as not shown. */
export const PLACE = sql`(select json_build_object('id', n.id, 'version', n.version,
    'billPeriod', coalesce((select y.code || ' ' || y.name from cycle y where y.id = n.cycle_id), ''),
    'values', json_build_object('number', n.number, 'serviceAddress', n.service_address, 'city', n.city, 'state', n.state, 'zip', n.zip,
      'parcelNumber', n.parcel_number, 'cycleId', n.cycle_id, 'routeId', n.route_id, 'readSequence', n.read_sequence,
      'revenueClassId', n.revenue_class_id, 'description', n.description, 'region', n.region, 'crossStreet', n.cross_street,
      'altLocationId', n.alt_location_id, 'rental', n.rental, 'outOfTown', n.out_of_town, 'onLien', n.on_lien,
      'owner', ${numberShown(sql`n.owner_customer_id`)},
      'version', n.version))
  from location n where n.id = a.location_id)`

const list = (table: string) =>
  sql`(select coalesce(json_agg(json_build_object('value', k.id::text, 'label', k.code || ' ' || k.name) order by k.code), '[]') from ${sql.raw(table)} k)`

export const PLACE_LISTS = sql`json_build_object('cycleId', ${list('cycle')}, 'routeId', ${list('route')}, 'revenueClassId', ${list('revenue_class')})`

interface Raw {
  place: PlaceFacts
  lists: PlaceLists
}

/** Location ID and Details: facts that stay when the occupant changes [001-287, 001-292 to 001-307]. */
export const detailsTab = placeTab<Raw>({
  path: '',
  label: 'Details',
  need: 'customers.view',
  template: 'locations/details',
  sql: () => sql`json_build_object('place', ${PLACE}, 'lists', ${PLACE_LISTS})`,
  present: ({ place, lists }) => ({
    placeForm: withSeen(locationForm.show(place.values, {}, { options: { ...lists } })),
    billPeriod: place.billPeriod,
    theirs: [] as string[],
    whoElse: '',
  }),
})
