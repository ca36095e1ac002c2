import { type Column, code, column, day, dollars, oneOf, text } from '../columns.ts'
import { json, moment, name, whole } from '../kinds.ts'

export const TRANSACTIONS = 'transactions.csv'

export const TYPES = [
  ...['Bill', 'Pen', 'Int', 'Misc', 'Pmt', 'Adj', 'PAdj', 'Fee', 'CertPmt', 'CertAdj'],
  ...['Dep', 'DepApp', 'DepRef', 'Ref', 'WriteOff', 'Open', 'Xfer', 'NSF', 'Rev'],
]

/** The bucket of open credit, as files write it. */
export const OPEN = 'open'

/**
 * The ledger's lines: one a posting on a customer's book, in posting order. The book is told by `book`, `service` and
 * `tax_year`. `general` is ours: where a transaction's other side is not what its type, `gl` and the settings lead to,
 * its general ledger lines stand in the file as they are, with the sign of the general ledger.
 */
export const transactionColumns: Column[] = [
  code('transaction', { required: true }),
  code('account_number', { required: true }),
  day('date', { required: true }),
  day('period'),
  oneOf('type', TYPES, { required: true }),
  text('description'),
  code('service'),
  dollars('amount', { required: true }),
  column('tax_year', whole(1000, 9999)),
  code('reverses'),
  text('ages_in'),
  day('due_date'),
  code('method'),
  text('reference'),
  code('receipt'),
  code('run'),
  code('gl'),
  oneOf('book', ['utility', 'certification', 'deposit', 'general']),
  code('deposit'),
  text('source'),
  text('link'),
  column('facts', json),
  column('recorded_at', moment),
  column('recorded_by', name, { extra: true }),
]
