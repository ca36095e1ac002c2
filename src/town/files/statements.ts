import { ACCOUNT, code, column, day, documentColumns, dollars, json, ref, text } from '../columns.ts'
import { moment, name } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

/** What was sent: `files/statements/<number>.pdf` beside the figures. */
export const statements: TownFile = {
  name: 'statements.csv',
  table: 'ledger.statement',
  untracked: true,
  key: ['number'],
  columns: [
    code('number', { required: true }),
    { ...ref('account_number', ACCOUNT, { into: 'account_id' }), required: true },
    day('date', { required: true }),
    day('due_date', { required: true }),
    text('format', { required: true }),
    dollars('balance_forward', { required: true }),
    dollars('charges', { required: true }),
    dollars('amount', { required: true }),
    // up to when it shows what was posted; when its file was made stands beside it
    column('read_at', moment, {
      into: 'made_at',
      required: true,
      select: `to_char(t.made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    }),
    text('made_by', {
      into: 'made_by_name',
      extra: true,
      select: 'coalesce(t.made_by_name, (select x.name from public.app_user x where x.id = t.made_by))',
    }),
    column('source', name, { into: 'source_key', required: true }),
    json('facts', { extra: true }),
    ...documentColumns(["'statements'", "t.number || '.pdf'"]),
  ],
  complete(row, picture) {
    row.values.made_by = picture.actor
  },
}

/** Checks that paid refunds; the refund is a transaction of that number. */
export const refundChecks: TownFile = {
  name: 'refund_checks.csv',
  table: 'public.refund_check',
  conflict: ['transaction'],
  key: ['transaction'],
  columns: [
    code('transaction', { required: true }),
    { ...ref('account_number', ACCOUNT, { into: 'account_id' }), required: true },
    text('check_number', { required: true }),
    day('check_date'),
  ],
}
