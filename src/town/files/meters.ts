import { code, column, count, day, LOCATION, oneOf, ref, SERVICE, text } from '../columns.ts'
import { quantity, reading, whole } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

export const meters: TownFile = {
  name: 'meters.csv',
  table: 'public.meter',
  key: ['meter_number'],
  columns: [
    code('meter_number', { into: 'number', required: true }),
    { ...ref('service', SERVICE), required: true },
    ref('location_number', LOCATION, { into: 'location_id' }),
    column('dials', whole(0, 20)),
    count('multiplier', { empty: '1' }),
    text('unit'),
    text('size'),
    day('install_date'),
    day('remove_date'),
    column('install_read', reading),
  ],
}

export const readings: TownFile = {
  name: 'readings.csv',
  table: 'public.reading',
  key: ['meter_number', 'read_date', 'kind'],
  columns: [
    { ...ref('meter_number', { table: 'meter', by: 'number' }, { into: 'meter_id' }), required: true },
    day('read_date', { required: true }),
    column('reading', quantity, { required: true }),
    oneOf('kind', ['actual', 'estimated'], { empty: 'actual' }),
  ],
}
