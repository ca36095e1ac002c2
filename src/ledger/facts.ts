import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import type { BucketKey } from './book.ts'
import type { Day } from './calendar.ts'
import { DUE_DAYS } from './due.ts'
import { type Money, money } from './money.ts'
import type { GlSetting } from './other-side.ts'
import { toBucket } from './transaction.ts'

export interface ServiceFacts {
  id: number
  code: string
  name: string
  sort: number
  active: boolean
  receivableGl: string | null
  revenueGl: string | null
  /** On the account: since when and until when; undefined = the account does not have it. */
  onAccount: { connectDate: Day | null; disconnectDate: Day | null } | null
}

export interface MethodFacts {
  code: string
  name: string
  kind: string
  gl: string | null
  active: boolean
  referenceRequired: boolean
}

/** Everything that a rule about one account's money asks, from one statement, with the version it was read at. */
export interface AccountFacts {
  id: number
  number: string
  version: string
  customerId: number
  customerNumber: string
  customerName: string
  doNotAcceptPayments: boolean
  /** Codes of payment methods that are refused for this customer. */
  disallowedPayMethods: string[]
  collectionCode: { code: string; name: string; displayWarning: boolean } | null
  dueDays: number
  services: ServiceFacts[]
  buckets: { serviceId: number; period: BucketKey; unpaid: Money }[]
  certified: { taxYear: number; balance: Money }[]
  periods: Day[]
  closed: Day[]
  settings: Partial<Record<GlSetting, string>> & Record<string, string>
  /** GL number → id. */
  gl: Record<string, number>
  methods: MethodFacts[]
}

/** What is the same for all accounts of the town. */
type TownFacts = Pick<AccountFacts, 'periods' | 'closed' | 'settings' | 'gl' | 'methods'>

type Raw = Omit<AccountFacts, 'buckets' | 'certified' | keyof TownFacts> & {
  buckets: { serviceId: number; period: string; unpaid: string }[]
  certified: { taxYear: number; balance: string }[]
}

/** The facts of one account by its number, or undefined when there is none that this pool may see. */
export async function accountFacts(db: Db, number: string): Promise<AccountFacts | undefined> {
  return (await factsOf(db, [number])).get(number)
}

/** The same of several accounts, by their numbers, from one statement; those that this pool may not see are left out. */
export async function factsOf(db: Db, numbers: readonly string[]): Promise<Map<string, AccountFacts>> {
  if (numbers.length === 0) return new Map()
  const row = await one<{ town: TownFacts; accounts: Raw[] }>(
    db,
    sql`select ${TOWN} as town, coalesce(${ACCOUNTS(numbers)}, '[]') as accounts`,
  )
  return new Map(row?.accounts.map((raw) => [raw.number, { ...readOf(raw), ...row.town }]))
}

const readOf = ({ buckets, certified, ...rest }: Raw) => ({
  ...rest,
  buckets: buckets.map((b) => ({ serviceId: b.serviceId, period: toBucket(b.period), unpaid: money(b.unpaid) })),
  certified: certified.map((c) => ({ taxYear: c.taxYear, balance: money(c.balance) })),
})

const TOWN = sql`jsonb_build_object(
    'periods', (select coalesce(jsonb_agg(end_date order by end_date), '[]') from ledger.period where end_date <> 'infinity'),
    'closed', (select coalesce(jsonb_agg(end_date order by end_date), '[]') from ledger.period where end_date <> 'infinity' and closed_at is not null),
    'settings', (select coalesce(jsonb_object_agg(name, value), '{}') from setting),
    'gl', (select coalesce(jsonb_object_agg(number, id), '{}') from gl_account),
    'methods', (select jsonb_agg(jsonb_build_object('code', m.code, 'name', m.name, 'kind', m.kind, 'gl', g.number, 'active', m.active,
      'referenceRequired', m.reference_required) order by m.id) from payment_method m left join gl_account g on g.id = m.gl_id))`

const ACCOUNTS = (numbers: readonly string[]) => sql`(
  select jsonb_agg(jsonb_build_object(
    'id', a.id, 'number', a.number, 'version', l.version::text, 'customerId', c.id, 'customerNumber', c.number,
    'customerName', c.name, 'doNotAcceptPayments', c.do_not_accept_payments,
    'disallowedPayMethods', c.disallowed_pay_methods,
    'collectionCode', (select jsonb_build_object('code', k.code, 'name', k.name, 'displayWarning', k.display_warning)
      from collection_code k where k.id = c.collection_code_id),
    'dueDays', ${DUE_DAYS},
    'services', (select jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name, 'sort', s.sort, 'active', s.active,
        'receivableGl', r.number, 'revenueGl', v.number, 'onAccount', (select jsonb_build_object('connectDate', x.connect_date,
          'disconnectDate', x.disconnect_date) from account_service x where x.account_id = a.id and x.service_id = s.id)) order by s.sort, s.code)
      from service s left join gl_account r on r.id = s.receivable_gl left join gl_account v on v.id = s.revenue_gl where s.id <> 0),
    'buckets', coalesce((select jsonb_agg(jsonb_build_object('serviceId', o.service_id, 'period', o.aging_period, 'unpaid', o.unpaid::text)
      order by o.service_id, o.aging_period) from ledger.open_item o where o.account_id = a.id), '[]'),
    'certified', coalesce((select jsonb_agg(jsonb_build_object('taxYear', b.tax_year, 'balance', b.balance::text) order by b.tax_year)
      from ledger.certified_balance b where b.account_id = a.id), '[]')))
  from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id
  join ledger.account_ledger l on l.account_id = a.id left join cycle y on y.id = n.cycle_id
  where a.number in ${numbers})`

/** A service's buckets out of an account's. */
export const bucketsOf = (facts: Pick<AccountFacts, 'buckets'>, serviceId: number) =>
  facts.buckets.filter((bucket) => bucket.serviceId === serviceId)
