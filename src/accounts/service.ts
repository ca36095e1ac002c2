import type { Db } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { findOthers, type Other } from './lookup-others.ts'
import { type Found, findAccounts, MOST_FOUND } from './lookup-store.ts'

export { accountBeside as beside, firstLocation as firstAt } from './lookup-store.ts'

import { allServices } from './service-store.ts'
import { type AccountRow, type AsOf, accountRow, type CertificationRow } from './store.ts'
import {
  accountTransactions,
  type TransactionDetail,
  type TransactionRow,
  transactionDetail,
} from './transaction-store.ts'

export type { TransactionDetail } from './transaction-store.ts'

/** What the API says of an account (contract.md 3). */
export interface AccountView {
  accountNumber: string
  customerNumber: string
  customerName: string
  locationNumber: string
  serviceAddress: string
  activityStatus: string
  balance: string
  pastDue: string
  customerBalance: string
  collectionCode: string | null
  alertMessages: string[]
  services: { service: string; balance: string; periods: { period: Day; unpaid: string }[] }[]
  openCredit: string
  certifications: CertificationRow[]
  deposits: string
}

export type TransactionView = Omit<TransactionRow, 'receipt' | 'method' | 'reference' | 'moved'>

/**
 * The account as it stands now, or as of a day, inclusive, by date. Services are those of the account and those that
 * were ever posted to; an amount below zero in `balance` or `openCredit` is a credit.
 */
export async function accountView(db: Db, number: string, when: AsOf): Promise<AccountView> {
  const found = await accountRow<ServiceCode[]>(db, number, when, allServices(when.asOf))
  if (!found) throw new NotFound('account')
  return viewOf(found.account, found.more)
}

type ServiceCode = { code: string }

function viewOf(account: AccountRow, everPosted: ServiceCode[]): AccountView {
  const owed = new Map(account.services.map((service) => [service.code, service]))
  return {
    accountNumber: account.number,
    customerNumber: account.customer.number,
    customerName: account.customer.name,
    locationNumber: account.location.number,
    serviceAddress: account.location.serviceAddress,
    activityStatus: account.activityStatus,
    balance: account.balance,
    pastDue: account.pastDue,
    customerBalance: account.customerBalance,
    collectionCode: account.customer.collectionCode?.code ?? null,
    alertMessages: account.alerts.map((alert) => alert.text),
    services: everPosted.map(({ code }) => ({
      service: code,
      balance: owed.get(code)?.balance ?? '0.00',
      periods: (owed.get(code)?.periods ?? []).map(({ period, unpaid }) => ({ period, unpaid })),
    })),
    openCredit: account.openCredit,
    certifications: account.certifications,
    deposits: account.deposits,
  }
}

/** An account's transactions, newest first, all unless `limit` (contract.md 3). */
export async function transactionsOf(db: Db, number: string, limit?: number): Promise<TransactionView[]> {
  const found = await accountTransactions(db, number, { limit })
  if (!found) throw new NotFound('account')
  return found.map(({ receipt, method, reference, moved, ...row }) => row)
}

/**
 * At most 50 accounts by number, name, address, phone, parcel, alternate ids, e-mail or meter; by town and zip as well
 * where nothing is found without them. Empty query, no answer.
 */
export async function lookup(db: Db, query: string): Promise<Found[]> {
  const said = query.slice(0, 100)
  const list = await findAccounts(db, said)
  return list.length > 0 ? list : findAccounts(db, said, true)
}

/** As `lookup`, with the customers and the locations that have no account, at most 20. */
export async function lookupAll(db: Db, query: string): Promise<{ list: Found[]; others: Other[] }> {
  const said = query.slice(0, 100)
  const list = await findAccounts(db, said)
  if (isDecided(list, said)) return { list, others: [] }
  const others = await findOthers(db, said)
  if (list.length + others.length > 0) return { list, others }
  return { list: await findAccounts(db, said, true), others: await findOthers(db, said, true) }
}

/** An account's own number was said, or far too little to tell the accounts apart. */
const isDecided = (list: Found[], said: string): boolean =>
  list.length >= MOST_FOUND || list[0]?.accountNumber === said.trim()

/** One transaction of an account whole: header, postings, what its rule used. */
export async function transactionWhole(db: Db, number: string, account: string): Promise<TransactionDetail> {
  const found = await transactionDetail(db, number)
  if (!found || found.account?.number !== account) throw new NotFound('transaction')
  return found
}
