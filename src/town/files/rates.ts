import { type Column, code, column, count, day, flag, oneOf, ref, SERVICE, text, unitPrice } from '../columns.ts'
import { name, whole } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import { keyOf, type SetUpRow, type TownFile } from '../town-file.ts'

export const rates: TownFile = {
  name: 'rates.csv',
  table: 'public.rate',
  key: ['code', 'effective_from'],
  columns: [
    code('code', { required: true }),
    { ...ref('service', SERVICE), required: true },
    column('name', name, { required: true }),
    day('effective_from', { required: true }),
    text('unit'),
    count('unit_quantity'),
    oneOf('usage_rounding', ['exact', 'up', 'down', 'nearest']),
    unitPrice('base_charge'),
    count('included_quantity'),
    unitPrice('minimum_charge'),
    unitPrice('maximum_charge'),
    flag('per_unit', 'no'),
    unitPrice('out_of_town_multiplier'),
    code('based_on'),
    unitPrice('percent'),
    oneOf('average', ['fixed', 'lesser', 'cap']),
    unitPrice('average_default_amount'),
    count('average_default_quantity'),
  ],
  complete(row, picture) {
    const service = row.cell('based_on')
    if (service !== '' && !picture.services.has(service)) row.fault('based_on', `there is no service ${service}`)
    codesOf(picture).set(row.cell('code'), row.id)
  },
}

const codesOf = (picture: Picture): Map<string, number> => {
  const known = picture.ids.get('rate_code') ?? new Map<string, number>()
  picture.ids.set('rate_code', known)
  return known
}

const OF_RATE: Column[] = [
  code('rate', { into: null, required: true, select: '(select x.code from public.rate x where x.id = t.rate_id)' }),
  day('effective_from', {
    into: null,
    required: true,
    select: '(select x.effective_from::text from public.rate x where x.id = t.rate_id)',
  }),
]

function findRate(row: SetUpRow, picture: Picture): void {
  const id = picture.ids.get('rate')?.get(keyOf([row.cell('rate'), row.cell('effective_from')]))
  if (id === undefined) row.fault('rate', `there is no rate ${row.cell('rate')} from ${row.cell('effective_from')}`)
  row.values.rate_id = id ?? null
}

const MONTHS = /^([1-9]|1[0-2])-([1-9]|1[0-2])$/

export const rateBlocks: TownFile = {
  name: 'rate_blocks.csv',
  table: 'public.rate_block',
  key: ['rate', 'effective_from', 'months', 'position'],
  columns: [
    ...OF_RATE,
    text('months'),
    column('position', whole(0, 9999), { required: true }),
    count('up_to'),
    unitPrice('price', { required: true }),
  ],
  complete(row, picture) {
    findRate(row, picture)
    const months = row.cell('months')
    if (months !== '' && !MONTHS.test(months)) row.fault('months', 'write a range of months like 5-9 or 10-4')
  },
}

export const rateSizes: TownFile = {
  name: 'rate_sizes.csv',
  table: 'public.rate_size',
  key: ['rate', 'effective_from', 'size_kind', 'size'],
  columns: [
    ...OF_RATE,
    oneOf('size_kind', ['meter_size', 'household'], { required: true }),
    code('size', { required: true }),
    unitPrice('base_charge'),
    unitPrice('minimum_charge'),
  ],
  complete: findRate,
}
