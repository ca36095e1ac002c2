import { isDay } from '../../ledger/calendar.ts'
import { byCode, code, column, flag, oneOf, ref, text } from '../columns.ts'
import { name, words } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

const KINDS = ['individual', 'profit', 'non_profit', 'government']

// Written only when all the customer's accounts agree; accounts.csv has each account's own.
const STATUS = `(select case when count(distinct a.account_status_id) = 1 then min(s.code) end
  from public.account a join public.account_status s on s.id = a.account_status_id where a.customer_id = t.id)`
const alerts = (value: string) => `(select string_agg(${value}, E'\\n' order by a.id) from public.customer_alert a
  where a.customer_id = t.id and a.ended_at is null)`

export const customers: TownFile = {
  name: 'customers.csv',
  table: 'public.customer',
  key: ['customer_number'],
  columns: [
    code('customer_number', { into: 'number', required: true }),
    oneOf('kind', KINDS, { empty: 'individual' }),
    column('name', name, { required: true }),
    text('title'),
    text('first_name'),
    text('middle_name'),
    text('last_name'),
    text('suffix'),
    text('business_name'),
    ref('customer_type', byCode('customer_type')),
    text('alt_customer_id'),
    code('account_status', { into: null, select: STATUS }),
    flag('active', 'yes'),
    flag('public', 'yes'),
    flag('bankrupt', 'no'),
    flag('do_not_accept_payments', 'no'),
    ref('collection_code', byCode('collection_code')),
    text('address_line_1'),
    text('address_line_2'),
    text('city'),
    text('state'),
    text('zip'),
    text('email'),
    text('phone'),
    flag('mail_notices', 'yes'),
    flag('email_notices', 'no'),
    text('alert_message', { into: null, select: alerts('a.text') }),
    column('alert_since', words, { into: null, extra: true, select: alerts('a.since::text') }),
  ],
  complete(row, picture) {
    const status = row.cell('account_status')
    if (status !== '' && !picture.ids.get('account_status')?.has(status)) {
      row.fault('account_status', `there is no account status ${status}`)
    }
    picture.customers.set(row.cell('customer_number'), { status })
    addAlerts(row, picture)
  },
}

/** Alert messages stand one a line; `alert_since`, where given, has a day for each. */
function addAlerts(row: SetUpRow, picture: Picture): void {
  const texts = lines(row.cell('alert_message'))
  const days = lines(row.cell('alert_since'))
  if (days.some((day) => !isDay(day))) row.fault('alert_since', 'write a date like 2026-10-31 for each alert message')
  if (days.length > texts.length) row.fault('alert_since', 'there are more days than alert messages')
  for (const [at, alert] of texts.entries()) {
    picture.rows.add('public.customer_alert', {
      customer_id: row.id,
      text: alert,
      since: days[at] ?? picture.today,
      added_by: picture.actor,
      changed_by: picture.actor,
    })
  }
}

const lines = (cell: string): string[] => cell.split(/\r?\n/).filter((line) => line !== '')
