import { type Money, sum } from '../ledger/money.ts'
import type { CountyRow, Layout } from './layout-rules.ts'

/** A line before it is written: one account, or the accounts of one parcel with their amounts added. */
export interface CountyLine {
  /** What tells parcels apart. */
  key: string
  accounts: string[]
  parcel: string
  owner: string
  address: string
  description: string
  amount: Money
  fee: Money
}

/**
 * The lines of a file, in the order of their first accounts. A tax roll has one charge for a parcel, so a second account
 * of it (a tenant before, a second meter) is added to the first; a parcel is the same whatever its punctuation. Accounts
 * without a parcel number stay apart. Owners, addresses and descriptions that differ stand beside each other.
 */
export function linesOf(rows: readonly CountyRow[], per: Layout['linesPer']): CountyLine[] {
  if (per === 'account') return rows.map((row) => lineOf([row]))
  const groups = Map.groupBy(rows, keyOf)
  return [...groups.values()].map(lineOf)
}

function lineOf(rows: CountyRow[]): CountyLine {
  const [first] = rows
  return {
    key: first ? keyOf(first) : '',
    accounts: rows.map(({ account }) => account),
    parcel: first?.parcel ?? '',
    owner: together(rows, 'owner'),
    address: together(rows, 'address'),
    description: together(rows, 'description'),
    amount: sum(rows.map((row) => row.amount)),
    fee: sum(rows.map((row) => row.fee)),
  }
}

const PUNCTUATION = /[^\p{L}\p{N}]/gu

/** What parcel numbers are compared by: letters and digits, in capitals. */
export const plainParcel = (parcel: string): string => parcel.toUpperCase().replace(PUNCTUATION, '')

/** An account without a parcel number is a parcel of its own. */
function keyOf({ parcel, account }: CountyRow): string {
  const plain = plainParcel(parcel ?? '')
  return plain === '' ? `account ${account}` : plain
}

const together = (rows: CountyRow[], name: 'owner' | 'address' | 'description'): string =>
  [...new Set(rows.map((row) => row[name].trim()))].filter((each) => each !== '').join('; ')
