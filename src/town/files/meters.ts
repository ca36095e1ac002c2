import { code, column, count, day, LOCATION, oneOf, ref, SERVICE, text } from '../columns.ts'
import { quantity, reading, whole } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import type { TownFile } from '../town-file.ts'

/** When each meter of the folder was put in, as meters.csv has it, and where it stood before: from, to. */
const stood = new WeakMap<Picture, Stood>()

interface Stood {
  latest: Map<string, string>
  earlier: Map<string, [string, string][]>
}

function stoodIn(picture: Picture): Stood {
  const known: Stood = stood.get(picture) ?? { latest: new Map(), earlier: new Map() }
  stood.set(picture, known)
  return known
}

const METER = { table: 'meter', by: 'number' }

export const meters: TownFile = {
  name: 'meters.csv',
  table: 'public.meter',
  key: ['meter_number'],
  columns: [
    code('meter_number', { into: 'number', required: true }),
    { ...ref('service', SERVICE), required: true },
    ref('location_number', LOCATION, { into: 'location_id' }),
    column('dials', whole(1, 20)),
    count('multiplier', { empty: '1' }),
    text('unit'),
    text('size'),
    text('manufacturer', { extra: true }),
    text('serial', { extra: true }),
    day('install_date'),
    day('remove_date'),
    column('install_read', reading),
  ],
  complete(row, picture) {
    if (row.cell('location_number') !== '')
      stoodIn(picture).latest.set(row.cell('meter_number'), row.cell('install_date'))
  },
}

export const readings: TownFile = {
  name: 'readings.csv',
  table: 'public.reading',
  key: ['meter_number', 'read_date', 'kind'],
  columns: [
    { ...ref('meter_number', METER, { into: 'meter_id' }), required: true },
    day('read_date', { required: true }),
    column('reading', quantity, { required: true }),
    oneOf('kind', ['actual', 'estimated'], { empty: 'actual' }),
  ],
}

/** Where meters stood before: meters.csv has the latest place of each. */
export const installations: TownFile = {
  name: 'installations.csv',
  table: 'public.installation',
  key: ['meter_number', 'install_date'],
  columns: [
    { ...ref('meter_number', METER, { into: 'meter_id' }), required: true },
    { ...ref('location_number', LOCATION, { into: 'location_id' }), required: true },
    day('install_date', { required: true }),
    day('remove_date', { required: true }),
    column('install_read', reading),
  ],
  complete(row, picture) {
    const { latest, earlier } = stoodIn(picture)
    const [meter, from, to] = [row.cell('meter_number'), row.cell('install_date'), row.cell('remove_date')]
    const now = latest.get(meter) ?? ''
    const others = earlier.get(meter) ?? []
    earlier.set(meter, [...others, [from, to]])
    if (to < from) row.fault('remove_date', 'it is before the day it was installed')
    else if (now === '') row.fault('meter_number', `meters.csv has no later place and install date of ${meter}`)
    else if (now < to) row.fault('remove_date', `meters.csv has the meter elsewhere from ${now}`)
    else if (others.some(([begun, ended]) => from < ended && begun < to))
      row.fault('install_date', 'the meter was elsewhere then')
  },
}
