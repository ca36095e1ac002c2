import { byCode, CUSTOMER, day, documentColumns, LOCATION, ref, text } from '../columns.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

const HOLDER = [
  ref('customer_number', CUSTOMER, { into: 'customer_id' }),
  ref('location_number', LOCATION, { into: 'location_id' }),
]

/** A row names a customer or a location, and not both. */
function checkHolder(row: SetUpRow): void {
  const [customer, location] = [row.cell('customer_number'), row.cell('location_number')]
  if ((customer === '') === (location === ''))
    row.fault('customer_number', 'name a customer or a location, one of them')
}

export const assignedCodes: TownFile = {
  name: 'assigned_codes.csv',
  table: 'public.assigned_code',
  key: [],
  columns: [
    ...HOLDER,
    { ...ref('code', byCode('code_caption'), { into: 'code_caption_id' }), required: true },
    { ...ref('value', byCode('code_value'), { into: 'code_value_id' }), required: true },
  ],
  complete: checkHolder,
}

export const customValues: TownFile = {
  name: 'custom_values.csv',
  table: 'public.custom_value',
  key: [],
  columns: [
    ...HOLDER,
    { ...ref('field', byCode('custom_field'), { into: 'custom_field_id' }), required: true },
    text('value', { required: true }),
  ],
  complete: checkHolder,
}

export const permits: TownFile = {
  name: 'permits.csv',
  table: 'public.permit',
  key: ['location_number', 'permit_number'],
  columns: [
    { ...ref('location_number', LOCATION, { into: 'location_id' }), required: true },
    text('permit_number', { into: 'number', required: true }),
    text('description'),
  ],
}

/** Which of the customer's documents it is, in the order in which they are written: the same in every town they travel to. */
const PLACE = `(select count(*) from public.document y join public.file g on g.id = y.file_id, public.file f
  where y.customer_id = t.customer_id and f.id = t.file_id
    and (y.added, y.description, g.name, y.id) <= (t.added, t.description, f.name, t.id))::text`

/** Documents of customers, their bytes under `files/documents/<customer>/<which>`. */
export const documents: TownFile = {
  name: 'documents.csv',
  table: 'public.document',
  key: [],
  columns: [
    { ...ref('customer_number', CUSTOMER, { into: 'customer_id' }), required: true },
    day('added', { required: true }),
    { ...ref('type', byCode('document_type'), { into: 'document_type_id' }), required: true },
    text('description', { required: true }),
    ...documentColumns(["'documents'", '(select x.number from public.customer x where x.id = t.customer_id)', PLACE], {
      required: true,
    }),
  ],
}
