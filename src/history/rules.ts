import type { Permission } from '../auth/permissions.ts'
import { RETURNABLE } from '../ledger/reversal.ts'
import { CHARGES } from '../payments/bill-rules.ts'
import { reversalNeeds } from '../payments/reversal-rules.ts'

/** The listings of the View menu [001]. */
export const VIEWS = [
  { value: 'all', label: 'All transactions' },
  { value: 'payments', label: 'Payments' },
  { value: 'charges', label: 'Bills and charges' },
  { value: 'adjustments', label: 'Adjustments' },
  { value: 'deposits', label: 'Deposits' },
  { value: 'unposted', label: 'Unposted' },
] as const
export type View = (typeof VIEWS)[number]['value']

/** The types of a listing; undefined = every type. A reversal stands with what it reverses. */
export const TYPES_OF: Record<View, readonly string[] | undefined> = {
  all: undefined,
  payments: ['Pmt', 'CertPmt', 'Ref', 'Xfer'],
  charges: ['Bill', 'Pen', 'Int', 'Misc', 'Fee', 'Open'],
  adjustments: ['Adj', 'PAdj', 'CertAdj', 'WriteOff'],
  deposits: ['Dep', 'DepApp', 'DepRef'],
  unposted: [],
}

/** What the actions ask of a row. */
export interface RowFacts {
  posted: boolean
  type: string
  /** Stands: neither reversed nor a reversal, nor credit that a reversal moved. */
  stands: boolean
  /** The row is, or was undone by, a payment returned by the bank. */
  nsf: boolean
  receipt: boolean
  /** A payment that was moved to another account. */
  transferred: boolean
}

/** What they ask of the account. */
export interface AccountFacts {
  /** It is below zero: something can be given back. */
  credit: boolean
  /** The organization sends this customer's statements by e-mail. */
  emailStatements: boolean
}

export interface Action {
  name: string
  label: string
  /** The letter that presses it while the row has the focus. */
  key: string
}

interface Declared extends Action {
  need(row: RowFacts): Permission
  fits(row: RowFacts, account: AccountFacts): boolean
}

const ALWAYS = () => true
const always = (permission: Permission) => () => permission
const charge = ({ posted, stands, type }: RowFacts) => posted && stands && CHARGES.includes(type)
const unposted = (type: string) => (row: RowFacts) => !row.posted && row.type === type

/** Which actions exist, in the order of the source, who may, and the rows that they fit [001]. */
const ACTIONS: readonly Declared[] = [
  {
    ...{ name: 'adjust-bill', label: 'Adjust Bill', key: 'B', need: always('transactions.adjust') },
    fits: (row) => charge(row) && row.type === 'Bill',
  },
  {
    ...{ name: 'adjust', label: 'Adjust', key: 'A', need: always('transactions.adjust') },
    fits: (row) => charge(row) || unposted('Adj')(row),
  },
  {
    ...{ name: 'transfer', label: 'Transfer Payment', key: 'T', need: always('payments.transfer') },
    fits: (row) => row.posted && row.stands && row.type === 'Pmt' && !row.transferred,
  },
  {
    ...{ name: 'receipt', label: 'Print Receipt', key: 'R', need: always('payments.view') },
    fits: (row) => row.receipt,
  },
  {
    ...{ name: 'delete-unposted', label: 'Delete Unposted Payment', key: 'D', need: always('payments.batch') },
    fits: unposted('Pmt'),
  },
  {
    ...{ name: 'refund', label: 'Refund', key: 'F', need: always('payments.refund') },
    fits: (row, account) =>
      row.posted && row.stands && (row.type === 'Ref' || (account.credit && !CHARGES.includes(row.type))),
  },
  {
    ...{ name: 'nsf', label: 'NSF', key: 'N', need: always('payments.reverse') },
    fits: (row) => row.posted && (row.nsf || (row.stands && RETURNABLE.includes(row.type) && !row.transferred)),
  },
  {
    ...{ name: 'reverse', label: 'Reverse', key: 'V' },
    need: ({ type }) => reversalNeeds(type),
    fits: (row) => row.posted && row.stands && !row.transferred && !['PAdj', 'Fee'].includes(row.type),
  },
  { ...{ name: 'statement', label: 'Statement', key: 'S', need: always('billing.prepare') }, fits: ALWAYS },
  {
    ...{ name: 'duplicates', label: 'Print Statement Duplicate For Contacts', key: 'C' },
    need: always('billing.prepare'),
    fits: ALWAYS,
  },
  {
    ...{ name: 'email-receipt', label: 'Email Receipt', key: 'E', need: always('payments.take') },
    fits: (row) => row.receipt,
  },
  {
    ...{ name: 'email-statement', label: 'Email Statement', key: 'M', need: always('billing.prepare') },
    fits: (row, account) => charge(row) && account.emailStatements,
  },
  { ...{ name: 'print', label: 'Print', key: 'P', need: always('customers.view') }, fits: ALWAYS },
]

/** An account without a row: what does not depend on one. */
export const NO_ROW: RowFacts = {
  posted: true,
  type: '',
  stands: false,
  nsf: false,
  receipt: false,
  transferred: false,
}

/**
 * The actions that a row offers to somebody: those that fit the row and the account, and that the person has the right
 * to (001-370, 001-371). Reverse is not offered on what is reversed (001-389), Delete Unposted Payment not on what is
 * posted (001-384), NSF not twice: on a returned payment it opens Edit NSF.
 */
export function actionsOf(row: RowFacts, account: AccountFacts, may: (permission: Permission) => boolean): Action[] {
  return ACTIONS.filter((action) => action.fits(row, account) && may(action.need(row))).map(({ name, label, key }) => ({
    name,
    label,
    key,
  }))
}

/** Whether statements of a customer go by e-mail, by the organization's e-bill options (001-398). */
export function statementsByEmail(option: 'off' | 'opted_in' | 'all', emailNotices: boolean): boolean {
  return option === 'all' || (option === 'opted_in' && emailNotices)
}
