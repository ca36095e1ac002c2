import { type SQL, sql } from 'drizzle-orm'
import { unfinishedPlan } from '../arrangements/plans.ts'
import { ask, type Compiled, compiled, type Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { ACCOUNT, accountTables } from './head.ts'
import type { Marks, ReadMarks } from './marks.ts'

/** A service of the account or with something unpaid. Amounts as text; `periods` newest first. */
export interface ServiceRow {
  id: number
  code: string
  name: string
  active: boolean
  subject: boolean
  certificationPeriods: number
  onAccount: boolean
  balance: string
  credit: string
  pastDue: string
  periods: { period: Day; unpaid: string; due: Day }[]
}

export interface CertificationRow {
  taxYear: number
  balance: string
  certified: string
  fee: string
  notUpdated: string
}

/** Everything that the top of an account's page shows and its JSON says, read in one statement (a payment plan, where there is one, in a second). */
export interface AccountRow {
  id: number
  number: string
  activityStatus: string
  accountStatus: { code: string; name: string; since: Day | null }
  connectDate: Day | null
  disconnectDate: Day | null
  customer: {
    id: number
    number: string
    name: string
    kind: string
    public: boolean
    active: boolean
    bankrupt: boolean
    doNotAcceptPayments: boolean
    type: string | null
    address: string | null
    town: string
    phone: string | null
    email: string | null
    emailNotices: boolean
    badDebt: boolean
    sentToCollections: boolean
    budgetBilling: boolean
    webUser: boolean
    collectionCode: { code: string; name: string; displayWarning: boolean } | null
  }
  location: {
    id: number
    number: string
    serviceAddress: string
    town: string
    onLien: boolean
    cycle: string | null
    route: string | null
    revenueClass: string | null
    description: string | null
    parcelNumber: string | null
    rental: boolean
    /** Of a rental; null also for one who may not be seen. */
    owner: { number: string; name: string } | null
    /** A rental has an owner, seen or not; without one the customer is taken to be the owner. */
    ownerSet: boolean
    outOfTown: boolean
  }
  dueDays: number
  currentPeriod: Day
  services: ServiceRow[]
  balance: string
  pastDue: string
  openCredit: string
  customerBalance: string
  locationBalance: string
  certifications: CertificationRow[]
  deposits: string
  alerts: { id: number; text: string; since: Day; by: string }[]
  lastBill: { date: Day; due: Day; amount: string } | null
  lastPayment: { date: Day; amount: string } | null
  nsf12: number
  late12: number
  grace: Day | null
  marks: Marks
  previous: string | null
  next: string | null
}

export interface AsOf {
  today: Day
  /** A day whose state is asked for, inclusive; absent = now. */
  asOf?: Day | undefined
}

/**
 * The account and, in the same round trip, whatever a tab wants besides: `more` is an SQL expression giving json, with
 * the account in `a`, its buckets in `own`. Undefined when this pool may not see such an account.
 */
export async function accountRow<T>(
  db: Db,
  number: string,
  when: AsOf,
  more: SQL = sql`null`,
): Promise<{ account: AccountRow; more: T } | undefined> {
  const [row] = await ask<object>(db, accountStatement(db, when, more), accountValues(number, when))
  return accountOf(db, row, when)
}

/** The values of the statement's placeholders. */
export const accountValues = (number: string, { today, asOf }: AsOf) => ({ number, today, asOf })

/** What the statement's row says; undefined where it found no account. */
export async function accountOf<T>(
  db: Db,
  row: object | undefined,
  when: AsOf,
): Promise<{ account: AccountRow; more: T } | undefined> {
  const { account, more } = (row ?? {}) as { account?: ReadAccount | null; more: T }
  return account ? { account: await withPlan(db, account, when.asOf ?? when.today), more } : undefined
}

type ReadAccount = Omit<AccountRow, 'marks'> & { marks: ReadMarks }

async function withPlan(db: Db, account: ReadAccount, day: Day): Promise<AccountRow> {
  const arrangement = account.marks.arrangement ? ((await unfinishedPlan(db, account.id, day)) ?? null) : null
  return Object.assign(account, { marks: Object.assign(account.marks, { arrangement }) })
}

/** The statement of `accountRow` by itself, for those who ask the same `more` of many accounts. */
export function accountStatement(db: Db, when: AsOf, more: SQL): Compiled {
  const head = headOf(db, when)
  const tail = compiled(db, more, head.params.length)
  return { text: `${head.text}${tail.text} as more from a`, params: [...head.params, ...tail.params] }
}

const heads = new Map<boolean, Compiled>()

/** The statement up to `more`, one for now and one for a day: every page asks it, and to build it costs more than a page's checks. */
function headOf(db: Db, { asOf }: AsOf): Compiled {
  const now = asOf === undefined
  let head = heads.get(now)
  if (!head) {
    const when = { today: sql.placeholder('today'), asOf: now ? undefined : sql.placeholder('asOf') }
    head = compiled(db, sql`with ${accountTables(when)} select ${ACCOUNT(when)} as account, `)
    heads.set(now, head)
  }
  return head
}
