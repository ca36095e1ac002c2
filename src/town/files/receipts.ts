import { column, day, dollars, json, text } from '../columns.ts'
import { type Kind, moment } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const number: Kind = {
  read: (cell) => (/^[1-9]\d{0,14}$/.test(cell) ? { value: cell } : { reason: 'a receipt number is a whole number' }),
  write: (stored) => stored,
}

/** Receipts of the gapless counter; their lines are the transactions that name them. */
export const receipts: TownFile = {
  name: 'receipts.csv',
  table: 'ledger.receipt',
  conflict: ['number'],
  untracked: true,
  key: ['number'],
  columns: [
    column('number', number, { required: true }),
    day('date', { required: true }),
    column('taken_at', moment, { select: `to_char(t.taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` }),
    text('drawer'),
    text('taken_by', {
      into: 'taken_by_name',
      extra: true,
      select: `coalesce(t.taken_by_name, (select x.name from public.app_user x where x.id = t.taken_by))`,
    }),
    json('tenders', { required: true }),
    dollars('total', { required: true }),
  ],
  complete(row, picture) {
    row.values.tenders ??= []
    row.values.taken_at = row.cell('taken_at') || `${picture.today}T00:00:00Z`
    row.values.taken_by = picture.actor
    const numbers = picture.ids.get('receipt_number') ?? new Map<string, number>()
    picture.ids.set('receipt_number', numbers.set(row.cell('number'), row.line))
  },
}
