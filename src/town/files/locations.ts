import { byCode, CUSTOMER, code, flag, ref, text } from '../columns.ts'
import type { TownFile } from '../town-file.ts'

export const locations: TownFile = {
  name: 'locations.csv',
  table: 'public.location',
  key: ['location_number'],
  columns: [
    code('location_number', { into: 'number', required: true }),
    text('service_address'),
    text('city'),
    text('state'),
    text('zip'),
    ref('cycle', byCode('cycle')),
    ref('route', byCode('route')),
    text('read_sequence'),
    ref('revenue_class', byCode('revenue_class')),
    text('parcel_number'),
    flag('rental', 'no'),
    ref('owner_customer_number', CUSTOMER, { into: 'owner_customer_id' }),
    text('description'),
    text('region'),
    text('alt_location_id'),
    text('cross_street'),
    flag('out_of_town', 'no'),
    flag('on_lien', 'no', { extra: true }),
  ],
  complete(row) {
    row.values.service_address = row.cell('service_address')
  },
}
