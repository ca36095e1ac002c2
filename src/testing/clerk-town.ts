import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import {
  account,
  accountService,
  customer,
  glAccount,
  location,
  paymentAllocation,
  service,
  setting,
} from '../db/tables/index.ts'
import { type Day, monthEnd } from '../ledger/calendar.ts'
import { accountFacts, bucketsOf } from '../ledger/facts.ts'
import { type Money, money, sum, ZERO } from '../ledger/money.ts'
import { chargeService } from '../ledger/open-credit.ts'
import { post } from '../ledger/post.ts'
import type { NewPosting } from '../ledger/transaction.ts'

interface TownService {
  code: string
  name?: string
  kind?: 'metered' | 'flat' | 'penalty' | 'fee'
  certificationPeriods?: number
  subject?: boolean
}

interface TownToMake {
  services?: TownService[]
  settings?: Record<string, string>
  lists?: Partial<Record<'first' | 'second' | 'third' | 'overpayment' | 'exclude', string[]>>
  currentPeriod?: Day
}

const GL = [
  ['1010', 'Cash', 'asset'],
  ['1150', 'Certified to taxes', 'asset'],
  ['2100', 'Open credit', 'liability'],
  ['2200', 'Deposits', 'liability'],
  ['4900', 'Certification fees', 'revenue'],
  ['4950', 'Adjustments', 'revenue'],
] as const

const SETTINGS = {
  name: 'City of Ashford',
  timezone: 'America/Denver',
  cash_gl: '1010',
  certification_receivable_gl: '1150',
  open_credit_gl: '2100',
  deposit_gl: '2200',
  certification_fee_gl: '4900',
  adjustment_gl: '4950',
}

const WATER: TownService = { code: 'WA', name: 'Water', kind: 'metered', subject: true, certificationPeriods: 2 }

/** Sets an empty town up: GL accounts, services in the order given (each with its own receivable and revenue), settings. */
export async function clerkTown(db: Db, town: TownToMake = {}): Promise<void> {
  await db.insert(glAccount).values(GL.map(([number, name, type]) => ({ number, name, type })))
  for (const [at, each] of (town.services ?? [WATER]).entries()) {
    const name = each.name ?? each.code
    const [receivable, revenue] = await db
      .insert(glAccount)
      .values([
        { number: `12${at}0`, name: `Receivable ${name}`, type: 'asset' },
        { number: `41${at}0`, name: `${name} revenue`, type: 'revenue' },
      ])
      .returning()
    await db.insert(service).values({
      code: each.code,
      name,
      kind: each.kind ?? 'flat',
      sort: at + 1,
      subjectToCertification: each.subject ?? false,
      certificationPeriods: each.certificationPeriods ?? 0,
      receivableGl: receivable!.id,
      revenueGl: revenue!.id,
    })
  }
  const settings = { ...SETTINGS, current_period: town.currentPeriod ?? '2011-04-30', ...town.settings }
  await db.insert(setting).values(Object.entries(settings).map(([name, value]) => ({ name, value })))
  await setLists(db, town.lists ?? {})
}

/** Replaces the lists of Organization > Payment Allocation that are named. */
export async function setLists(db: Db, lists: NonNullable<TownToMake['lists']>): Promise<void> {
  const known = await rows<{ code: string; id: number }>(db, sql`select code, id from service`)
  const ids = new Map(known.map((each) => [each.code, each.id]))
  for (const [list, codes] of Object.entries(lists)) {
    await db.execute(sql`delete from payment_allocation where list = ${list}`)
    if (codes.length === 0) continue
    const places = codes.map((code, at) => ({ list, position: at + 1, serviceId: ids.get(code)! }))
    await db.insert(paymentAllocation).values(places)
  }
}

interface AccountToMake {
  number: string
  name?: string
  customer?: Partial<typeof customer.$inferInsert>
  location?: Partial<typeof location.$inferInsert>
  account?: Partial<typeof account.$inferInsert>
  /** Codes of the services it has. */
  services?: string[]
  connectDate?: Day
}

