import { day, flag } from '../columns.ts'
import type { TownFile } from '../town-file.ts'

/** Periods by their last day. They are open while the history posts, then those marked closed are closed. */
export const periods: TownFile = {
  name: 'periods.csv',
  table: 'ledger.period',
  loads: false,
  key: ['end_date'],
  where: `t.end_date <> 'infinity'`,
  columns: [day('end_date', { required: true }), flag('closed', 'no', { select: '(t.closed_at is not null)::text' })],
  complete(row, picture) {
    picture.periods.set(row.cell('end_date'), row.cell('closed') === 'yes')
  },
}
