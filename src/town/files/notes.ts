import { byCode, CUSTOMER, day, flag, LOCATION, oneOf, ref, text } from '../columns.ts'
import type { TownFile } from '../town-file.ts'

/** Notes have no number of their own: they stand in the order of what they say, and equal ones are kept. */
export const notes: TownFile = {
  name: 'notes.csv',
  table: 'public.note',
  key: [],
  columns: [
    oneOf('level', ['customer', 'location', 'account'], { required: true }),
    ref('customer_number', CUSTOMER, { into: 'customer_id' }),
    ref('location_number', LOCATION, { into: 'location_id' }),
    { ...ref('type', byCode('note_type'), { into: 'note_type_id' }), required: true },
    text('subject'),
    text('text'),
    day('created'),
    flag('message_center', 'no'),
    flag('payment_center', 'no'),
    day('grace_date'),
  ],
  complete(row, picture) {
    row.values.subject = row.cell('subject')
    row.values.created = row.cell('created') || picture.today
    for (const column of ['customer_number', 'location_number']) {
      const wanted = row.cell('level') === 'account' || column.startsWith(row.cell('level'))
      if (wanted && row.cell(column) === '') row.fault(column, `a note at level ${row.cell('level')} names it`)
      if (!wanted && row.cell(column) !== '') row.fault(column, `a note at level ${row.cell('level')} does not name it`)
    }
  },
}
