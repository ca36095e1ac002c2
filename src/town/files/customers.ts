import { isDay } from '../../ledger/calendar.ts'
import { isSealed } from '../../secrets/seal.ts'
import { byCode, code, column, day, flag, oneOf, ref, text } from '../columns.ts'
import { type Kind, name, words } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

const KINDS = ['individual', 'profit', 'non_profit', 'government']

// Written only when all the customer's accounts agree; accounts.csv has each account's own.
const STATUS = `(select case when count(distinct a.account_status_id) = 1 then min(s.code) end
  from public.account a join public.account_status s on s.id = a.account_status_id where a.customer_id = t.id)`
const alerts = (value: string) => `(select string_agg(${value}, E'\\n' order by a.id) from public.customer_alert a
  where a.customer_id = t.id and a.ended_at is null)`

const more = { extra: true }
export const sealed: Kind = {
  read: (cell) =>
    isSealed(cell) ? { value: cell } : { reason: 'this is not a protected value as the export writes it' },
  write: (stored) => stored,
}

/** What the contract does not name. Protected fields travel as their ciphertext, with the last four for the mask. */
const ALSO = [
  text('spouse', more),
  column('disallowed_pay_methods', words, {
    ...more,
    into: null,
    select: `array_to_string(t.disallowed_pay_methods, E'\\n')`,
  }),
  flag('bad_debt', 'no', more),
  flag('sent_to_collections', 'no', more),
  flag('budget_billing', 'no', more),
  flag('web_user', 'no', more),
  ref('address_type', byCode('address_type'), more),
  text('care_of', more),
  text('country', more),
  text('county', more),
  text('geo_code', more),
  ref('phone_type', byCode('phone_type'), more),
  day('birth_date', more),
  text('licence_state', more),
  column('licence_sealed', sealed, more),
  text('licence_last4', more),
  column('ssn_sealed', sealed, more),
  text('ssn_last4', more),
  ref('master_contact', { table: 'master_contact', by: 'number' }, more),
]

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
    ...ALSO,
  ],
  complete(row, picture) {
    const status = row.cell('account_status')
    if (status !== '' && !picture.ids.get('account_status')?.has(status)) {
      row.fault('account_status', `there is no account status ${status}`)
    }
    picture.customers.set(row.cell('customer_number'), { status })
    addAlerts(row, picture)
    addMethods(row, picture)
    for (const field of ['licence', 'ssn']) addLastFour(row, field)
  },
}

/** Alert messages stand one a line; `alert_since`, where given, has a day for each. */
function addAlerts(row: SetUpRow, picture: Picture): void {
  const texts = lines(row.cell('alert_message'))
  const days = lines(row.cell('alert_since'))
  if (days.some((day) => !isDay(day))) row.fault('alert_since', 'write a date like 2026-10-31 for each alert message')
  if (days.length > texts.length) row.fault('alert_since', 'there are more days than alert messages')
  if (texts.length > 0)
    picture.activeAlerts.set(
      row.id,
      texts.map((text, at) => ({ text, since: days[at] ?? '' })),
    )
}

/** Codes of payment methods that are refused, one a line. */
function addMethods(row: SetUpRow, picture: Picture): void {
  const codes = lines(row.cell('disallowed_pay_methods'))
  const unknown = codes.find((each) => !picture.methods.has(each))
  if (unknown !== undefined) row.fault('disallowed_pay_methods', `there is no payment method ${unknown}`)
  row.values.disallowed_pay_methods = codes
}

export function addLastFour(row: SetUpRow, field: string): void {
  const [value, last] = [row.cell(`${field}_sealed`), row.cell(`${field}_last4`)]
  if (value === '' && last !== '') row.fault(`${field}_last4`, 'the protected value that it belongs to is missing')
  row.values[`${field}_last4`] = value === '' ? null : last
}

const lines = (cell: string): string[] => cell.split(/\r?\n/).filter((line) => line !== '')
