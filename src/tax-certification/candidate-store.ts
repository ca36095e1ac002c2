import { type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { type Bucket, OPEN } from '../ledger/aging.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, stored } from '../ledger/money.ts'
import { setRows } from './set-rows.ts'

export interface Candidate {
  id: number
  number: string
  version: string
  customerId: number
  bankrupt: boolean
  parcelNumber: string | null
  rental: boolean
  ownerId: number | null
  balance: Money
  /** By service id. */
  buckets: Map<number, Bucket[]>
  claims: { serviceId: number; period: Day }[]
  sameYear: { certified: Money; fee: Money }
  /** Utility postings of periods later than the one asked for; zero when none was. */
  since: Money
}

interface Raw extends Omit<Candidate, 'balance' | 'buckets' | 'claims' | 'sameYear' | 'since'> {
  balance: string
  items: string
  claims: string | null
  certified: string
  fee: string
  since: string
}

/**
 * Every account that owes something in any bucket, with all that decides on its certification, by one statement from
 * the open items. `selected` undefined = everyone; `priorTo` asks what was posted in later periods than that one.
 */
export async function candidates(
  db: Db,
  asked: { selected: number[] | undefined; taxYear: number; priorTo: Day | undefined },
): Promise<Candidate[]> {
  const chosen = asked.selected === undefined ? sql`` : sql`where account_id = any(${idList(asked.selected)})`
  const read = asked.selected?.length === 1 ? rows<Raw> : setRows<Raw>
  const found = await read(db, statement(chosen, asked.taxYear, asked.priorTo))
  return found.map(readOne)
}

/** Ids as one parameter, whatever their number. */
export const idList = (ids: number[]): SQL =>
  sql`array(select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`

const statement = (chosen: SQL, taxYear: number, priorTo: Day | undefined): SQL => sql`
  select a.id, a.number, l.version::text, a.customer_id as "customerId", c.bankrupt, n.parcel_number as "parcelNumber", n.rental,
    n.owner_customer_id as "ownerId", o.balance::text, o.items, m.claims, coalesce(y.certified, 0)::text as certified,
    coalesce(y.fee, 0)::text as fee, ${priorTo === undefined ? sql`'0'` : sql`coalesce(s.amount, 0)::text`} as since
  from (select account_id, sum(unpaid) as balance, string_agg(service_id || ':' || aging_period || ':' || unpaid, ',' order by service_id, aging_period) as items
      from ledger.open_item ${chosen} group by account_id having max(unpaid) > 0) o
  join account a on a.id = o.account_id join customer c on c.id = a.customer_id join location n on n.id = a.location_id
  join ledger.account_ledger l on l.account_id = o.account_id
  left join (select account_id, string_agg(service_id || ':' || aging_period, ',') as claims from ledger.certification_claim group by 1) m
    on m.account_id = o.account_id
  left join (select c.account_id, sum(x.certified) as certified, sum(c.fee) as fee from ledger.certification c
      join (select certification_id, sum(certified - paid_before - withdrawn) as certified from ledger.certification_line group by 1) x
        on x.certification_id = c.id
      where c.tax_year = ${taxYear} and c.withdrawn_at is null group by 1) y on y.account_id = o.account_id
  ${
    priorTo === undefined
      ? sql``
      : sql`left join (select account_id, sum(amount) as amount from ledger.posting
      where subledger = 'utility' and period > ${priorTo}::date group by 1) s on s.account_id = o.account_id`
  }
  order by o.account_id`

function readOne(raw: Raw): Candidate {
  return {
    id: raw.id,
    number: raw.number,
    version: raw.version,
    customerId: raw.customerId,
    bankrupt: raw.bankrupt,
    parcelNumber: raw.parcelNumber,
    rental: raw.rental,
    ownerId: raw.ownerId,
    balance: stored(raw.balance),
    buckets: readBuckets(raw.items),
    claims: raw.claims === null ? [] : raw.claims.split(',').map(readClaim),
    sameYear: { certified: stored(raw.certified), fee: stored(raw.fee) },
    since: stored(raw.since),
  }
}

/** Open items as `service:period:unpaid,…` by service. */
export function readBuckets(items: string | null): Map<number, Bucket[]> {
  const buckets = new Map<number, Bucket[]>()
  for (const item of items === null ? [] : items.split(',')) {
    const [service = '', period = '', unpaid = ''] = item.split(':')
    const id = Number(service)
    const list = buckets.get(id) ?? []
    list.push({ period: period === 'infinity' ? OPEN : period, unpaid: stored(unpaid) })
    buckets.set(id, list)
  }
  return buckets
}

function readClaim(claim: string): { serviceId: number; period: Day } {
  const [service = '', period = ''] = claim.split(':')
  return { serviceId: Number(service), period }
}