/** A customer, a location and an account of it: customer `100` and location `L100.01` of account `100.01`. */
export async function anAccount(db: Db, made: AccountToMake) {
  const [customerNumber = made.number] = made.number.split('.')
  const known = await one<{ id: number }>(db, sql`select id from customer where number = ${customerNumber}`)
  const person = { number: customerNumber, name: made.name ?? 'Mary Holt', ...made.customer }
  const [owner] = known ? [known] : await db.insert(customer).values(person).returning()
  const place = { number: `L${made.number}`, serviceAddress: '12 Canal St', ...made.location }
  const [where] = await db.insert(location).values(place).returning()
  const status = await one<{ id: number }>(db, sql`select id from account_status where code = 'CURRENT'`)
  const ids = { customerId: owner!.id, locationId: where!.id, accountStatusId: status!.id }
  const [opened] = await db
    .insert(account)
    .values({ number: made.number, ...ids, ...made.account })
    .returning()
  for (const code of made.services ?? ['WA']) {
    const found = await one<{ id: number }>(db, sql`select id from service where code = ${code}`)
    await db
      .insert(accountService)
      .values({ accountId: opened!.id, serviceId: found!.id, connectDate: made.connectDate ?? null })
  }
  return { id: opened!.id, number: made.number, customerId: owner!.id, locationId: where!.id }
}

let charges = 0

interface ChargeOptions {
  type?: 'Bill' | 'Pen' | 'Misc' | 'Int'
  dueDate?: Day
  description?: string
}

/** Posts a charge on each service, as billing would: it ages in its own period and takes up open credit. */
export async function aCharge(
  db: Db,
  number: string,
  date: Day,
  amounts: Record<string, string>,
  options: ChargeOptions = {},
): Promise<string> {
  const facts = await accountFacts(db, number)
  if (!facts) throw new Error(`no account ${number}`)
  const period = monthEnd(date)
  const postings: NewPosting[] = Object.entries(amounts).flatMap(([code, amount]) => {
    const charged = facts.services.find((each) => each.code === code)!
    const credit = sum(bucketsOf(facts, 0).map((bucket) => bucket.unpaid))
    const own = chargeService(code, bucketsOf(facts, charged.id), credit, period, money(amount)).map(
      (line): NewPosting => ({
        gl: facts.gl[line.service === null ? facts.settings.open_credit_gl! : charged.receivableGl!]!,
        book: 'utility',
        service: line.service === null ? 0 : charged.id,
        aging: line.period,
        amount: line.amount,
      }),
    )
    return [...own, { gl: facts.gl[charged.revenueGl!]!, book: 'general', amount: minus(money(amount)) }]
  })
  const { type = 'Bill', dueDate, description = 'Water' } = options
  const header = {
    accountId: facts.id,
    type,
    date,
    period,
    description,
    sourceKey: `test/${number}/${++charges}`,
    dueDate,
  }
  const posted = await post(db, {
    kind: 'bill',
    actor: 0,
    accounts: [{ id: facts.id, version: facts.version }],
    transactions: [{ ...header, postings }],
  })
  return posted.answer.transactionIds[0]!
}

const minus = (amount: Money): Money => ZERO.minus(amount)

/** The example of [000]: four months of water unpaid, balance 273.43, current period 4/30/2011. */
export async function goldenTown(db: Db): Promise<void> {
  await clerkTown(db, { lists: { first: ['WA'], overpayment: ['WA'] } })
  await anAccount(db, {
    number: '100.01',
    customer: { addressLine1: '12 Canal St', city: 'Ashford', state: 'UT', zip: '84000', phone: '801-555-0142' },
    location: { number: '10', city: 'Ashford', state: 'UT', zip: '84000', parcelNumber: '07-114-0012' },
    connectDate: '2010-12-01',
  })
  await aCharge(db, '100.01', '2010-12-31', { WA: '68.27' })
  await aCharge(db, '100.01', '2011-01-31', { WA: '70.51' })
  await aCharge(db, '100.01', '2011-02-28', { WA: '65.77' })
  await aCharge(db, '100.01', '2011-03-31', { WA: '68.88' })
}
