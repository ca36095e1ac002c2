import { type Column, code, column, day, dollars, flag, oneOf, text } from '../columns.ts'
import { moment, whole } from '../kinds.ts'

export const CERTIFICATIONS = 'certifications.csv'

/**
 * One account's certification of one run: a row per service, bucket and status. The fee and the columns after it are
 * the whole certification's; the fee stands on the first row.
 */
export const certificationColumns: Column[] = [
  code('certification', { required: true }),
  code('account_number', { required: true }),
  column('tax_year', whole(1000, 9999), { required: true }),
  day('date', { required: true }),
  code('service', { required: true }),
  dollars('amount', { required: true }),
  dollars('fee'),
  day('updated_date'),
  oneOf('status', ['certified', 'updated', 'paid_before', 'withdrawn'], { required: true }),
  text('ages_in', { required: true }),
  code('run'),
  code('padj'),
  code('fee_transaction'),
  text('county_file'),
  flag('county_must_be_told', 'no'),
  text('parcel_number', { extra: true }),
  day('notice_date', { extra: true }),
  column('withdrawn_at', moment, { extra: true }),
  text('withdrawal_reason', { extra: true }),
  code('updated_run', { extra: true }),
  code('county_run', { extra: true }),
]
